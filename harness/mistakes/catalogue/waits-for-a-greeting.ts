import { receives } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { both, not } from "../signs/sign.ts";
import { waitsFirst, waitsForKeyboard } from "../signs/waits.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-client"],
  title: { en: "Waits before its message is out", id: "Menunggu sebelum pesannya terkirim" },
  explanation: {
    en: "The client is connected and waits in recv(), and nothing of its message has arrived. An echo server says nothing first: it waits for the client, and so both wait for ever. Either recv() comes before send(), perhaps for a greeting that other servers have, or the message still lies in a buffer of the program, as after write() on makefile() without flush().",
    id: "Klien sudah terhubung dan menunggu di recv(), padahal pesannya belum ada yang sampai. Server echo tidak bicara lebih dulu: ia menunggu klien, sehingga keduanya saling menunggu selamanya. Mungkin recv() dipanggil sebelum send(), misalnya untuk salam pembuka yang ada di server lain, atau pesan masih berada di buffer program, seperti setelah write() pada makefile() tanpa flush().",
  },
  lookUp: {
    en: "The order on the lecture's slides for the client: connect, send, recv; Python docs, socket.makefile() and flush() of its files; RFC 862: the server sends back what it received.",
    id: "Urutan pada slide kuliah untuk klien: connect, send, recv; dokumentasi Python, socket.makefile() dan flush() pada berkasnya; RFC 862: server mengirim kembali apa yang diterimanya.",
  },
  wrong: {
    python: `s.connect(("127.0.0.1", 5000))
print(s.recv(1024).decode())  # nobody speaks first
s.sendall(message)`,
    typescript: `socket.once("data", () => { // nobody speaks first
  socket.write(message);
});`,
  },
  repair: {
    python: `s.connect(("127.0.0.1", 5000))
s.sendall(message)            # the client speaks first
reply = s.recv(65535)`,
    typescript: `socket.on("connect", () => {
  socket.write(message); // the client speaks first
});
socket.on("data", (data) => console.log(data.toString()));`,
  },
  fault: receives,
  diagnose: (symptoms) => suspect(0.95, showing(symptoms, both(waitsFirst, not(waitsForKeyboard)), NAMES)),
};

const NAMES = ["reads-the-reply", "shows-the-reply"];
