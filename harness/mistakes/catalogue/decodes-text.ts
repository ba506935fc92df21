import { breaks, either, receives, sends, setsEncoding } from "../fault.ts";
import type { Diagnosis, Mistake, Symptoms } from "../mistake.ts";
import { isCut, isNothing, isReencoded, isRefused } from "../reply.ts";
import { losesForeignLetters } from "../signs/client.ts";
import { anyExchange, both, not } from "../signs/sign.ts";
import { waitsForKeyboard } from "../signs/waits.ts";
import { failsToDecode, showsBytesAsLetters } from "../signs/words.ts";
import { fails, showing, suspect } from "../symptoms.ts";

const NOT_EVERY_LETTER = { en: "Does not let every letter through", id: "Tidak meloloskan semua huruf" };

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "Treats bytes as text", id: "Memperlakukan byte sebagai teks" },
  explanation: {
    en: "The program decodes what it receives. A socket carries bytes from 0 to 255, and not every sequence of bytes is text: decode() raises UnicodeDecodeError, even when it stands only in a print, and toString() puts the character U+FFFD (bytes EF BF BD) in place of what it does not understand. An echo sends back the very bytes that recv() gave.",
    id: "Program melakukan decode pada data yang diterima. Socket membawa byte dari 0 sampai 255, dan tidak semua urutan byte adalah teks: decode() memunculkan UnicodeDecodeError, bahkan jika hanya ada di dalam print, dan toString() mengganti yang tidak dikenalnya dengan karakter U+FFFD (byte EF BF BD). Echo mengirim kembali byte yang persis sama dengan hasil recv().",
  },
  lookUp: {
    en: '"send: mengirim data bertipe byte (tanda b di awal string)" on the lecture\'s slides; Python docs, bytes.decode() and its errors argument; Node docs, Buffer, and socket.setEncoding(), which an echo must not call.',
    id: '"send: mengirim data bertipe byte (tanda b di awal string)" pada slide kuliah; dokumentasi Python, bytes.decode() dan argumen errors; dokumentasi Node, Buffer, dan socket.setEncoding(), yang tidak boleh dipanggil untuk echo.',
  },
  wrong: {
    python: `data = client_sock.recv(65535).decode()
client_sock.sendall(data.encode())`,
    typescript: `socket.setEncoding("utf8");
socket.on("data", (text) => socket.write(text));`,
  },
  repair: {
    python: `data = client_sock.recv(65535)
print(data)                   # b'...': shows any bytes, never fails
client_sock.sendall(data)     # the bytes themselves`,
    typescript: `socket.on("data", (data: Buffer) => {
  console.log(data);   // <Buffer ...>: shows any bytes
  socket.write(data);  // the bytes themselves, no toString()
});`,
  },
  inClient: {
    title: NOT_EVERY_LETTER,
    explanation: {
      en: `The client turns its text into bytes, or the reply into text, in a way that not every letter survives. encode("ascii") raises UnicodeEncodeError at a letter such as é, or leaves it out where it is told errors="ignore"; decode() raises UnicodeDecodeError at bytes that are no text for it, and toString() puts the character U+FFFD in their place. In UTF-8 such a letter takes two bytes or more, and a recv() may end in the middle of one. Use encode() and decode() alone, which mean UTF-8, and decode once the whole reply is there.`,
      id: `Klien mengubah teksnya menjadi byte, atau balasan menjadi teks, dengan cara yang tidak mengenal semua huruf. encode("ascii") memunculkan UnicodeEncodeError pada huruf seperti é, atau membuangnya jika diberi errors="ignore"; decode() memunculkan UnicodeDecodeError pada byte yang baginya bukan teks, dan toString() menggantinya dengan karakter U+FFFD. Dalam UTF-8 huruf seperti itu memakai dua byte atau lebih, dan satu recv() bisa berakhir di tengahnya. Pakai encode() dan decode() saja, yang berarti UTF-8, dan lakukan decode setelah seluruh balasan diterima.`,
    },
    lookUp: {
      en: `"send: mengirim data bertipe byte (tanda b di awal string)" on the lecture's slides; Python docs, str.encode() and bytes.decode() with their arguments encoding and errors; Node docs, Buffer.concat() and buf.toString().`,
      id: `"send: mengirim data bertipe byte (tanda b di awal string)" pada slide kuliah; dokumentasi Python, str.encode() dan bytes.decode() beserta argumen encoding dan errors; dokumentasi Node, Buffer.concat() dan buf.toString().`,
    },
    wrong: {
      python: `s.sendall(text.encode("ascii"))
print(s.recv(65535).decode("ascii"))`,
      typescript: `socket.on("data", (data) => console.log(data.toString("ascii")));`,
    },
    repair: {
      python: `message = text.encode()               # UTF-8
s.sendall(message)
reply = b""
while len(reply) < len(message):      # all of it first
    data = s.recv(65535)
    if not data:
        break
    reply += data
print(reply.decode())                 # UTF-8`,
      typescript: `// keeps the bytes of a letter together
socket.setEncoding("utf8");
socket.on("data", (text) => process.stdout.write(text));`,
    },
  },
  inUdp: {
    explanation: {
      en: "The program decodes what it receives. A datagram carries bytes from 0 to 255, and not every sequence of bytes is text: decode() raises UnicodeDecodeError, even when it stands only in a print, and toString() puts the character U+FFFD (bytes EF BF BD) in place of what it does not understand. An echo sends back the very bytes that recvfrom() gave.",
      id: "Program melakukan decode pada data yang diterima. Datagram membawa byte dari 0 sampai 255, dan tidak semua urutan byte adalah teks: decode() memunculkan UnicodeDecodeError, bahkan jika hanya ada di dalam print, dan toString() mengganti yang tidak dikenalnya dengan karakter U+FFFD (byte EF BF BD). Echo mengirim kembali byte yang persis sama dengan hasil recvfrom().",
    },
    lookUp: {
      en: `recvfrom() and sendto() in the Python socket docs, and "UDP → SOCK_DGRAM" on the lecture's slides; Node docs, dgram, socket.send and the event 'message'; RFC 862: "the data from it is sent back in an answering datagram".`,
      id: `recvfrom() dan sendto() pada dokumentasi socket Python, dan "UDP → SOCK_DGRAM" pada slide kuliah; dokumentasi dgram Node, socket.send dan event 'message'; RFC 862: "the data from it is sent back in an answering datagram".`,
    },
    wrong: {
      python: `data, address = s.recvfrom(65535)
s.sendto(data.decode().encode(), address)`,
      typescript: `server.on("message", (data, client) => {
  server.send(data.toString(), client.port, client.address);
});`,
    },
    repair: {
      python: `data, address = s.recvfrom(65535)
print(data)                   # b'...': shows any bytes, never fails
s.sendto(data, address)       # the bytes themselves`,
      typescript: `server.on("message", (data, client) => {
  console.log(data); // <Buffer ...>: shows any bytes
  // the bytes themselves, no toString()
  server.send(data, client.port, client.address);
});`,
    },
  },
  inUdpClient: {
    title: NOT_EVERY_LETTER,
    explanation: {
      en: `The client turns its text into bytes, or the reply into text, in a way that not every letter survives. encode("ascii") raises UnicodeEncodeError at a letter such as é, or leaves it out where it is told errors="ignore"; decode("ascii") raises UnicodeDecodeError at the two bytes or more that it takes in UTF-8, and toString() puts the character U+FFFD in the place of what is no text. Use encode() and decode() alone, which mean UTF-8.`,
      id: `Klien mengubah teksnya menjadi byte, atau balasan menjadi teks, dengan cara yang tidak mengenal semua huruf. encode("ascii") memunculkan UnicodeEncodeError pada huruf seperti é, atau membuangnya jika diberi errors="ignore"; decode("ascii") memunculkan UnicodeDecodeError pada dua byte atau lebih yang dipakai huruf itu dalam UTF-8, dan toString() mengganti yang bukan teks dengan karakter U+FFFD. Pakai encode() dan decode() saja, yang berarti UTF-8.`,
    },
    wrong: {
      python: `s.sendto(text.encode("ascii"), server)
data, sender = s.recvfrom(65535)
print(data.decode("ascii"))`,
      typescript: `socket.on("message", (data) => console.log(data.toString("ascii")));`,
    },
    repair: {
      python: `s.sendto(text.encode(), server)   # UTF-8
data, sender = s.recvfrom(65535)
print(data.decode())              # UTF-8`,
      typescript: `socket.on("message", (data) => console.log(data.toString())); // UTF-8`,
    },
  },
  fault: either(breaks, setsEncoding, receives, sends),
  diagnose(symptoms) {
    const mojibake = showing(symptoms, showsBytesAsLetters, ["reads-a-split-character"]);
    if (mojibake.length > 0) return suspect(0.93, mojibake);
    const lost = showing(symptoms, losesForeignLetters, ["sends-every-letter"]);
    if (lost.length > 0) return suspect(0.93, lost);
    const reencoded = anyExchange(isReencoded);
    const explains = [
      ...new Set([
        ...showing(symptoms, failsToDecode),
        ...showing(symptoms, reencoded),
        ...showing(symptoms, anyExchange(isRefused), NO_TEXT),
      ]),
    ];
    // A client that stumbles over half a letter alone decodes what it should, and too early.
    if (explains.every((check) => check === "tcp-client/reads-a-split-character")) explains.length = 0;
    if (explains.length > 0) {
      const damaged = anyExchange(
        ({ bodyDiffers, sentBytes, receivedBytes }) => bodyDiffers || receivedBytes !== sentBytes,
      );
      explains.push(...showing(symptoms, damaged, ["echoes-a-large-body", "survives-a-stalled-reader"]));
      const replaced = fails(symptoms, "echoes-a-split-character", both(reencoded, not(failsToDecode)));
      return suspect(replaced ? 0.6 : 0.96, explains);
    }
    return heldBack(symptoms);
  },
};

