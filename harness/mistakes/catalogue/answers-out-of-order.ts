import { sends } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { isReordered } from "../reply.ts";
import { anyExchange } from "../signs/sign.ts";
import { fails, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Answers the pieces in another order", id: "Menjawab potongan data dengan urutan lain" },
  explanation: {
    en: "All bytes come back, but not in the order in which they were sent. TCP keeps the order, so the program changed it: each piece is answered by a thread, a task or an async function of its own, and whichever is done first answers first; or the newest piece is taken from a list before the older ones. Answer one piece after the other, and let a piece that must wait come before those behind it (first in, first out).",
    id: "Semua byte kembali, tetapi tidak dalam urutan pengirimannya. TCP menjaga urutan, jadi programlah yang mengubahnya: setiap potongan dijawab oleh thread, task, atau fungsi async tersendiri, dan yang selesai lebih dulu menjawab lebih dulu; atau potongan terbaru diambil dari list sebelum yang lama. Jawab potongan satu per satu, dan potongan yang harus menunggu tetap didahulukan dari yang di belakangnya (first in, first out).",
  },
  lookUp: {
    en: "The lecture's recv(buffer) and send: one after the other on the client's socket; Python docs, queue.Queue and collections.deque, popleft(); Node docs, events: a listener is not waited for, async or not, and for await, which waits.",
    id: "recv(buffer) dan send pada slide kuliah: bergantian, satu per satu, di socket klien; dokumentasi Python, queue.Queue dan collections.deque, popleft(); dokumentasi Node, events: listener tidak ditunggu, async atau tidak, dan for await, yang menunggu.",
  },
  wrong: {
    python: `while data := client_sock.recv(65535):
    # the next piece does not wait for this one
    Thread(target=client_sock.sendall, args=(data,)).start()`,
    typescript: `socket.on("data", async (data) => {
  await save(data);   // the next piece is answered meanwhile
  socket.write(data);
});`,
  },
  repair: {
    python: `while data := client_sock.recv(65535):
    client_sock.sendall(data)     # and only then the next piece`,
    typescript: `for await (const data of socket) {
  await save(data);
  socket.write(data); // and only then the next piece
}`,
  },
  fault: sends,
  diagnose(symptoms) {
    // Who gives even a single message another order changes it.
    if (fails(symptoms, "echoes-a-message")) return undefined;
    return suspect(0.97, showing(symptoms, anyExchange(isReordered)));
  },
};
