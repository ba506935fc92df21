import { roleOf } from "../../assignment/assignment.ts";
import { all, has } from "../../checks/reading.ts";
import { closes } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { isCut } from "../reply.ts";
import { crashed, wasKilled } from "../signs/process.ts";
import { anyExchange, anyOf, both, not, type Sign } from "../signs/sign.ts";
import { meetsFullBuffer } from "../signs/words.ts";
import { fails, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client"],
  title: { en: "Closes while bytes lie unread", id: "Menutup socket saat masih ada byte yang belum dibaca" },
  explanation: {
    en: "The program calls close() although bytes that it never received lie in its socket. The operating system then breaks the connection off with a reset (RST) instead of closing it, and even bytes that were already on their way to the other side may be lost. Receive until b'' comes, then close.",
    id: "Program memanggil close() padahal masih ada byte di socket yang belum diterima dengan recv(). Sistem operasi lalu memutus koneksi dengan reset (RST), bukan menutupnya dengan baik, dan byte yang sudah dalam perjalanan pun bisa hilang. Terima dulu sampai b'' datang, baru tutup.",
  },
  lookUp: {
    en: 'recv before close on the lecture\'s slides; RFC 2525 section 2.17, "Failure to RST on close with data pending"; RFC 9293 section 3.6; the man page close(2).',
    id: 'recv sebelum close pada slide kuliah; RFC 2525 bagian 2.17, "Failure to RST on close with data pending"; RFC 9293 bagian 3.6; halaman manual close(2).',
  },
  wrong: {
    python: `data = s.recv(10)             # more has come than that
s.close()`,
    typescript: `socket.once("data", () => socket.destroy()); // more may have come`,
  },
  repair: {
    python: `# read until the other side has finished
while data := s.recv(65535):
    print(data)
s.close()`,
    typescript: `// read until the other side has finished
socket.on("data", (data) => console.log(data));
socket.on("end", () => socket.end());           // end(), not destroy()`,
  },
  fault: closes,
  diagnose(symptoms) {
    if (roleOf(symptoms.program) === "client") {
      const waited: Sign = (transcript) => has(transcript, "sent") && all(transcript, "reset").length > 0;
      return suspect(
        0.8,
        showing(symptoms, both(waited, not(crashed)), [
          "reads-the-reply",
          "shows-the-reply",
          "reads-a-fragmented-reply",
        ]),
      );
    }
    const rude = anyExchange((exchange) => exchange.hungUp && isCut(exchange));
    const earlier = ["keeps-the-connection", "survives-a-slow-client", "echoes-every-byte"];
    if (earlier.some((name) => fails(symptoms, name, rude))) return undefined;
    const cutByReset = anyExchange(
      (exchange) => exchange.end === "rst" && exchange.hungUp && exchange.receivedBytes < exchange.sentBytes,
    );
    const names = ["echoes-a-large-body", "echoes-around-the-buffer", "survives-a-stalled-reader", "sends-everything"];
    return suspect(0.85, showing(symptoms, both(cutByReset, not(anyOf(crashed, wasKilled, meetsFullBuffer))), names));
  },
};