/** Checks whose messages are no text, or half a letter, on a connection where text would be answered. */
const NO_TEXT = ["echoes-a-split-character", "echoes-every-byte", "echoes-invalid-utf8"];

/**
 * An incremental decoder keeps the beginning of a character back, and drops it at the end. A task of asyncio that could
 * not decode it ends without a word.
 */
function heldBack(symptoms: Symptoms): Diagnosis | undefined {
  const dropped = anyExchange(
    (exchange) =>
      (isCut(exchange) || isNothing(exchange)) && exchange.sentBytes - exchange.receivedBytes <= LONGEST_CHARACTER,
  );
  const explains = showing(symptoms, both(dropped, not(waitsForKeyboard)), ["echoes-invalid-utf8"]);
  if (["echoes-around-the-buffer", "echoes-a-quit-word"].some((name) => fails(symptoms, name, anyExchange(isCut))))
    return undefined;
  // Whoever loses letters, too, loses whatever comes last.
  const losesLetters = fails(symptoms, "flushes-before-closing", anyExchange(isCut));
  const saysNothing = fails(symptoms, "echoes-invalid-utf8", anyExchange(isNothing));
  if (explains.length === 0 || (losesLetters && !saysNothing)) return undefined;
  return suspect(0.7, [
    ...explains,
    ...showing(symptoms, dropped, ["echoes-a-large-body", "echoes-a-split-character"]),
  ]);
}

/** Bytes of a character in UTF-8. */
const LONGEST_CHARACTER = 4;
