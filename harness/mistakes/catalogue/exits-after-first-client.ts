import { exchanges } from "../exchange.ts";
import { accepts, closesListener, either } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { crashed, exited, exitedEarly, exitedWithZero } from "../signs/process.ts";
import { both, not, type Sign } from "../signs/sign.ts";
import { complains } from "../signs/words.ts";
import { fails, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "udp-server"],
  title: { en: "Ends after the first clients", id: "Berhenti setelah melayani klien pertama" },
  explanation: {
    en: "The server serves a client (or a fixed number of them) and then the program is over. Whoever connects next is refused. A server runs until somebody stops it: accept() belongs in an endless loop, and only the client's own socket is closed after each conversation.",
    id: "Server melayani satu klien (atau sejumlah tertentu), lalu programnya selesai. Klien berikutnya ditolak. Server berjalan sampai ada yang menghentikannya: accept() harus berada di dalam loop tanpa akhir, dan setelah setiap percakapan hanya socket klien itu yang ditutup.",
  },
  lookUp: {
    en: "`while True:` around s.accept() in the lecture's full server example; the difference between the server's socket and the \"socket klien di sisi server\"; Python socket docs, accept(); Node net docs, server.close().",
    id: '`while True:` di sekitar s.accept() pada contoh lengkap server di kuliah; beda socket server dan "socket klien di sisi server"; dokumentasi socket Python, accept(); dokumentasi net Node, server.close().',
  },
  wrong: {
    python: `client_sock, client_addr = s.accept()
while data := client_sock.recv(65535):
    client_sock.sendall(data)
s.close()`,
    typescript: `const server = createServer((socket) => {
  socket.on("data", (data) => socket.write(data));
  socket.on("close", () => server.close());
});`,
  },
  repair: {
    python: `while True:                   # for every client, not for one
    client_sock, client_addr = s.accept()
    with client_sock:
        while data := client_sock.recv(65535):
            client_sock.sendall(data)`,
    typescript: `const server = createServer((socket) => {
  socket.on("data", (data) => socket.write(data));
  // no server.close() here
  socket.on("close", () => console.log("client left"));
});`,
  },
  inUdp: {
    explanation: {
      en: "The server answers a client (or a fixed number of datagrams) and then the program is over. What is sent to it after that meets nobody. A server runs until somebody stops it: recvfrom() and sendto() belong in an endless loop.",
      id: "Server membalas satu klien (atau sejumlah datagram tertentu), lalu programnya selesai. Datagram berikutnya tidak menemukan siapa pun. Server berjalan sampai ada yang menghentikannya: recvfrom() dan sendto() harus berada di dalam loop tanpa akhir.",
    },
    lookUp: {
      en: "`while True:` in the lecture's full server example; Python socket docs, recvfrom(); Node docs, dgram, socket.close() and socket.once().",
      id: "`while True:` pada contoh lengkap server di kuliah; dokumentasi socket Python, recvfrom(); dokumentasi dgram Node, socket.close() dan socket.once().",
    },
    wrong: {
      python: `data, address = s.recvfrom(65535)
s.sendto(data, address)
s.close()`,
      typescript: `server.on("message", (data, client) => {
  server.send(data, client.port, client.address, () => server.close());
});`,
    },
    repair: {
      python: `while True:                   # for every client, not for one
    data, address = s.recvfrom(65535)
    s.sendto(data, address)`,
      typescript: `server.on("message", (data, client) => {
  // no server.close() here
  server.send(data, client.port, client.address);
});`,
    },
  },
  // In Node the server lives until it is closed; in Python until nobody accepts any more.
  fault: (run) => (run.file.endsWith(".py") ? accepts(run) : either(closesListener, accepts)(run)),
  diagnose(symptoms) {
    const quiet = not(
      complains(
        /Bad file descriptor|Invalid argument|ERR_SERVER_NOT_RUNNING|Unhandled 'error'|^(?!.*Deprecat)[\w.]*(Error|Exception)\b/m,
      ),
    );
    const isOver = both(exited, quiet);
    const next = showing(symptoms, isOver, [
      "accepts-the-next-client",
      "closes-after-its-echo",
      "serves-many-clients",
      "answers-the-right-client",
    ]);
    if (next.length === 0) return undefined;
    const calm = ["accepts-the-next-client", "answers-the-right-client"].some((name) =>
      fails(symptoms, name, both(exitedWithZero, quiet)),
    );
    const afterwards = showing(symptoms, both(isOver, not(crashed), not(leftTheFirst)));
    return suspect(calm ? 0.95 : 0.75, [...new Set([...next, ...afterwards])]);
  },
};

/** It ended while it had but one client, who had not left: it did not end because that one was served. */
const leftTheFirst: Sign = (transcript) => exitedEarly(transcript) && exchanges(transcript).length === 1;
