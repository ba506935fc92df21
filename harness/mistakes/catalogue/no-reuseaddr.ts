import { binds } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { complains } from "../signs/words.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Cannot be started again at once", id: "Tidak bisa langsung dijalankan lagi" },
  explanation: {
    en: 'The server was stopped and started again, and bind() said "Address already in use". The operating system keeps the address of a connection that the server closed first for a minute (TIME_WAIT). The option SO_REUSEADDR, set before bind(), allows the new start.',
    id: 'Server dihentikan lalu dijalankan lagi, dan bind() menyatakan "Address already in use". Sistem operasi menahan alamat dari koneksi yang lebih dulu ditutup oleh server selama sekitar satu menit (TIME_WAIT). Opsi SO_REUSEADDR, yang dipasang sebelum bind(), mengizinkan server dijalankan lagi.',
  },
  lookUp: {
    en: "bind on the lecture's slides: the option comes before it; Python socket docs, the note on SO_REUSEADDR at the end of the examples, and create_server(), which sets it; RFC 9293 section 3.6.1, TIME-WAIT.",
    id: "bind pada slide kuliah: opsi ini dipasang sebelumnya; dokumentasi socket Python, catatan tentang SO_REUSEADDR di akhir contoh, dan create_server(), yang memasangnya; RFC 9293 bagian 3.6.1, TIME-WAIT.",
  },
  wrong: {
    python: `s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind(("127.0.0.1", 5000))`,
    typescript: `// does not happen in Node, which sets SO_REUSEADDR by itself`,
  },
  repair: {
    python: `s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)   # before bind
s.bind(("127.0.0.1", 5000))`,
    typescript: `const server = createServer((socket) => socket.pipe(socket));
// Node sets SO_REUSEADDR by itself
server.listen({ port: 5000, host: "127.0.0.1" });`,
  },
  fault: binds,
  diagnose(symptoms) {
    const taken = complains(/EADDRINUSE|Address already in use/i);
    const said = showing(symptoms, taken, ["restarts-at-once"]);
    return said.length > 0
      ? suspect(0.97, said)
      : suspect(
          0.7,
          showing(symptoms, () => true, ["restarts-at-once"]),
        );
  },
};
