import type { Contract } from "../../assignment/assignment.ts";
import type { Payload } from "../../wire/payload.ts";
import type { Transcript } from "../../wire/transcript.ts";
import type { ClientCheck } from "../check.ts";
import { describeStay, speaker, told, whereChosen } from "../client-reading.ts";
import { answerInPieces, hear, leaveSilentOne, seeOff } from "../client-talk.ts";
import { fail, join, PASS, receivedFrom, show } from "../reading.ts";
import type { Finding } from "../verdict.ts";

/** Two bytes in UTF-8, one in Latin-1, none in ASCII. */
const LETTER = Buffer.from("é");
const SPACE = Buffer.from(" ");

export const check: ClientCheck = {
  title: { en: "sends spaces, and letters beyond ASCII", id: "mengirim spasi, dan huruf di luar ASCII" },
  why: {
    en: "Names and words hold letters such as é. encode('ascii') refuses them or drops them; encode() alone means UTF-8, which has them all. split() leaves only a word of a sentence.",
    id: "Nama dan kata bisa mengandung huruf seperti é. encode('ascii') menolak atau membuangnya; encode() saja berarti UTF-8, yang memiliki semuanya. split() hanya menyisakan satu kata dari sebuah kalimat.",
  },
  requirement: "client-sends",
  cites: [{ source: "Python documentation, str.encode", quote: "encoding defaults to 'utf-8'" }],
  level: whereChosen("should"),
  after: ["sends-its-message", "reads-the-reply"],
  async stimulate(scene) {
    const { payload, contract } = scene;
    await scene.serve(() => {});
    const probe = await hear(scene, letters(payload));
    if (!probe) return seeOff(scene);
    // Each cut is within a letter, and by the second there are as many bytes as the message has letters.
    const halves = new Set([probe.bytes.indexOf(LETTER), probe.bytes.lastIndexOf(LETTER)]);
    const cuts = [...halves].filter((at) => at >= 0 && contract.kind === "stream").map((at) => at + 1);
    await answerInPieces(scene, probe, probe.bytes, cuts);
    await seeOff(scene, { shows: probe.bytes, echoing: true });
    await leaveSilentOne(scene, probe);
  },
  judge: judgeLetters,
};

/** Two words, each with a letter beyond ASCII. */
export function letters(payload: Payload): Buffer {
  return Buffer.concat([payload.nonce(6), LETTER, SPACE, payload.nonce(6), LETTER]);
}

/** Whether the message came as text, in any encoding that has its letters. */
export function judgeLetters(transcript: Transcript, contract: Contract): Finding {
  const message = told(transcript, contract) ?? Buffer.alloc(0);
  const received = receivedFrom(transcript, speaker(transcript));
  const text = message.toString("utf8");
  if ((["utf8", "latin1", "utf16le"] as const).some((encoding) => received.includes(Buffer.from(text, encoding))))
    return PASS;
  const arrived = {
    en: received.length === 0 ? "Nothing arrived." : `What arrived is ${show(received)}.`,
    id: received.length === 0 ? "Tidak ada yang sampai." : `Yang sampai adalah ${show(received)}.`,
  };
  return fail(
    { en: `The message ${text} arrives with all its letters.`, id: `Pesan ${text} sampai dengan semua hurufnya.` },
    join(arrived, describeStay(transcript)),
  );
}
