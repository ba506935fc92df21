import { closes } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { crashed } from "../signs/process.ts";
import { anyExchange, both, not } from "../signs/sign.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Ends connections with a reset", id: "Mengakhiri koneksi dengan reset" },
  explanation: {
    en: "Everything was received and sent, and still the connection ended with RST instead of FIN. That comes from the option SO_LINGER with a time of 0, or from socket.resetAndDestroy() in Node. A reset tells the other side that something broke, and bytes on their way are thrown away.",
    id: "Semuanya sudah diterima dan dikirim, tetapi koneksi tetap berakhir dengan RST, bukan FIN. Penyebabnya opsi SO_LINGER dengan waktu 0, atau socket.resetAndDestroy() di Node. Reset memberi tahu pihak lain bahwa ada yang rusak, dan byte yang masih dalam perjalanan dibuang.",
  },
  lookUp: {
    en: "close() on the lecture's slides: it is enough by itself; the man page socket(7), SO_LINGER; Node net docs, socket.end(); RFC 9293 section 3.6.",
    id: "close() pada slide kuliah: itu saja sudah cukup; halaman manual socket(7), SO_LINGER; dokumentasi net Node, socket.end(); RFC 9293 bagian 3.6.",
  },
  wrong: {
    python: `at_once = struct.pack("ii", 1, 0)
client_sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
client_sock.close()`,
    typescript: `socket.on("end", () => socket.resetAndDestroy());`,
  },
  repair: {
    python: `while data := client_sock.recv(65535):
    client_sock.sendall(data)
client_sock.close()           # no SO_LINGER`,
    typescript: `socket.on("end", () => socket.end()); // not resetAndDestroy()`,
  },
  fault: closes,
  diagnose(symptoms) {
    const complete = anyExchange(({ receivedBytes, sentBytes }) => receivedBytes === sentBytes);
    return suspect(0.9, showing(symptoms, both(complete, not(crashed)), ["closes-with-fin"]));
  },
};
