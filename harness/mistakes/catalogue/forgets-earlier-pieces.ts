import { lostItsReply } from "../../checks/client-reading.ts";
import { receives } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { showsLastPiece } from "../signs/client.ts";
import { both, not } from "../signs/sign.ts";
import { waitsForKeyboard } from "../signs/waits.ts";
import { says } from "../signs/words.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-client"],
  title: { en: "Forgets the pieces that came before", id: "Melupakan potongan yang datang sebelumnya" },
  explanation: {
    en: "The client receives again and again, as it should, but each piece takes the place of the one before. When the reply comes in two pieces, only the second is left: the client shows no more than that, or waits for bytes that it has already had. Each piece is added to what is there.",
    id: "Klien menerima berulang kali, dan itu benar, tetapi setiap potongan menggantikan potongan sebelumnya. Jika balasan datang dalam dua potong, hanya yang kedua yang tersisa: hanya itu yang ditampilkan klien, atau klien menunggu byte yang sebenarnya sudah diterimanya. Setiap potongan harus ditambahkan ke yang sudah ada.",
  },
  lookUp: {
    en: "recv on the lecture's slides, which gives what has come since the last call; Python docs, bytes and the operator +=; Node docs, Buffer.concat().",
    id: "recv pada slide kuliah, yang memberikan data yang datang sejak pemanggilan terakhir; dokumentasi Python, bytes dan operator +=; dokumentasi Node, Buffer.concat().",
  },
  wrong: {
    python: `while len(reply) < len(message):
    reply = s.recv(65535)     # what came before is gone`,
    typescript: `socket.on("data", (data) => {
  reply = data; // what came before is gone
});`,
  },
  repair: {
    python: `while len(reply) < len(message):
    data = s.recv(65535)
    if not data:
        break
    reply += data`,
    typescript: `socket.on("data", (data) => {
  reply = Buffer.concat([reply, data]);
});`,
  },
  fault: receives,
  diagnose(symptoms) {
    const last = showing(symptoms, showsLastPiece, ["reads-a-fragmented-reply"]);
    if (last.length > 0) {
      const more = showing(symptoms, () => true, ["reads-a-long-reply", "reads-a-split-character"]);
      return suspect(0.95, [...last, ...more]);
    }
    const waits = both(lostItsReply, not(waitsForKeyboard), not(says(/Traceback|Uncaught/)));
    return suspect(0.85, showing(symptoms, waits, ["reads-a-fragmented-reply"]));
  },
};
