import type { Mistake } from "../mistake.ts";
import { leavesAtLetterCount, stopsAtLetterCount } from "../signs/client.ts";
import { both, not } from "../signs/sign.ts";
import { failsToDecode } from "../signs/words.ts";
import { fails, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-client", "udp-client"],
  title: { en: "Counts letters where bytes come back", id: "Menghitung huruf, padahal yang kembali adalah byte" },
  explanation: {
    en: "The client stops receiving when as many bytes are back as its message has letters. But a letter such as é takes two bytes in UTF-8, and other letters three or four: the reply is longer than the text, and its last bytes are left behind when they come in a piece of their own. Turn the message into bytes first, and count those.",
    id: "Klien berhenti menerima ketika jumlah byte yang kembali sama dengan jumlah huruf pesannya. Padahal huruf seperti é memakai dua byte dalam UTF-8, dan huruf lain tiga atau empat: balasan lebih panjang daripada teksnya, dan byte terakhirnya tertinggal jika datang sebagai potongan tersendiri. Ubah pesan menjadi byte dulu, lalu hitung byte-nya.",
  },
  lookUp: {
    en: '"send: mengirim data bertipe byte (tanda b di awal string)" on the lecture\'s slides; Python docs, str.encode() and len() of str and of bytes; Node docs, Buffer.byteLength(), which is not string.length.',
    id: '"send: mengirim data bertipe byte (tanda b di awal string)" pada slide kuliah; dokumentasi Python, str.encode() serta len() untuk str dan untuk bytes; dokumentasi Node, Buffer.byteLength(), yang bukan string.length.',
  },
  wrong: {
    python: `s.sendall(text.encode())
while len(reply) < len(text):         # letters
    reply += s.recv(65535)`,
    typescript: `socket.write(text);
let missing = text.length; // letters`,
  },
  repair: {
    python: `message = text.encode()
s.sendall(message)
while len(reply) < len(message):      # bytes
    data = s.recv(65535)
    if not data:
        break
    reply += data`,
    typescript: `socket.write(text);
let missing = Buffer.byteLength(text); // bytes`,
  },
  inUdp: {
    title: { en: "Counts letters where bytes are sent", id: "Menghitung huruf, padahal yang dikirim adalah byte" },
    explanation: {
      en: "The client sends as many bytes of its message as the text has letters. But a letter such as é takes two bytes in UTF-8, and other letters three or four: the end of the message is missing. Turn the text into bytes first and send all of them; no length is needed.",
      id: "Klien mengirim byte pesannya sebanyak jumlah huruf teksnya. Padahal huruf seperti é memakai dua byte dalam UTF-8, dan huruf lain tiga atau empat: bagian akhir pesan hilang. Ubah teks menjadi byte dulu lalu kirim semuanya; panjang tidak perlu disebutkan.",
    },
    wrong: {
      python: `s.sendto(text.encode()[:len(text)], server)  # letters`,
      typescript: `socket.send(text, 0, text.length, port, host); // letters`,
    },
    repair: {
      python: `s.sendto(text.encode(), server)              # all bytes`,
      typescript: `socket.send(text, port, host); // all bytes`,
    },
  },
  diagnose(symptoms) {
    const short = showing(symptoms, stopsAtLetterCount, ["sends-every-letter"]);
    if (short.length > 0) return suspect(0.94, short);
    // Whoever reads only so many times stops there, too.
    if (fails(symptoms, "reads-a-long-reply")) return undefined;
    return suspect(0.94, showing(symptoms, both(leavesAtLetterCount, not(failsToDecode)), ["reads-a-split-character"]));
  },
};
