import { isFromAnother, type Turn } from "../exchange.ts";
import { sendsToOthers } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { collectsDatagrams, goesAstray } from "../signs/server.ts";
import { anyExchange, both, not } from "../signs/sign.ts";
import { anywhere, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "udp-server"],
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
  inUdp: {
    explanation: {
      en: "A client received bytes that another one had sent. That is a chat room; an echo server answers the address that recvfrom() gave with the datagram, and no other.",
      id: "Sebuah klien menerima byte yang dikirim klien lain. Itu ruang obrolan (chat); server echo menjawab hanya ke alamat yang diberikan recvfrom() bersama datagram itu.",
    },
    lookUp: {
      en: "Klien 1, Klien 2, Klien 3 on the lecture's slides, each with a port of its own; Python socket docs, recvfrom(), which returns (data, address); Node docs, dgram, the event 'message' and its rinfo.",
      id: "Klien 1, Klien 2, Klien 3 pada slide kuliah, masing-masing dengan port sendiri; dokumentasi socket Python, recvfrom(), yang mengembalikan (data, address); dokumentasi Node, dgram, event 'message' dan rinfo-nya.",
    },
    wrong: {
      python: `data, address = s.recvfrom(65535)
clients.add(address)
for other in clients:
    s.sendto(data, other)`,
      typescript: `server.on("message", (data) => {
  for (const { port, address } of clients) server.send(data, port, address);
});`,
    },
    repair: {
      python: `data, address = s.recvfrom(65535)
# the sender of this datagram, no loop over all clients
s.sendto(data, address)`,
      typescript: `server.on("message", (data, client) => {
  // the sender of this datagram, no loop over all clients
  server.send(data, client.port, client.address);
});`,
    },
  },
  fault: sendsToOthers,
  diagnose(symptoms) {
    if (anywhere(symptoms, collectsDatagrams)) return undefined;
    const crossed = anyExchange(
      ({ peer, sent, received, turns }, transcript) =>
        received.length > sent.length && isFromAnother(transcript, peer, received) && !turns.every(endsInItsOwn),
    );
    const missing = anyExchange(({ sent, received }) => received.length < sent.length);
    const shared = anywhere(symptoms, both(crossed, missing));
    return suspect(shared ? 0.6 : 0.95, showing(symptoms, both(crossed, not(goesAstray))));
  },
};

/** What others had said stands before the answer, and nothing behind it: it was kept, and not sent to all. */
function endsInItsOwn({ sent, received }: Turn): boolean {
  return received.length === 0 || (sent.length > 0 && received.subarray(-sent.length).equals(sent));
}
