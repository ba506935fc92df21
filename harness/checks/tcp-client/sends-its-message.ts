import type { Contract } from "../../assignment/assignment.ts";
import type { Text } from "../../text.ts";
import type { Transcript } from "../../wire/transcript.ts";
import { always, type ClientCheck } from "../check.ts";
import { describeStay, speaker, told } from "../client-reading.ts";
import { before, fail, firstDifference, join, PASS, plural, receivedFrom, show } from "../reading.ts";

export const check: ClientCheck = {
  title: { en: "sends its message unchanged", id: "mengirim pesannya tanpa perubahan" },
  why: {
    en: 'send() takes bytes: text is encoded first (b"..." or .encode()). What arrives must be the message, nothing more and nothing less.',
    id: 'send() menerima byte: teks harus diubah dulu (b"..." atau .encode()). Yang sampai harus pesan itu, tidak lebih dan tidak kurang.',
  },
  requirement: "client-sends",
  cites: [{ source: "lecture", quote: "send: mengirim data bertipe byte (tanda b di awal string)" }],
  level: always("must"),
  after: ["connects-where-asked"],
  stimulate: { observes: "connects-where-asked" },
  judge(transcript, contract) {
    const message = told(transcript, contract);
    const received = firstMessage(transcript, message);
    const expected = expectedMessage(message);
    if (received.length === 0) {
      const nothing = {
        en: "The client connected and sent nothing.",
        id: "Klien terhubung, tetapi tidak mengirim apa pun.",
      };
      return fail(expected, join(nothing, describeStay(transcript)));
    }
    if (!message || isLegal(received, message, contract)) return PASS;
    return fail(expected, describeDifference(received, message), firstDifference(message, received));
  },
};

/** What the client said before it was answered, if that holds its message; what it says later is another one. */
function firstMessage(transcript: Transcript, message: Buffer | undefined): Buffer {
  const peer = speaker(transcript);
  const unanswered = receivedFrom(before(transcript, "sent"), peer);
  return message && unanswered.length >= message.length ? unanswered : receivedFrom(transcript, peer);
}

export function expectedMessage(message: Buffer | undefined): Text {
  if (!message) return { en: "The client sends a message.", id: "Klien mengirim sebuah pesan." };
  return {
    en: `The client sends ${show(message)} (${plural(message.length, "byte")}).`,
    id: `Klien mengirim ${show(message)} (${message.length} byte).`,
  };
}

/** A line that was typed may keep its end, and the lines typed after it may follow. */
export function isLegal(received: Buffer, message: Buffer, { client }: Contract): boolean {
  if (received.equals(message)) return true;
  if (client.message.by === "argv" || !received.subarray(0, message.length).equals(message)) return false;
  return (
    (client.message.by === "stdin" && client.message.lines.length > 1) || isLineEnd(received.subarray(message.length))
  );
}

function isLineEnd(bytes: Buffer): boolean {
  return /^\r?\n$/.test(bytes.toString("latin1"));
}

export function describeDifference(received: Buffer, message: Buffer): Text {
  const begins = received.subarray(0, message.length).equals(message);
  if (begins && isLineEnd(received.subarray(message.length))) {
    return {
      en: "The message arrived with a line end (\\n) added.",
      id: "Pesan sampai dengan tambahan akhir baris (\\n).",
    };
  }
  return {
    en: `What arrived is different: ${show(received)} (${plural(received.length, "byte")}).`,
    id: `Yang sampai berbeda: ${show(received)} (${received.length} byte).`,
  };
}
