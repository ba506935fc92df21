import { isFromAnother } from "../exchange.ts";
import { sendsToOthers } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { anyExchange, anywhere, both, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Sends one client's bytes to all", id: "Mengirim byte satu klien ke semua klien" },
  explanation: {
    en: "A client received bytes that another one had sent. That is a chat room; an echo server answers on the same connection on which the bytes came, and on no other.",
    id: "Sebuah klien menerima byte yang dikirim klien lain. Itu ruang obrolan (chat); server echo menjawab hanya di koneksi tempat byte itu datang.",
  },
  lookUp: {
    en: '"Socket klien di sisi server: satu socket per koneksi" on the lecture\'s slides: send on the socket that recv() was called on; RFC 862.',
    id: '"Socket klien di sisi server: satu socket per koneksi" pada slide kuliah: kirim lewat socket yang sama dengan recv(); RFC 862.',
  },
  wrong: {
    python: `data = client_sock.recv(65535)
for other in clients:
    other.sendall(data)`,
    typescript: `socket.on("data", (data) => {
  for (const other of clients) other.write(data);
});`,
  },
  repair: {
    python: `def serve(client_sock):
    while data := client_sock.recv(65535):
        # the same socket, no loop over all clients
        client_sock.sendall(data)`,
    typescript: `const server = createServer((socket) => {
  // the same socket, no loop over all clients
  socket.on("data", (data) => socket.write(data));
});`,
  },
  fault: sendsToOthers,
  diagnose(symptoms) {
    const crossed = anyExchange(
      ({ peer, sent, received }, transcript) =>
        received.length > sent.length && isFromAnother(transcript, peer, received),
    );
    const missing = anyExchange(({ sent, received }) => received.length < sent.length);
    const shared = anywhere(symptoms, both(crossed, missing));
    return suspect(shared ? 0.6 : 0.95, showing(symptoms, crossed));
  },
};
