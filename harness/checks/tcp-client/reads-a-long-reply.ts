import type { Text } from "../../text.ts";
import type { ClientCheck } from "../check.ts";
import { describeStay, told, withoutNotation } from "../client-reading.ts";
import { fail, join, last, measured, PASS, plural, printed } from "../reading.ts";

/** Enough letters to be no accident, few enough to lie in one piece of a reply that is printed piece by piece. */
const SHOWN = 10;
/** Of a reply that was read in full a program may show the first letters once more. */
const MORE_THAN_A_FOREWORD = 200;

export const check: ClientCheck = {
  title: { en: "reads a long reply to its end", id: "membaca balasan panjang sampai habis" },
  why: {
    en: "recv(1024) returns at most 1024 bytes, often fewer. A longer reply needs a loop that counts what has come.",
    id: "recv(1024) mengembalikan paling banyak 1024 byte, sering kali kurang. Balasan yang lebih panjang membutuhkan loop yang menghitung byte yang sudah datang.",
  },
  requirement: "client-receives",
  cites: [
    {
      source: "Python documentation, socket.recv",
      quote: "The maximum amount of data to be received at once is specified by bufsize.",
    },
    { source: "RFC 862", quote: "any data received is sent back" },
  ],
  level: ({ kind, client }) => (kind === "stream" && client.message.by !== "fixed" ? "must" : undefined),
  after: ["reads-the-reply"],
  stimulate: { observes: "sends-a-long-message" },
  judge(transcript, contract) {
    const heard = last(transcript, "body-received")?.length ?? 0;
    const returned = last(transcript, "body-sent")?.length ?? 0;
    const expected: Text = {
      en: `The client reads all ${plural(heard, "byte")} that come back.`,
      id: `Klien membaca semua ${heard} byte yang kembali.`,
    };
    if (returned < heard) {
      const rest = {
        en: `The client stopped reading while the reply was on its way; ${plural(heard - returned, "byte")} could not be sent back.`,
        id: `Klien berhenti membaca saat balasan masih dikirim; ${heard - returned} byte tidak bisa dikirim kembali.`,
      };
      return fail(expected, join(rest, describeStay(transcript)));
    }
    // What it did not send cannot come back: that is for `sends-a-long-message`.
    if (heard < (measured(transcript, "body-bytes") ?? 1)) return PASS;
    const message = (told(transcript, contract) ?? Buffer.alloc(0)).toString("utf8");
    const [beginning, end] = [message.slice(0, SHOWN), message.slice(-SHOWN)];
    const output = withoutNotation(printed(transcript, "stdout"));
    // A client may print what it sends, too: then the last that it began to print is the reply.
    const begun = output.lastIndexOf(message.slice(0, MORE_THAN_A_FOREWORD));
    const isWhole = output.includes(end) && output.lastIndexOf(end) > begun;
    // Whether it shows replies at all is for `shows-the-reply`.
    if (!contract.client.printsReply || !output.includes(beginning) || isWhole) return PASS;
    const cut = {
      en: `The client did not print the end of the reply ("...${end}").`,
      id: `Klien tidak mencetak bagian akhir balasan ("...${end}").`,
    };
    return fail(expected, join(cut, describeStay(transcript)));
  },
};
