import { binds } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { says } from "../signs/words.ts";
import { arrivesBy, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-client", "udp-client"],
  title: { en: "The client binds the server's port", id: "Klien melakukan bind ke port server" },
  explanation: {
    en: 'A port belongs to one program. The client calls bind() with the address of the server, which is there already, and the operating system refuses: "Address already in use". A client needs no bind(): when it connects or sends, the system gives it a free port of its own, and the server sees it as the sender\'s.',
    id: 'Satu port dimiliki satu program. Klien memanggil bind() dengan alamat server, padahal server sudah ada di sana, dan sistem operasi menolak: "Address already in use". Klien tidak memerlukan bind(): saat terhubung atau mengirim, sistem memberinya port bebas miliknya sendiri, dan server melihatnya sebagai port pengirim.',
  },
  lookUp: {
    en: 'The steps of the client and of the server on the lecture\'s slides: bind() stands only with the server; ip(7), "ephemeral port"; Python socket docs, bind() and connect().',
    id: 'Langkah-langkah klien dan server pada slide kuliah: bind() hanya ada pada server; ip(7), "ephemeral port"; dokumentasi socket Python, bind() dan connect().',
  },
  wrong: {
    python: `s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind(("127.0.0.1", 5000))
s.connect(("127.0.0.1", 5000))`,
    typescript: `connect({ host: "127.0.0.1", port: 5000, localPort: 5000 });`,
  },
  repair: {
    python: `s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect(("127.0.0.1", 5000))    # no bind()`,
    typescript: `connect({ host: "127.0.0.1", port: 5000 }); // no localPort`,
  },
  inUdpClient: {
    wrong: {
      python: `s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 5000))
s.sendto(message, ("127.0.0.1", 5000))`,
      typescript: `socket.bind(5000, "127.0.0.1", () => {
  socket.send(message, 5000, "127.0.0.1");
});`,
    },
    repair: {
      python: `s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(message, ("127.0.0.1", 5000))   # no bind()`,
      typescript: `socket.send(message, 5000, "127.0.0.1"); // no bind()`,
    },
  },
  fault: binds,
  diagnose: (symptoms) =>
    suspect(0.97, showing(symptoms, says(/\[Errno 98\]|EADDRINUSE|Address already in use/), arrivesBy(symptoms))),
};
