import { sends } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { repeatsEarlier } from "../reply.ts";
import { anyExchange } from "../signs/sign.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Sends what came before once more", id: "Mengirim ulang yang sudah datang sebelumnya" },
  explanation: {
    en: "What arrives is added to a variable, and the whole variable is sent back each time: the second answer begins with the first message again. What has been sent back is done with. An echo needs no memory: send what this recv() gave, or empty the variable after sending.",
    id: "Yang datang ditambahkan ke sebuah variabel, lalu seluruh isi variabel itu dikirim setiap kali: jawaban kedua dimulai lagi dengan pesan pertama. Yang sudah dikirim balik sudah selesai. Echo tidak perlu mengingat apa-apa: kirim hasil recv() ini saja, atau kosongkan variabelnya setelah mengirim.",
  },
  lookUp: {
    en: "recv and send on the lecture's slides: what the one gives is what the other takes; Python tutorial, += on bytes; MDN, Buffer.concat(); RFC 862.",
    id: "recv dan send pada slide kuliah: hasil yang satu adalah masukan yang lain; tutorial Python, += pada bytes; dokumentasi Node, Buffer.concat(); RFC 862.",
  },
  wrong: {
    python: `data = b""
while piece := client_sock.recv(65535):
    data += piece
    client_sock.sendall(data)     # all of it, each time`,
    typescript: `let all = "";
socket.on("data", (data) => {
  all += data;
  socket.write(all); // all of it, each time
});`,
  },
  repair: {
    python: `while piece := client_sock.recv(65535):
    client_sock.sendall(piece)    # what has just come`,
    typescript: `socket.on("data", (data) => {
  socket.write(data); // what has just come
});`,
  },
  fault: sends,
  diagnose: (symptoms) => suspect(0.96, showing(symptoms, anyExchange(repeatsEarlier))),
};
