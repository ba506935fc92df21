import { neverRested } from "../../checks/cpu.ts";
import { findsNothingToDo } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { busySinceTheEnd } from "../signs/waits.ts";
import { fails, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "udp-server"],
  title: { en: "Asks again and again instead of waiting", id: "Bertanya terus-menerus, bukan menunggu" },
  explanation: {
    en: "While nobody says anything, the program keeps one processor fully busy: it asks in a loop without any pause whether something has arrived. Waiting is the operating system's work: accept(), recv() and select() sleep until there is something to do.",
    id: "Saat tidak ada yang berbicara, program membuat satu prosesor sibuk penuh: dalam loop tanpa jeda ia bertanya apakah ada data yang tiba. Menunggu adalah tugas sistem operasi: accept(), recv(), dan select() tidur sampai ada pekerjaan.",
  },
  lookUp: {
    en: "accept and recv in the lecture's example, which wait by themselves; Python docs, setblocking(), select and selectors; Node docs, events instead of setImmediate loops.",
    id: "accept dan recv pada contoh kuliah, yang menunggu dengan sendirinya; dokumentasi Python, setblocking(), select, dan selectors; dokumentasi Node, pakai event dan bukan loop setImmediate.",
  },
  wrong: {
    python: `s.setblocking(False)
while True:
    try:
        client_sock, client_addr = s.accept()
    except BlockingIOError:
        pass                  # and at once again`,
    typescript: `const poll = (): void => {
  const data = socket.read();
  if (data) socket.write(data);
  setImmediate(poll); // and at once again
};`,
  },
  repair: {
    python: `while True:
    # sleeps until somebody speaks
    ready, _, _ = select.select(sockets, [], [])
    for sock in ready:
        handle(sock)`,
    typescript: `// Node calls this when something has come
socket.on("data", (data) => socket.write(data));`,
  },
  inUdp: {
    explanation: {
      en: "While nobody says anything, the program keeps one processor fully busy: it asks in a loop without any pause whether something has arrived. Waiting is the operating system's work: recvfrom() and select() sleep until a datagram comes.",
      id: "Saat tidak ada yang berbicara, program membuat satu prosesor sibuk penuh: dalam loop tanpa jeda ia bertanya apakah ada data yang tiba. Menunggu adalah tugas sistem operasi: recvfrom() dan select() tidur sampai ada datagram.",
    },
    lookUp: {
      en: "Python docs, recvfrom(), which waits by itself, setblocking(), select and selectors; Node docs, dgram, the event 'message' instead of setImmediate loops.",
      id: "Dokumentasi Python, recvfrom(), yang menunggu dengan sendirinya, setblocking(), select, dan selectors; dokumentasi dgram Node, pakai event 'message' dan bukan loop setImmediate.",
    },
    wrong: {
      python: `s.setblocking(False)
while True:
    try:
        data, address = s.recvfrom(65535)
    except BlockingIOError:
        continue              # and at once again
    s.sendto(data, address)`,
      typescript: `const poll = (): void => {
  const next = waiting.shift();
  if (next) server.send(next.data, next.port, next.address);
  setImmediate(poll); // and at once again
};`,
    },
    repair: {
      python: `while True:
    # sleeps until a datagram comes
    data, address = s.recvfrom(65535)
    s.sendto(data, address)`,
      typescript: `// Node calls this when something has come
server.on("message", (data, client) => {
  server.send(data, client.port, client.address);
});`,
    },
  },
  fault: findsNothingToDo,
  diagnose(symptoms) {
    // A client that left before may have set off another loop; a fresh process tells them apart.
    if (fails(symptoms, "rests-when-idle", busySinceTheEnd)) return undefined;
    return suspect(0.95, showing(symptoms, neverRested, ["rests-when-idle"]));
  },
};
