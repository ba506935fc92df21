import type { Text } from "../../text.ts";
import type { ClientCheck } from "../check.ts";
import { describeStay, rowsOf, told, withoutNotation } from "../client-reading.ts";
import { fail, has, join, last, measured, PASS, plural, printed } from "../reading.ts";

/** Enough letters to be no accident, few enough to lie in one piece of a reply that is printed piece by piece. */
const SHOWN = 10;
/** Of a reply that was read in full a program may show the first letters once more. */
const MORE_THAN_A_FOREWORD = 200;
/** Python's notation of bytes, in which letters and figures stand as they are. */
const LETTERS_AS_BYTES = /\bb(['"])([\w\\]*)\1/g;
/** Node shortens what is logged as part of an object, and says so (`maxStringLength`, `maxArrayLength` of util.inspect). */
const SHORTENED = /\.\.\.\d+more(character|item)s?/;

/** Where the output shows these letters for the last time, in one piece or in two with other words in between, or -1. */
function placeOf(letters: string, output: string): number {
  const places = [...letters].map((_, at) => {
    const first = letters.length - at;
    const second = output.lastIndexOf(letters.slice(first));
    return second < first ? -1 : output.lastIndexOf(letters.slice(0, first), second - first);
  });
  return Math.max(...places);
}

/** Rows that may follow the last that brought some of the reply, such as a goodbye. */
const ROWS_AFTERWARDS = 10;

/** The letters stand in rows, a few in each, with other words around them, at the end of the output. */
function endsInRows(letters: string, output: string): boolean {
  const upwards = output
    .split(/\r?\n/)
    .slice(-ROWS_AFTERWARDS - letters.length)
    .reverse();
  const fromRow = (nth: number): boolean => {
    let rest = letters;
    for (const row of upwards.slice(nth)) {
      if (row.includes(letters)) return false;
      let found = rest.length;
      while (found > 0 && !row.includes(rest.slice(-found))) found--;
      const isPiece = found > 1 || found === rest.length || rest === letters;
      if (found === 0 || !isPiece) return false;
      rest = rest.slice(0, -found);
      if (rest === "") return true;
    }
    return false;
  };
  return upwards.slice(0, ROWS_AFTERWARDS).some((_, nth) => fromRow(nth));
}

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
    const message = (told(transcript, contract) ?? Buffer.alloc(0)).toString("utf8");
    const [beginning, end] = [message.slice(0, SHOWN), message.slice(-SHOWN)];
    // The message has letters and figures only: whatever else there is, it was printed in pieces, in rows or in a box.
    const letters = printed(transcript, "stdout").replace(LETTERS_AS_BYTES, "$2");
    const output = withoutNotation(letters).replace(/[\s|│┃║]+/g, "");
    // A client may print what it sends, too: then the last that it began to print is the reply.
    const begun = output.lastIndexOf(message.slice(0, MORE_THAN_A_FOREWORD));
    const lastShown = placeOf(end, output);
    const inRowsAtLast = endsInRows(end, withoutNotation(letters));
    const [begins, ends] = [placeOf(beginning, output) >= 0, lastShown >= 0 || inRowsAtLast];
    const rows = rowsOf(withoutNotation(letters), beginning).map((pieces) => pieces.join(""));
    const isInRows = rows.some((joined) => joined.startsWith(beginning) && joined.includes(end));
    const isWhole = (begins && (lastShown > begun || inRowsAtLast)) || isInRows;
    // What it did not send cannot come back: that is for `sends-a-long-message`, unless its own reset took the rest along.
    const tornOff = has(transcript, "reset") && begins && !ends;
    if (heard < (measured(transcript, "body-bytes") ?? 1) && !tornOff) return PASS;
    // Whether it shows replies at all is for `shows-the-reply`.
    const isShown = begins || ends;
    if (!contract.client.printsReply || !isShown || isWhole || SHORTENED.test(output)) return PASS;
    // Whoever prints slowly has the rest in its hands.
    if (!has(transcript, "exited") && last(transcript, "silent")?.proved === false) return PASS;
    const cut = begins
      ? {
          en: `The client did not print the end of the reply ("...${end}").`,
          id: `Klien tidak mencetak bagian akhir balasan ("...${end}").`,
        }
      : {
          en: `The client printed only the end of the reply ("...${end}").`,
          id: `Klien hanya mencetak bagian akhir balasan ("...${end}").`,
        };
    return fail(expected, join(cut, describeStay(transcript)));
  },
};
