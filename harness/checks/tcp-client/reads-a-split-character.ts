import type { ClientCheck } from "../check.ts";
import { asText, describeStay, exitOf, LOST, lostItsReply, shown, showsInPieces, speaker } from "../client-reading.ts";
import { judgeAchieved } from "../echo.ts";
import { before, fail, join, PASS, receivedFrom, sentTo } from "../reading.ts";

export const check: ClientCheck = {
  title: { en: "reads a letter that comes in two pieces", id: "membaca huruf yang datang dalam dua potong" },
  why: {
    en: "In UTF-8 the letter é is two bytes, and a recv() may end between them. Collect all the bytes first, then decode once.",
    id: "Dalam UTF-8 huruf é terdiri dari dua byte, dan sebuah recv() bisa berakhir di antaranya. Kumpulkan semua byte dulu, baru decode satu kali.",
  },
  requirement: "client-receives",
  cites: [
    {
      source: "RFC 3629 section 4",
      quote: "A UTF-8 string is a sequence of octets representing a sequence of UCS characters.",
    },
    {
      source: "RFC 9293 section 2.2",
      quote: "TCP provides a reliable, in-order, byte-stream service to applications.",
    },
  ],
  level: ({ kind, client }) =>
    kind === "stream" && client.printsReply && client.message.by !== "fixed" ? "should" : undefined,
  after: ["sends-every-letter", "reads-a-fragmented-reply", "shows-the-reply"],
  stimulate: { observes: "sends-every-letter" },
  judge(transcript) {
    const notAchieved = judgeAchieved(transcript);
    if (notAchieved) return notAchieved;
    const peer = speaker(transcript);
    // What the client says after its answer is not part of it.
    const reply = receivedFrom(before(transcript, "sent"), peer);
    const output = unescaped(shown(transcript));
    // In an encoding with one byte a letter nothing was split.
    if (!reply.includes("é") || showsInOrder(output, asText(reply)) || showsInRows(output, asText(reply))) return PASS;
    const expected = {
      en: `The two bytes of é come one after the other, and the client prints ${asText(reply)}.`,
      id: `Dua byte dari é datang satu demi satu, dan klien mencetak ${asText(reply)}.`,
    };
    if (lostItsReply(transcript)) return fail(expected, join(LOST, describeStay(transcript)));
    if (sentTo(transcript, peer).length < reply.length || (exitOf(transcript)?.code ?? 0) !== 0) {
      return fail(expected, join(BETWEEN, describeStay(transcript)));
    }
    // Nothing shown at all, here as with any reply, is for others to judge.
    if (output.trim() === "") return PASS;
    return fail(expected, { en: `It printed: ${output.trim()}`, id: `Klien mencetak: ${output.trim()}` });
  },
};

const BETWEEN = {
  en: "The client failed when only the first of the two bytes was there.",
  id: "Klien gagal ketika baru byte pertama dari kedua byte itu yang datang.",
};

/** Also where each piece was printed by itself, as it came. */
function showsInOrder(output: string, text: string): boolean {
  const parts = text.split(/(é)/);
  return parts.reduce((from, part) => (from < 0 ? from : output.indexOf(part, from)), 0) >= 0;
}

/** Also in the rows of a dump of bytes, where what is no ASCII is a dot. */
function showsInRows(output: string, text: string): boolean {
  return [text, text.replaceAll("é", "..")].some((one) => showsInPieces(output, Buffer.from(one)));
}

/** JSON and Python's ascii() write a letter beyond ASCII as an escape. */
function unescaped(output: string): string {
  return output.replace(/\\u00e9|\\xe9/gi, "é");
}
