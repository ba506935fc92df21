import { closes } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { exited, runsInNode } from "../signs/process.ts";
import { dropsAtTheEnd } from "../signs/server.ts";
import { anyExchange, both, not } from "../signs/sign.ts";
import { complains } from "../signs/words.ts";
import { anywhere, fails, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Drops the rest when the client has finished", id: "Membuang sisa data saat klien selesai mengirim" },
  explanation: {
    en: "The client sent its message and closed its sending side. It still wants the answer. The program takes the end of the data for the end of everything and closes before all bytes have been sent back. First send what is still to be sent, then close.",
    id: "Klien mengirim pesannya lalu menutup sisi pengirimannya. Ia masih menunggu jawaban. Program menganggap akhir data sebagai akhir segalanya dan menutup sebelum semua byte dikirim kembali. Kirim dulu yang masih tersisa, baru tutup.",
  },
  lookUp: {
    en: "send before close on the lecture's slides; Python socket docs, shutdown(SHUT_WR); Node net docs, allowHalfOpen and socket.end(), which sends the rest, in contrast to destroy(); RFC 9293 section 3.6: after its FIN a side may still receive.",
    id: "send sebelum close pada slide kuliah; dokumentasi socket Python, shutdown(SHUT_WR); dokumentasi net Node, allowHalfOpen dan socket.end(), yang mengirim sisanya, berbeda dari destroy(); RFC 9293 bagian 3.6: setelah FIN, satu sisi masih boleh menerima.",
  },
  wrong: {
    python: `while data := client_sock.recv(65535):
    waiting.append(data)      # to be sent later
client_sock.close()           # and later never comes`,
    typescript: `socket.on("end", () => socket.destroy()); // what was not sent yet is lost`,
  },
  repair: {
    python: `while data := client_sock.recv(65535):
    # everything is out before the loop ends
    client_sock.sendall(data)
client_sock.close()`,
    typescript: `const server = createServer({ allowHalfOpen: true }, (socket) => {
  socket.on("data", (data) => socket.write(data));
  // sends the rest first; destroy() would not
  socket.on("end", () => socket.end());
});`,
  },
  fault: closes,
  diagnose(symptoms) {
    if (fails(symptoms, "keeps-the-connection") || fails(symptoms, "echoes-around-the-buffer")) return undefined;
    const dropped = anyExchange(
      (exchange) => exchange.halfClosed && exchange.end !== undefined && exchange.receivedBytes < exchange.sentBytes,
    );
    const text = complains(/Unicode(De|En)codeError/);
    const explains = showing(symptoms, both(dropped, not(exited), not(text)));
    // In Node nothing that was written is lost but by destroying the socket.
    const destroyed = anywhere(symptoms, runsInNode) || fails(symptoms, "sends-everything", dropsAtTheEnd);
    const large = destroyed && explains.includes("tcp-server/sends-everything");
    return large || explains.includes("tcp-server/flushes-before-closing") ? suspect(0.92, explains) : undefined;
  },
};
