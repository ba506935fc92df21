import { receives, sends } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { isCut } from "../reply.ts";
import { anyExchange, both, not } from "../signs/sign.ts";
import { complains, meetsBadValue, says } from "../signs/words.ts";
import { allExchanges, fails, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "udp-server"],
  title: {
    en: "A message longer than the buffer is damaged",
    id: "Pesan yang lebih panjang dari buffer menjadi rusak",
  },
  explanation: {
    en: "The program has a buffer of a fixed size, 1024 bytes for example, and handles a message as if it always fitted in exactly. What is longer is cut off, and what is shorter may come back with old bytes behind it. recv(n) means at most n bytes: let n be as large as the assignment says, 65535 on the slides, and use only as many bytes as arrived. Where more may follow, ask again.",
    id: "Program memiliki buffer berukuran tetap, misalnya 1024 byte, dan menganggap setiap pesan pas di dalamnya. Pesan yang lebih panjang terpotong, dan yang lebih pendek bisa kembali dengan byte lama di belakangnya. recv(n) berarti paling banyak n byte: isi n sebesar yang diminta tugas, yaitu 65535 pada slide, dan pakai hanya sebanyak byte yang diterima. Jika masih ada yang menyusul, panggil lagi.",
  },
  lookUp: {
    en: '"recv: menerima data sebesar buffer yang ditentukan (65535)" on the lecture\'s slides; Python socket docs, recv(bufsize) and the return value of recv_into(); the man page recv(2).',
    id: '"recv: menerima data sebesar buffer yang ditentukan (65535)" pada slide kuliah; dokumentasi socket Python, recv(bufsize) dan nilai kembali recv_into(); halaman manual recv(2).',
  },
  wrong: {
    python: `data = client_sock.recv(1024)         # the rest stays behind
client_sock.sendall(data)`,
    typescript: `socket.on("data", (data) => {
  socket.write(data.subarray(0, 1024)); // the rest is lost
});`,
  },
  repair: {
    python: `# as large as the assignment says
data = client_sock.recv(65535)
client_sock.sendall(data)         # exactly the bytes that arrived`,
    typescript: `socket.on("data", (data) => {
  // all of data: no slice(0, 1024), no buffer of a fixed size
  socket.write(data);
});`,
  },
  inUdp: {
    title: {
      en: "Sends its whole buffer, however little came",
      id: "Mengirim seluruh buffer, padahal yang datang sedikit",
    },
    explanation: {
      en: 'The program has a buffer of a fixed size, receives into it, and then sends all of it. recvfrom_into() says how many bytes it has filled; what lies behind them is zeros, or the rest of an earlier datagram, and does not belong to the message. A buffer of 65535 bytes is even more than one datagram can hold: sendto() then raises OSError, "Message too long".',
      id: 'Program memiliki buffer berukuran tetap, menerima datagram ke dalamnya, lalu mengirim seluruh isinya. recvfrom_into() memberi tahu berapa byte yang terisi; yang ada di belakangnya adalah byte nol, atau sisa datagram sebelumnya, dan bukan bagian dari pesan. Buffer 65535 byte bahkan lebih besar daripada yang muat dalam satu datagram: sendto() lalu memunculkan OSError, "Message too long".',
    },
    lookUp: {
      en: "Python socket docs, recvfrom_into() and its return value, memoryview and slices; Node docs, dgram, the event 'message' and buf.subarray().",
      id: "Dokumentasi socket Python, recvfrom_into() dan nilai kembalinya, memoryview dan slice; dokumentasi Node, dgram, event 'message' dan buf.subarray().",
    },
    wrong: {
      python: `buffer = bytearray(9000)
count, address = s.recvfrom_into(buffer)
s.sendto(buffer, address)     # all 9000 bytes`,
      typescript: `const buffer = Buffer.alloc(9000);
server.on("message", (data, client) => {
  data.copy(buffer);
  // all 9000 bytes
  server.send(buffer, client.port, client.address);
});`,
    },
    repair: {
      python: `buffer = bytearray(65535)
count, address = s.recvfrom_into(buffer)
s.sendto(buffer[:count], address)     # exactly what arrived`,
      typescript: `server.on("message", (data, client) => {
  // data is exactly what arrived
  server.send(data, client.port, client.address);
});`,
    },
  },
  fault: (run) => (run.program === "udp-server" ? sends(run) : receives(run)),
  diagnose(symptoms) {
    const writesAfterItsEnd = complains(/ERR_STREAM_WRITE_AFTER_END/);
    // A datagram of a few letters does not become too long by itself.
    const tooLong = showing(symptoms, says(/Message too long|EMSGSIZE/), ["echoes-a-datagram"]);
    if (tooLong.length > 0) return suspect(0.95, tooLong);
    const padded = anyExchange(({ sent, received }) => {
      const rest = received.subarray(sent.length);
      return (
        sent.length > 0 &&
        isSize(received.length) &&
        received.subarray(0, sent.length).equals(sent) &&
        rest.length > 0 &&
        rest.every((byte) => byte === 0)
      );
    });
    const filled = showing(symptoms, padded);
    if (filled.length > 0) return suspect(0.97, filled);
    const cuts = allExchanges(symptoms).filter((exchange) => isCut(exchange) && exchange.receivedBytes > 0);
    // The same few bytes of several messages are no accident.
    const isUsual = (bytes: number): boolean =>
      new Set(cuts.filter((one) => one.receivedBytes === bytes).map(({ sentBytes }) => sentBytes)).size > 1;
    const cutAtSize = anyExchange(
      (exchange) => isCut(exchange) && (isSize(exchange.receivedBytes) || isUsual(exchange.receivedBytes)),
    );
    const named = showing(symptoms, both(cutAtSize, not(meetsBadValue), not(writesAfterItsEnd)), [
      "echoes-around-the-buffer",
      "reads-a-long-reply",
    ]);
    if (named.length === 0) return undefined;
    const short = anyExchange(({ receivedBytes, sentBytes }) => receivedBytes > 0 && receivedBytes < sentBytes);
    const explains = [
      ...named,
      ...showing(symptoms, short, ["flushes-before-closing", "echoes-a-large-body", "survives-a-stalled-reader"]),
    ];
    return suspect(
      fails(symptoms, "keeps-the-connection") || fails(symptoms, "echoes-joined-messages") ? 0.6 : 0.93,
      explains,
    );
  },
};

/** A size that people choose for a buffer: a power of two or a round number, at least 64 bytes, or the most that IP carries. */
function isSize(bytes: number): boolean {
  return bytes >= 64 && (Number.isInteger(Math.log2(bytes)) || bytes % 100 === 0 || MOST.includes(bytes));
}

/** Bytes of the largest packet, and of the largest UDP datagram in it. */
const MOST = [65535, 65507];
