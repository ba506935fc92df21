import { sends } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["udp-server"],
  title: { en: "Replies from a new socket", id: "Membalas dari socket yang baru" },
  explanation: {
    en: "The server receives on one socket and replies from another one, which has a port of its own. The client sent its datagram to port 5000 and waits for a reply from there; what comes from another port may be from anybody, and firewalls and connected sockets drop it. With UDP one socket serves all clients: sendto() from the socket that received.",
    id: "Server menerima di satu socket dan membalas dari socket lain, yang memiliki port sendiri. Klien mengirim datagramnya ke port 5000 dan menunggu balasan dari sana; yang datang dari port lain bisa berasal dari siapa saja, dan dibuang oleh firewall serta socket yang di-connect. Pada UDP satu socket melayani semua klien: panggil sendto() pada socket yang menerima.",
  },
  lookUp: {
    en: '"satu socket per koneksi" on the lecture\'s slides is about TCP; UDP has no connections. Python socket docs, recvfrom() and sendto(); Node docs, dgram; RFC 768.',
    id: '"satu socket per koneksi" pada slide kuliah berlaku untuk TCP; UDP tidak memiliki koneksi. Dokumentasi socket Python, recvfrom() dan sendto(); dokumentasi Node, dgram; RFC 768.',
  },
  wrong: {
    python: `data, address = s.recvfrom(65535)
reply = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
reply.sendto(data, address)   # from another port`,
    typescript: `server.on("message", (data, client) => {
  // from another port
  createSocket("udp4").send(data, client.port, client.address);
});`,
  },
  repair: {
    python: `data, address = s.recvfrom(65535)
s.sendto(data, address)       # the same socket, no new one`,
    typescript: `server.on("message", (data, client) => {
  // the same socket, no new one
  server.send(data, client.port, client.address);
});`,
  },
  fault: sends,
  diagnose: (symptoms) =>
    suspect(
      0.98,
      showing(symptoms, () => true, ["answers-from-its-own-port"]),
    ),
};
