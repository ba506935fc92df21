import { receivesTheEnd } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { exitedWithZero } from "../signs/process.ts";
import { fails, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-client"],
  title: { en: "Takes half a reply for a whole one", id: "Menganggap separuh balasan sudah lengkap" },
  explanation: {
    en: "The server closed after half of the reply. The client stopped reading, which is right, and then showed the half as if it were everything. It knows how long its message was, so it can tell that bytes are missing: compare what came back with what was sent, and say so.",
    id: "Server menutup koneksi setelah separuh balasan. Klien berhenti membaca, itu benar, tetapi lalu menampilkan separuh itu seolah-olah lengkap. Klien tahu panjang pesannya, jadi bisa mengetahui ada byte yang kurang: bandingkan yang kembali dengan yang dikirim, lalu sampaikan.",
  },
  lookUp: {
    en: "send and recv on the lecture's slides: an echo is as long as the message; the man page recv(2), return value 0; Python docs, sys.exit().",
    id: "send dan recv pada slide kuliah: echo sama panjang dengan pesannya; halaman manual recv(2), nilai kembali 0; dokumentasi Python, sys.exit().",
  },
  wrong: {
    python: `reply = s.recv(65535)         # perhaps only a half
print(reply.decode())`,
    typescript: `// perhaps only a half
socket.on("end", () => console.log(reply.toString()));`,
  },
  repair: {
    python: `reply = b""
while len(reply) < len(message) and (data := s.recv(65535)):
    reply += data
if reply != message:
    sys.exit("the server closed before the whole reply had come")
print(reply.decode())`,
    typescript: `socket.on("end", () => {
  if (reply.length === message.length) return;
  console.error("the server closed before the whole reply had come");
  process.exitCode = 1;
});`,
  },
  fault: receivesTheEnd,
  diagnose(symptoms) {
    if (fails(symptoms, "reads-a-fragmented-reply")) return undefined;
    return suspect(0.9, showing(symptoms, exitedWithZero, ["notices-an-early-close"]));
  },
};
