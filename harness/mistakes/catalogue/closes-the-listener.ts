import { all } from "../../checks/reading.ts";
import { closesListener } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { exited } from "../signs/process.ts";
import { both, not, type Sign } from "../signs/sign.ts";
import { complains } from "../signs/words.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Closes the listening socket", id: "Menutup socket yang melakukan listen" },
  explanation: {
    en: "A server has two kinds of sockets: the one that listens, and one for every client that accept() gives. The program closes the first where the second was meant. From then on nobody can connect any more, and the next accept() fails.",
    id: "Server memiliki dua macam socket: satu yang melakukan listen, dan satu untuk setiap klien yang diberikan oleh accept(). Program menutup yang pertama padahal yang dimaksud yang kedua. Sejak itu tidak ada lagi yang bisa terhubung, dan accept() berikutnya gagal.",
  },
  lookUp: {
    en: '"Socket klien di sisi server" on the lecture\'s slides, and the names s and client_sock in its example; Python socket docs, accept(); Node net docs, server.close() and socket.end().',
    id: '"Socket klien di sisi server" pada slide kuliah, dan nama s serta client_sock pada contohnya; dokumentasi socket Python, accept(); dokumentasi net Node, server.close() dan socket.end().',
  },
  wrong: {
    python: `while True:
    client_sock, client_addr = s.accept()
    data = client_sock.recv(65535)
    client_sock.sendall(data)
    s.close()`,
    typescript: `const server = createServer((socket) => {
  socket.once("data", (data) => socket.end(data));
  server.close();
});`,
  },
  repair: {
    python: `while True:
    client_sock, client_addr = s.accept()
    data = client_sock.recv(65535)
    client_sock.sendall(data)
    client_sock.close()       # the client's socket, not s`,
    typescript: `const server = createServer((socket) => {
  // ends this client, not the server
  socket.once("data", (data) => socket.end(data));
  socket.on("error", (error) => console.error(error.message));
});`,
  },
  fault: closesListener,
  diagnose(symptoms) {
    const refused: Sign = (transcript) => all(transcript, "not-connected").some(({ code }) => code === "ECONNREFUSED");
    const alive = both(refused, not(exited));
    const inAnotherCall = both(complains(/^Traceback/m), not(complains(/self\._accept\(\)/)));
    const failing = both(
      exited,
      complains(/Bad file descriptor|ERR_SERVER_NOT_RUNNING|\[WinError 10038\]|OSError: \[Errno 22\]/),
      not(inAnotherCall),
    );
    const later = showing(symptoms, alive).filter((id) => ![...REFUSED_BEFORE, ...AT_THE_END].includes(id));
    // Whoever never came to listen has no listener to close, unless accept() finds it closed.
    const closed = both(failing, complains(/\[Errno 9\]/));
    const broken = [
      ...showing(symptoms, failing).filter((id) => ![START, ...AT_THE_END].includes(id)),
      ...showing(symptoms, closed, ["starts-listening"]),
    ];
    return suspect(0.95, [...new Set([...later, ...broken])]);
  },
};

const START = "tcp-server/starts-listening";
/** At Ctrl-C it is right to close it. */
const AT_THE_END = ["tcp-server/stops-on-sigint", "tcp-server/stops-with-a-client-connected"];
/** Whom a listener refuses that is still there: it listens at another address. */
const REFUSED_BEFORE = ["says-nothing-first", "answers-on-ipv6", "answers-another-host"].map(
  (name) => `tcp-server/${name}`,
);
