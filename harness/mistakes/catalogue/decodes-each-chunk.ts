import { roleOf } from "../../assignment/assignment.ts";
import { asText, lostItsReply, shown, showsText, speaker } from "../../checks/client-reading.ts";
import { sentTo } from "../../checks/reading.ts";
import { breaks, either, receives, sends, setsEncoding } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { isInAnotherEncoding, isReencoded } from "../reply.ts";
import { leavesAtLetterCount } from "../signs/client.ts";
import { crashed } from "../signs/process.ts";
import { anyExchange, anyOf, both, not, type Sign } from "../signs/sign.ts";
import { waitsForKeyboard } from "../signs/waits.ts";
import { failsToDecode, says, showsBytesAsLetters } from "../signs/words.ts";
import { fails, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client"],
  title: { en: "Decodes each piece by itself", id: "Melakukan decode pada setiap potongan" },
  explanation: {
    en: "What one recv() (or one 'data' event) brings may end in the middle of a character: é is the two bytes C3 A9. The program decodes every piece for itself, and each half of such a character turns into U+FFFD (shown as a question mark) or into an exception. An echo needs no text: send the bytes back as they came, and decode for the screen at most.",
    id: "Hasil satu recv() (atau satu event 'data') bisa berakhir di tengah sebuah karakter: é terdiri dari dua byte C3 A9. Program melakukan decode pada setiap potongan, sehingga setiap paruh karakter itu menjadi U+FFFD (tampak sebagai tanda tanya) atau exception. Echo tidak memerlukan teks: kirim kembali byte-nya seperti saat datang, dan lakukan decode paling-paling untuk layar.",
  },
  lookUp: {
    en: '"data bertipe byte" on the lecture\'s slides; Python docs, codecs.getincrementaldecoder; Node docs, string_decoder and Buffer.concat; RFC 3629, UTF-8.',
    id: '"data bertipe byte" pada slide kuliah; dokumentasi Python, codecs.getincrementaldecoder; dokumentasi Node, string_decoder dan Buffer.concat; RFC 3629, UTF-8.',
  },
  wrong: {
    python: `while data := client_sock.recv(65535):
    text = data.decode()      # a letter may be cut in two
    client_sock.sendall(text.encode())`,
    typescript: `socket.on("data", (data) => {
  const text = data.toString(); // a letter may be cut in two
  socket.write(text);
});`,
  },
  repair: {
    python: `while data := client_sock.recv(65535):
    client_sock.sendall(data) # bytes, as they came`,
    typescript: `socket.on("data", (data) => socket.write(data)); // bytes`,
  },
  inClient: {
    explanation: {
      en: "What one recv() (or one 'data' event) brings may end in the middle of a character: é is the two bytes C3 A9. The program decodes every piece for itself, and each half of such a character turns into U+FFFD (shown as a question mark) or into an exception. Decode once everything is there, or use a decoder that remembers.",
      id: "Hasil satu recv() (atau satu event 'data') bisa berakhir di tengah sebuah karakter: é terdiri dari dua byte C3 A9. Program melakukan decode pada setiap potongan, sehingga setiap paruh karakter itu menjadi U+FFFD (tampak sebagai tanda tanya) atau exception. Lakukan decode setelah semuanya tiba, atau pakai decoder yang mengingat sisa sebelumnya.",
    },
    wrong: {
      python: `print(s.recv(65535).decode())     # a letter may be cut in two`,
      typescript: `// a letter may be cut in two
socket.on("data", (data) => console.log(data.toString()));`,
    },
    repair: {
      python: `decoder = codecs.getincrementaldecoder("utf-8")()
# for each piece; half a letter waits for its other half
print(decoder.decode(s.recv(65535)), end="")`,
      typescript: `socket.setEncoding("utf8"); // half a letter waits for its other half
socket.on("data", (text) => process.stdout.write(text));`,
    },
  },
  fault: either(breaks, setsEncoding, receives, sends),
  diagnose(symptoms) {
    if (roleOf(symptoms.program) === "client")
      return suspect(0.92, showing(symptoms, stumbles, ["reads-a-split-character"]));
    // Who makes other bytes of a whole character, too, decodes what is no text.
    const replaced = both(
      anyExchange((exchange) => isReencoded(exchange) && !isInAnotherEncoding(exchange)),
      not(failsToDecode),
    );
    if (!fails(symptoms, "echoes-a-split-character", replaced)) return undefined;
    const damaged = anyExchange(
      ({ bodyDiffers, sentBytes, receivedBytes }) => bodyDiffers || receivedBytes !== sentBytes,
    );
    const large = showing(symptoms, damaged, ["echoes-a-large-body", "survives-a-stalled-reader"]);
    return suspect(0.95, [...new Set([...showing(symptoms, replaced), ...large])]);
  },
};

/** What it printed holds the sign for what is no letter, or the letters are gone. */
const showsNoLetter: Sign = (transcript) => {
  const reply = sentTo(transcript, speaker(transcript));
  const output = shown(transcript);
  return output.includes("\ufffd") || showsText(output, Buffer.from(asText(reply).replaceAll("é", "")));
};

/** A client failed at half a letter, and for no other reason that is known. */
const stumbles: Sign = both(
  anyOf(
    failsToDecode,
    both(
      anyOf(crashed, lostItsReply, showsNoLetter),
      not(anyOf(waitsForKeyboard, leavesAtLetterCount, showsBytesAsLetters)),
    ),
  ),
  // ASCII has no such letter, in one piece or in two.
  not(says(/ordinal not in range/)),
);
