import { sends } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { exited } from "../signs/process.ts";
import { anyExchange, both, not } from "../signs/sign.ts";
import { POLLING, RECEIVING, waitsIn } from "../signs/waits.ts";
import { fails, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Leaves the connection open after the echo", id: "Tidak menutup koneksi setelah echo" },
  explanation: {
    en: "The echo is sent, but the server goes on waiting for more from the same client. This assignment asks for one message a connection: receive, send it back, close. A client that reads until the end of the connection waits for ever.",
    id: "Echo sudah dikirim, tetapi server terus menunggu data dari klien yang sama. Tugas ini meminta satu pesan untuk setiap koneksi: terima, kirim kembali, lalu tutup. Klien yang membaca sampai koneksi berakhir akan menunggu selamanya.",
  },
  lookUp: {
    en: "The lecture's server example: accept, recv, send, and then client_sock.close(); Python socket docs, socket.close(); Node net docs, socket.end(data).",
    id: "Contoh server pada kuliah: accept, recv, send, lalu client_sock.close(); dokumentasi socket Python, socket.close(); dokumentasi net Node, socket.end(data).",
  },
  wrong: {
    python: `client_sock, client_addr = s.accept()
while data := client_sock.recv(65535):
    # waits for more, and the client for the end
    client_sock.sendall(data)`,
    typescript: `const server = createServer((socket) => {
  socket.on("data", (data) => socket.write(data)); // no end()
});`,
  },
  repair: {
    python: `while True:
    client_sock, client_addr = s.accept()
    data = client_sock.recv(65535)
    client_sock.sendall(data)
    client_sock.close()`,
    typescript: `const server = createServer((socket) => {
  socket.once("data", (data) => socket.end(data)); // send, then close
  socket.on("error", (error) => console.error(error.message));
});`,
  },
  fault: sends,
  diagnose(symptoms) {
    const stays = anyExchange(
      ({ sent, received, end }) => end === undefined && sent.length > 0 && received.equals(sent),
    );
    const explains = showing(symptoms, both(stays, not(exited)), ["closes-after-its-echo"]);
    const receives = fails(symptoms, "closes-after-its-echo", both(stays, waitsIn([...RECEIVING, ...POLLING])));
    return suspect(receives ? 0.96 : 0.7, explains);
  },
};
