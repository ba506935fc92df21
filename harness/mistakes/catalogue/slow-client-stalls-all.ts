import { either, waitsToReceive, waitsToSend } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { exited } from "../signs/process.ts";
import { servesTogether } from "../signs/server.ts";
import { anyExchange, both, not } from "../signs/sign.ts";
import { ACCEPTING, RECEIVING, waitsIn } from "../signs/waits.ts";
import { anywhere, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "One slow client keeps all others waiting", id: "Satu klien lambat menahan semua klien lain" },
  explanation: {
    en: "The server can hold several clients, but once it has turned to one it stays with it until that client has said its whole message. A client that connects and says nothing, or pauses in the middle, then stops the service for all. After select() has named a socket, do one recv() on it and go back to select().",
    id: "Server bisa menangani beberapa klien, tetapi begitu menghadapi satu klien, ia terus bersamanya sampai pesan klien itu lengkap. Klien yang terhubung tetapi diam, atau berhenti di tengah jalan, lalu menghentikan layanan untuk semua. Setelah select() menyebut sebuah socket, lakukan satu recv() saja, lalu kembali ke select().",
  },
  lookUp: {
    en: '"Klien 1, Klien 2, Klien 3" on the lecture\'s slides; Python docs, select and selectors, with the example of a non-blocking echo server; Node docs, "Don\'t block the event loop".',
    id: '"Klien 1, Klien 2, Klien 3" pada slide kuliah; dokumentasi Python, select dan selectors, dengan contoh server echo non-blocking; dokumentasi Node, "Don\'t block the event loop".',
  },
  wrong: {
    python: `for sock in ready:
    # the others wait until this one has finished
    while data := sock.recv(4096):
        sock.sendall(data)`,
    typescript: `socket.on("data", (data) => {
  const end = Date.now() + 500;
  while (Date.now() < end); // every other client waits, too
  socket.write(data);
});`,
  },
  repair: {
    python: `for sock in ready:
    if sock is not server:
        data = sock.recv(4096)        # once, then back to select()
        if data:
            sock.sendall(data)
        else:
            sockets.remove(sock)
            sock.close()`,
    typescript: `socket.on("data", (data) => {
  // answer this piece and return to the event loop at once
  socket.write(data);
});`,
  },
  fault: either(waitsToSend, waitsToReceive),
  diagnose(symptoms) {
    const waiting = anyExchange(
      ({ connected, receivedBytes, sentBytes, end }) => connected && sentBytes > receivedBytes && end === undefined,
    );
    const stands = both(waiting, waitsIn(RECEIVING), not(waitsIn(ACCEPTING)), not(exited));
    const names = ["does-not-wait-for-a-silent-client", "serves-many-clients", "survives-a-slow-client"];
    return anywhere(symptoms, servesTogether) ? suspect(0.92, showing(symptoms, stands, names)) : undefined;
  },
};
