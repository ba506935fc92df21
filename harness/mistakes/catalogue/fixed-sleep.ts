import type { Mistake } from "../mistake.ts";
import { exited } from "../signs/process.ts";
import { says } from "../signs/words.ts";
import { fails, passes, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-client"],
  title: { en: "Sleeps instead of waiting for the reply", id: "Memakai sleep, bukan menunggu balasan" },
  explanation: {
    en: "The client waits for a fixed time and takes whatever is there. On your own computer the reply is always quick; over a real network it comes later, and the client has already gone. recv() waits exactly as long as it takes.",
    id: "Klien menunggu selama waktu tertentu lalu mengambil yang ada. Di komputer sendiri balasan selalu cepat; lewat jaringan sungguhan balasan datang lebih lambat, dan klien sudah pergi. recv() menunggu tepat selama yang diperlukan.",
  },
  lookUp: {
    en: "recv on the lecture's slides: it waits by itself; Python socket docs, recv() and settimeout(); Node net docs, the 'data' event instead of setTimeout().",
    id: "recv pada slide kuliah: ia menunggu dengan sendirinya; dokumentasi socket Python, recv() dan settimeout(); dokumentasi net Node, event 'data' sebagai pengganti setTimeout().",
  },
  wrong: {
    python: `s.sendall(message)
time.sleep(0.2)               # the reply may take longer
s.setblocking(False)
data = s.recv(65535)`,
    typescript: `socket.write(message);
setTimeout(() => socket.destroy(), 200); // the reply may take longer`,
  },
  repair: {
    python: `s.sendall(message)
# recv() waits until something has come: no time.sleep()
reply = b""
while len(reply) < len(message) and (data := s.recv(65535)):
    reply += data
print(reply.decode())`,
    typescript: `socket.write(message);
let reply = Buffer.alloc(0);
// called whenever something has come: no setTimeout()
socket.on("data", (data) => {
  reply = Buffer.concat([reply, data]);
  if (reply.length < message.length) return;
  console.log(reply.toString());
  socket.end();
});`,
  },
  diagnose(symptoms) {
    const late = showing(symptoms, () => true, ["waits-for-a-late-server"]);
    if (late.length === 0 || !passes(symptoms, "reads-the-reply")) return undefined;
    // A time limit that is too short is another matter.
    if (fails(symptoms, "waits-for-a-late-server", says(/timed? ?-?out/i))) return undefined;
    return suspect(0.92, [...late, ...showing(symptoms, exited, ["reads-a-fragmented-reply"])]);
  },
};
