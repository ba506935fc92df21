import { receives } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Keeps all bytes in memory", id: "Menyimpan semua byte di memori" },
  explanation: {
    en: "The longer the conversation, the more memory the program takes: it keeps everything it has received. One client that talks for long enough brings the whole server down. An echo can forget a piece as soon as it has been sent back.",
    id: "Semakin lama percakapan, semakin banyak memori yang dipakai program: semua yang diterima disimpan. Satu klien yang berbicara cukup lama bisa menjatuhkan seluruh server. Echo boleh melupakan sebuah potongan begitu sudah dikirim kembali.",
  },
  lookUp: {
    en: "The loop of recv and send on the lecture's slides: one buffer, used again and again; Node docs, stream backpressure and pipe().",
    id: "Loop recv dan send pada slide kuliah: satu buffer yang dipakai berulang kali; dokumentasi Node, backpressure pada stream dan pipe().",
  },
  wrong: {
    python: `pieces = []
while data := client_sock.recv(65535):
    pieces.append(data)       # grows with every byte
    client_sock.sendall(data)`,
    typescript: `const pieces: Buffer[] = [];
socket.on("data", (data) => {
  pieces.push(data); // grows with every byte
  socket.write(data);
});`,
  },
  repair: {
    python: `while data := client_sock.recv(65535):
    # sent, and forgotten: no list of all pieces
    client_sock.sendall(data)`,
    typescript: `socket.pipe(socket); // holds back instead of piling up`,
  },
  fault: receives,
  diagnose: (symptoms) =>
    suspect(
      0.92,
      showing(symptoms, () => true, ["keeps-memory-bounded"]),
    ),
};
