import { waitsToSend } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { exited } from "../signs/process.ts";
import { both, not } from "../signs/sign.ts";
import { SENDING, waitsIn } from "../signs/waits.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-client"],
  title: { en: "Sends everything before it reads anything", id: "Mengirim semua sebelum membaca apa pun" },
  explanation: {
    en: "With a long message the server's answers fill every buffer on the way, because the client does not read them yet. Then the server cannot send, so it does not receive, so the client's own send() stands still too: both wait for each other for ever. Send a piece, receive its echo, send the next; or read in a second thread.",
    id: "Pada pesan panjang, jawaban server memenuhi semua buffer di perjalanan karena klien belum membacanya. Akibatnya server tidak bisa mengirim, sehingga tidak menerima, sehingga send() klien pun macet: keduanya saling menunggu selamanya. Kirim satu potongan, terima echo-nya, lalu kirim berikutnya; atau baca di thread kedua.",
  },
  lookUp: {
    en: "send and recv on the lecture's slides, in turn; the man page send(2): it blocks when the buffer is full; Python docs, threading and selectors; in Node write() never blocks.",
    id: "send dan recv pada slide kuliah, secara bergantian; halaman manual send(2): memblokir ketika buffer penuh; dokumentasi Python, threading dan selectors; di Node write() tidak pernah memblokir.",
  },
  wrong: {
    python: `s.sendall(message)            # both sides' buffers fill up
reply = s.recv(65535)`,
    typescript: `socket.pause();
// called when all has been taken
socket.write(message, () => socket.resume());`,
  },
  repair: {
    python: `for start in range(0, len(message), 4096):
    piece = message[start:start + 4096]
    s.sendall(piece)
    waiting = len(piece)
    # its echo, before the next piece
    while waiting > 0 and (data := s.recv(waiting)):
        reply += data
        waiting -= len(data)`,
    typescript: `socket.on("data", (data) => chunks.push(data)); // reads while it sends
socket.write(message);`,
  },
  fault: waitsToSend,
  diagnose(symptoms) {
    const stuck = both(not(exited), waitsIn(SENDING));
    const explains = showing(symptoms, stuck, ["sends-a-long-message"]);
    return suspect(0.96, explains.length > 0 ? [...explains, ...showing(symptoms, stuck, ["reads-a-long-reply"])] : []);
  },
};
