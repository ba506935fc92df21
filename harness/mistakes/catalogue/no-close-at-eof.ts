import { receivesTheEnd } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { exited } from "../signs/process.ts";
import { anyExchange, both, not } from "../signs/sign.ts";
import { busyBeforeTheEnd } from "../signs/waits.ts";
import { fails, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Does not close when the client has finished", id: "Tidak menutup koneksi saat klien selesai" },
  explanation: {
    en: "The client has said that it sends no more (recv() returns b'', Node's 'end' event), and all bytes came back, but the server never closes its own side. The client waits for an end that does not come, and the server keeps a dead connection. After fork() the parent holds the socket, too: as long as it does not close its copy, the connection stays open.",
    id: "Klien sudah menyatakan tidak mengirim lagi (recv() mengembalikan b'', di Node event 'end'), dan semua byte sudah kembali, tetapi server tidak pernah menutup sisinya sendiri. Klien menunggu akhir koneksi yang tidak datang, dan server menyimpan koneksi mati. Setelah fork(), proses induk juga memegang socket itu: selama salinannya tidak ditutup, koneksi tetap terbuka.",
  },
  lookUp: {
    en: "close() on the lecture's slides; the man page recv(2): a return value of 0 means that the peer has shut down; Node net docs, allowHalfOpen and socket.end(); RFC 9293 section 3.6, closing a connection.",
    id: "close() pada slide kuliah; halaman manual recv(2): nilai 0 berarti lawan bicara sudah menutup; dokumentasi net Node, allowHalfOpen dan socket.end(); RFC 9293 bagian 3.6, penutupan koneksi.",
  },
  wrong: {
    python: `while True:
    data = client_sock.recv(65535)
    client_sock.sendall(data)         # b'' too, again and again`,
    typescript: `const server = createServer({ allowHalfOpen: true }, (socket) => {
  socket.on("data", (data) => socket.write(data)); // no 'end' listener
});`,
  },
  repair: {
    python: `while True:
    data = client_sock.recv(65535)
    if not data:              # b'': the client has finished
        break
    client_sock.sendall(data)
client_sock.close()`,
    typescript: `const server = createServer({ allowHalfOpen: true }, (socket) => {
  socket.on("data", (data) => socket.write(data));
  socket.on("end", () => socket.end()); // needed with allowHalfOpen: true
});`,
  },
  fault: receivesTheEnd,
  diagnose(symptoms) {
    const open = anyExchange(
      ({ halfClosed, end, sentBytes, receivedBytes }) =>
        halfClosed && end === undefined && sentBytes > 0 && receivedBytes === sentBytes,
    );
    if (!fails(symptoms, "flushes-before-closing", both(open, not(exited)))) return undefined;
    const spins = fails(symptoms, "rests-when-idle");
    const confidence = spins || fails(symptoms, "closes-after-its-echo") ? 0.6 : 0.9;
    return suspect(confidence, [
      ...showing(symptoms, both(open, not(exited), not(busyBeforeTheEnd))),
      ...showing(symptoms, not(exited), ["releases-connections", "survives-an-empty-connection"]),
    ]);
  },
};
