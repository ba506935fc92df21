import { breaks, either, sendsInVain } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { crashed } from "../signs/process.ts";
import { anyExchange, anyOf, both, not } from "../signs/sign.ts";
import { meetsFullBuffer } from "../signs/words.ts";
import { fails, showing, suspect } from "../symptoms.ts";

/** Whoever drops, drops what a receive gave; fewer bytes are missing for another reason. */
const A_PIECE = 512;

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Throws bytes away when the client reads slowly", id: "Membuang byte ketika klien lambat membaca" },
  explanation: {
    en: 'When a client reads slowly, the send buffer fills up: a non-blocking send() says "not now" (BlockingIOError), and Node\'s write() returns false. The program drops what it could not send at once, or gives up there. Those bytes are missing in the echo. Keep them until the socket can take more, and stop receiving meanwhile.',
    id: 'Ketika klien lambat membaca, buffer pengiriman penuh: send() non-blocking menyatakan "belum bisa" (BlockingIOError), dan write() di Node mengembalikan false. Program membuang yang belum bisa dikirim saat itu, atau berhenti di situ. Byte tersebut hilang dari echo. Simpan sampai socket bisa menerima lagi, dan berhentilah membaca sementara itu.',
  },
  lookUp: {
    en: "send and recv on the lecture's slides, which wait by themselves; Python socket docs, sendall() and setblocking(); Node docs, stream backpressure: write(), 'drain', pipe().",
    id: "send dan recv pada slide kuliah, yang menunggu dengan sendirinya; dokumentasi socket Python, sendall() dan setblocking(); dokumentasi Node, backpressure pada stream: write(), 'drain', pipe().",
  },
  wrong: {
    python: `client_sock.setblocking(False)
try:
    client_sock.sendall(data)
except BlockingIOError:
    pass                      # the rest is lost`,
    typescript: `socket.on("data", (data) => {
  if (socket.writableNeedDrain) return; // this piece is lost
  socket.write(data);
});`,
  },
  repair: {
    python: `client_sock.setblocking(True)
while data := client_sock.recv(65535):
    client_sock.sendall(data)         # waits until the client has taken it`,
    typescript: `const server = createServer((socket) => {
  socket.on("error", (error) => console.error(error.message));
  socket.pipe(socket); // waits for "drain" by itself
});`,
  },
  fault: either(sendsInVain, breaks),
  diagnose(symptoms) {
    const lost = anyExchange(
      ({ bodyDiffers, hungUp, receivedBytes, sentBytes, unread }) =>
        sentBytes - receivedBytes >= A_PIECE && (bodyDiffers || !(hungUp || unread > 0)),
    );
    const cut = anyExchange(({ receivedBytes, sentBytes }) => receivedBytes < sentBytes);
    const explains = showing(symptoms, anyOf(both(lost, not(crashed)), both(cut, meetsFullBuffer)), [
      "survives-a-stalled-reader",
      "sends-everything",
    ]);
    if (!explains.some((check) => check.endsWith("/survives-a-stalled-reader"))) return undefined;
    // Whoever loses certain bytes or words loses them at any speed.
    if (["echoes-every-byte", "echoes-a-quit-word"].some((name) => fails(symptoms, name))) return undefined;
    const otherwise = ["echoes-around-the-buffer", "keeps-the-connection", "echoes-a-large-body"];
    return suspect(otherwise.some((name) => fails(symptoms, name)) ? 0.5 : 0.9, explains);
  },
};
