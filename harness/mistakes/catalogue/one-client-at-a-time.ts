import { isAnsweredAfterEndOf } from "../../checks/echo.ts";
import { exchanges } from "../exchange.ts";
import { either, receives, waitsToReceive } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { exitedEarly } from "../signs/process.ts";
import { servesTogether } from "../signs/server.ts";
import { anyExchange, both, not, type Sign } from "../signs/sign.ts";
import { anywhere, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Serves one client at a time", id: "Melayani satu klien pada satu waktu" },
  explanation: {
    en: "While one client is connected, even one that says nothing, the program does not come back to accept(). Everybody else waits for that client to leave. listen(10) does not help: it only says how many may wait. A thread for each client, select, or asyncio lets the server attend to all of them.",
    id: "Selama satu klien terhubung, bahkan yang diam saja, program tidak kembali ke accept(). Klien lain harus menunggu sampai klien itu pergi. listen(10) tidak membantu: angka itu hanya menyatakan berapa yang boleh mengantre. Satu thread per klien, select, atau asyncio membuat server bisa memperhatikan semuanya.",
  },
  lookUp: {
    en: '"Klien 1, Klien 2, Klien 3" on the lecture\'s slides, each with its "socket klien di sisi server"; Python docs, threading, selectors and asyncio streams; in Node do not stop the event loop with a waiting loop.',
    id: '"Klien 1, Klien 2, Klien 3" pada slide kuliah, masing-masing dengan "socket klien di sisi server"; dokumentasi Python, threading, selectors, dan asyncio streams; di Node jangan menahan event loop dengan loop yang menunggu.',
  },
  wrong: {
    python: `while True:
    client_sock, client_addr = s.accept()
    serve(client_sock)        # the next client waits until this one leaves`,
    typescript: `const server = createServer((socket) => queue.push(socket));
const next = (): void => {
  const socket = queue.shift();
  // the next client waits until this one leaves
  socket?.pipe(socket).on("close", next);
};`,
  },
  repair: {
    python: `while True:
    client_sock, client_addr = s.accept()
    worker = threading.Thread(target=serve, args=[client_sock], daemon=True)
    worker.start()            # no join() here: go back to accept()`,
    typescript: `const server = createServer((socket) => {
  // every client has its own socket
  socket.on("data", (data) => socket.write(data));
  socket.on("error", (error) => console.error(error.message));
});`,
  },
  fault: either(waitsToReceive, receives),
  diagnose(symptoms) {
    const queued = anyExchange(({ connected, receivedBytes, sentBytes, accepted, end }, transcript) => {
      const earlier = exchanges(transcript).some((other) => other.accepted === true);
      return connected && sentBytes > 0 && receivedBytes === 0 && end === undefined && accepted === false && earlier;
    });
    const waiting = anyExchange(
      ({ peer, receivedBytes, end }) => peer === "B" && receivedBytes === 0 && end === undefined,
    );
    const relieved: Sign = (transcript) => isAnsweredAfterEndOf(transcript, "A", "B");
    const explains = [
      ...showing(symptoms, both(queued, not(exitedEarly))),
      ...showing(symptoms, relieved, ["does-not-wait-for-a-silent-client"]),
    ];
    const together = anywhere(symptoms, servesTogether);
    if (explains.length > 0) return suspect(together ? 0.6 : 0.95, explains);
    return suspect(0.6, showing(symptoms, both(waiting, not(exitedEarly)), ["does-not-wait-for-a-silent-client"]));
  },
};
