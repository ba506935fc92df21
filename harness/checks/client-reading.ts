import type { Contract, Level } from "../assignment/assignment.ts";
import { readsInput } from "../kernel/blocked.ts";
import type { Text } from "../text.ts";
import type { EventOf, Exit, Transcript } from "../wire/transcript.ts";
import { describeExit } from "./echo.ts";
import { all, has, last, letterOrEscape, measured, peers, printed, sentTo, show, since } from "./reading.ts";

/** Ways of reading a transcript in which the subject is a client and Gema its server. */

/** The level where the client has to show the reply; elsewhere nobody can see whether it does. */
export const whereShown =
  (level: Level) =>
  ({ client }: Contract): Level | undefined =>
    client.printsReply ? level : undefined;

/** The level where Gema chooses the message; a client with a literal of its own sends only that. */
export const whereChosen =
  (level: Level) =>
  ({ client }: Contract): Level | undefined =>
    client.message.by === "fixed" ? undefined : level;

/** The connection that brought a message, else the first one. */
export function speaker(transcript: Transcript): string {
  return peers(transcript).find((peer) => has(transcript, "received", peer)) ?? peers(transcript)[0] ?? "A";
}

/** The client's launches, one after another: a transcript each. */
export function launches(transcript: Transcript): Transcript[] {
  const starts = transcript.flatMap((event, at) => (event.type === "started" ? [at] : []));
  return starts.map((from, nth) => transcript.slice(from, starts[nth + 1]));
}

/** The launches of several clients at once: for each how it began, and what it said and ended with. */
export function launchesAtOnce(transcript: Transcript): Transcript[] {
  return launches(transcript).map((launch) => {
    const pid = last(launch, "started")?.pid;
    const began = launch.filter(({ type }) => type === "started" || type === "typed");
    return [...began, ...transcript.filter((event) => "pid" in event && event.pid === pid && event.type !== "started")];
  });
}

/** What the client printed once it could know the reply; also on stderr, as loggers do, unless it ended in an error. */
export function shown(transcript: Transcript): string {
  const streams = exitOf(transcript)?.code === 0 ? (["stdout", "stderr"] as const) : (["stdout"] as const);
  return streams.map((stream) => printed(since(transcript, "sent"), stream)).join("");
}

export function exitOf(transcript: Transcript): Exit | undefined {
  return last(transcript, "exited")?.exit;
}

/** Python's `b'...'` and Node's `<Buffer ..>`: bytes as a programmer sees them. */
const NOTATION = /\bb'(?:[^'\\\n]|\\.)*'|\bb"(?:[^"\\\n]|\\.)*"|<Buffer [^>]*>/g;

/** What a terminal takes for the colour of the letters that follow (ECMA-48, SGR). */
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, "g");

/** What is shown as text. */
export function withoutNotation(output: string): string {
  return output.replace(COLOUR, "").replace(NOTATION, "");
}

/** The reply stands in the output as text, whatever surrounds it. A reply of nothing but white space is always there. */
export function showsText(output: string, reply: Uint8Array): boolean {
  const text = asText(reply);
  // Whoever sends `b'...'` as text is to show it.
  return withoutNotation(output).includes(text) || (text !== withoutNotation(text) && output.includes(text));
}

/** A reply that is printed piece by piece is still shown; pieces are at least this long. */
const SHORTEST_PIECE = 4;

/** The reply stands in the output in pieces, one after the other: lines, messages, or what each receive brought. */
export function showsInPieces(output: string, reply: Uint8Array): boolean {
  const shown = withoutNotation(output);
  let rest = asText(reply);
  if (rowsOf(shown, rest).some((pieces) => makeUp(pieces, rest))) return true;
  for (let from = 0; rest !== ""; ) {
    const piece = longestShown(shown.slice(from), rest);
    if (piece.length < Math.min(SHORTEST_PIECE, rest.length)) return false;
    from = shown.indexOf(piece, from) + piece.length;
    rest = rest.slice(piece.length).trimStart();
  }
  return true;
}

/** Before a piece, and behind it. */
const WORDS_AT_MOST = 80;
const ROWS_TRIED_AT_MOST = 200;

/**
 * Pieces of any length that were printed one a line, between the same words each time (figures may count them); for each
 * kind of line that may have brought the first of them.
 *
 * @param text begins with the first piece
 */
export function rowsOf(output: string, text: string): string[][] {
  const first = text.charAt(0);
  if (first === "") return [];
  const lines = output.split(/\r?\n/);
  const kinds = new Map<string, number>();
  for (const [nth, line] of lines.slice(0, ROWS_TRIED_AT_MOST).entries()) {
    for (let at = line.indexOf(first); at >= 0 && at <= WORDS_AT_MOST; at = line.indexOf(first, at + 1)) {
      const kind = alike(line.slice(0, at));
      if (!kinds.has(kind)) kinds.set(kind, nth);
    }
  }
  return [...kinds].flatMap(([kind, from]) => {
    const row = new RegExp(`^${kind}(.*)$`);
    const pieces = lines.slice(from).flatMap((line) => row.exec(line)?.[1] ?? []);
    return [pieces, ...withoutWordsBehind(pieces, text)];
  });
}

/** An expression for these words, whatever their figures. */
function alike(words: string): string {
  return words.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&").replace(/\d+/g, "\\d+");
}

/** The pieces as they are when what stands behind the first of them, and so behind the others, is none of the text. */
function withoutWordsBehind(pieces: readonly string[], text: string): string[][] {
  const [first = ""] = pieces;
  let same = 0;
  while (same < first.length && first[same] === text[same]) same++;
  // The words may begin with the letter that the next piece begins with.
  const ends = [same, same - 1].filter((end) => end > 0 && end < first.length && first.length - end <= WORDS_AT_MOST);
  return ends.map((end) => {
    const words = new RegExp(`${alike(first.slice(end))}$`);
    return pieces.flatMap((piece) => {
      const found = words.exec(piece.slice(-2 * WORDS_AT_MOST))?.[0].length;
      return found === undefined ? [] : piece.slice(0, piece.length - found);
    });
  });
}

/** These pieces are the text, and more may follow; white space at their ends need not have been printed. */
function makeUp(pieces: readonly string[], text: string): boolean {
  let rest = text;
  for (const piece of pieces) {
    if (rest === "") return true;
    // Half a letter may have been kept for the next.
    const found = [piece, piece.trim()].find((one) => rest.startsWith(one));
    if (found === undefined) return false;
    rest = rest.slice(found.length).trimStart();
  }
  return rest === "";
}

/** Of a message that the program made up by itself, what is no words may be for programs only, such as a header. */
export function showsOwnWords(output: string, reply: Uint8Array, { client: { message } }: Contract): boolean {
  if (message.by !== "fixed" || message.text !== undefined) return false;
  const words = asText(reply).match(/[\p{L}\p{N}\p{Zs}.,!?'-]+/gu) ?? [];
  const [longest = ""] = words.map((one) => one.trim()).sort((a, b) => b.length - a.length);
  return longest.length >= SHORTEST_PIECE && withoutNotation(output).includes(longest);
}

function longestShown(output: string, text: string): string {
  let [shown, hidden] = [0, text.length + 1];
  while (hidden - shown > 1) {
    const middle = Math.floor((shown + hidden) / 2);
    if (output.includes(text.slice(0, middle))) shown = middle;
    else hidden = middle;
  }
  return text.slice(0, shown);
}

/** As much of the reply as does not stand in the output by chance. */
export function showsBeginning(output: string, reply: Uint8Array): boolean {
  const begin = asText(reply).slice(0, SHORTEST_PIECE);
  return begin.length === SHORTEST_PIECE && output.replace(NOTATION, "").includes(begin);
}

/** The reply is there, but only as `b'...'` or `<Buffer ...>`, or as the figures of its bytes. */
export function showsNotation(output: string, reply: Uint8Array): boolean {
  const text = asText(reply);
  if (text === "") return false;
  const hex = [...reply].map((byte) => byte.toString(16).padStart(2, "0"));
  const bytes = hex.join(" ");
  const figures = [bytes, hex.join(""), hex.join(":"), [...reply].join(","), [...reply].join(", ")];
  if (reply.length >= SHORTEST_PIECE && figures.some((one) => output.toLowerCase().includes(one))) return true;
  const all = output.match(NOTATION) ?? [];
  // Of what came in pieces, each has quotes of its own.
  const joined = all.map((one) => one.slice(2, -1)).join("");
  return (
    joined.replaceAll("\\'", "'").includes(inPythonNotation(text)) ||
    all.some((one) => one.includes(bytes.slice(0, 20)))
  );
}

export function describeNotation(output: string): Text {
  const printed = show(Buffer.from(output.trim()));
  return {
    en: `It printed the bytes in the notation of the programming language: ${printed}.`,
    id: `Klien mencetak byte dalam notasi bahasa pemrograman: ${printed}.`,
  };
}

/** As it stands between the quotes of `b"..."`. */
function inPythonNotation(text: string): string {
  const named: Record<number, string> = { 9: "\\t", 10: "\\n", 13: "\\r", 92: "\\\\" };
  return Array.from(Buffer.from(text), (byte) => named[byte] ?? letterOrEscape(byte)).join("");
}

export function asText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8").trim();
}

/** When nothing moved any more it waited for its user. */
export function waitedForInput(transcript: Transcript): boolean {
  const silence = last(transcript, "silent");
  return silence !== undefined && waitsForInput(silence);
}

/** The client waits for its user: legal where its message is typed. */
export function waitsForInput(silence: EventOf<"silent">): boolean {
  return silence.proved && silence.blocked.some(readsInput);
}

/**
 * Until the server left by itself: a FIN that answers the client's is only polite. All when it did not.
 *
 * @param earlier what came before
 */
export function untilLeft(transcript: Transcript, earlier: Transcript = []): Transcript {
  const left = transcript.findIndex(
    (event, at) => event.type === "half-closed" && !has([...earlier, ...transcript.slice(0, at)], "ended", event.peer),
  );
  return left < 0 ? transcript : transcript.slice(0, left);
}

/** It waited for more until the server left, and then it neither showed its reply nor ended well. */
export function lostItsReply(transcript: Transcript): boolean {
  const wasLeft = untilLeft(transcript).length < transcript.length;
  const reply = sentTo(transcript, speaker(transcript));
  return wasLeft && exitOf(transcript)?.code !== 0 && !showsBeginning(shown(transcript), reply);
}

/** Of a client that came to nobody the kernel may have counted that it knocked somewhere. */
export function describeKnocks(transcript: Transcript): Text | undefined {
  return measured(transcript, "knocks-in-vain") === undefined ? undefined : ELSEWHERE;
}

const ELSEWHERE: Text = {
  en: "It knocked at another address or port, where nobody listens.",
  id: "Klien menghubungi alamat atau port lain, yang tidak ada servernya.",
};

export const LOST: Text = {
  en: "It showed nothing of the reply, and waited for more until the server left.",
  id: "Klien tidak menampilkan apa pun dari balasan, dan menunggu lagi sampai server pergi.",
};

/** The client did something that others see. */
export function reacts(transcript: Transcript): boolean {
  return transcript.some(({ type }) => REACTIONS.includes(type));
}

const REACTIONS: readonly Transcript[number]["type"][] = [
  "connected",
  "received",
  "ended",
  "reset",
  "stdout",
  "stderr",
  "exited",
];

/** How the client ended, or what it does instead. */
export function describeStay(transcript: Transcript): Text {
  const ended = last(transcript, "not-started")?.problem ?? describeExit(transcript);
  if (ended) return ended;
  const silence = last(transcript, "silent");
  if (!silence) return { en: "The program is still running.", id: "Program masih berjalan." };
  if (!silence.proved) {
    const seconds = (silence.afterMs / 1000).toFixed(1);
    return {
      en: `The program was still running after ${seconds} s.`,
      id: `Program masih berjalan setelah ${seconds} detik.`,
    };
  }
  if (waitsForInput(silence)) {
    return {
      en: "The program waits for something to be typed (it reads its standard input).",
      id: "Program menunggu sesuatu diketik (membaca standard input).",
    };
  }
  const call = silence.blocked.map((blocked) => blocked.call).find((name) => name in CALLS);
  return (
    CALLS[call ?? ""] ?? {
      en: "The program waits, and will never end by itself.",
      id: "Program menunggu, dan tidak akan pernah berhenti sendiri.",
    }
  );
}

const RECEIVES: Text = {
  en: "The program waits in recv() for more bytes, and will never end by itself.",
  id: "Program menunggu byte berikutnya di recv(), dan tidak akan pernah berhenti sendiri.",
};
const SENDS: Text = {
  en: "The program stands still in send(): its bytes are not taken because it does not read.",
  id: "Program macet di send(): byte-nya tidak diambil karena program tidak membaca.",
};
const CALLS: Readonly<Record<string, Text>> = {
  recvfrom: RECEIVES,
  recvmsg: RECEIVES,
  read: RECEIVES,
  sendto: SENDS,
  sendmsg: SENDS,
  write: SENDS,
};

/**
 * Bytes of the reply that lie unread while the client waits for something else. Of a client that has closed its socket
 * nobody can tell for certain: a RST may mean unread bytes, and is a legal end after all was read, too.
 */
export function leftUnread(transcript: Transcript, peer: string): number {
  const sent = all(transcript, "sent", peer).reduce((sum, { bytes }) => sum + bytes.length, 0);
  if ((last(transcript, "read-by-subject", peer)?.bytes ?? 0) >= sent) return 0;
  return last(transcript, "silent")?.connections.find((connection) => connection.peer === peer)?.unread ?? 0;
}

/** What the client was told to send in its last launch, as the transcript shows it; `undefined` for a literal of its own. */
export function told(transcript: Transcript, contract: Contract): Buffer | undefined {
  const { message } = contract.client;
  if (message.by === "fixed") return message.text === undefined ? undefined : Buffer.from(message.text);
  const command = last(transcript, "started")?.command ?? [];
  const { passed } = contract.address;
  if (passed.by === "command" && passed.command.some((part) => part.includes("{message}"))) {
    return filledIn(passed.command, command);
  }
  if (message.by === "argv") return filledIn(message.args, command.slice(-message.args.length));
  const inLastLaunch = transcript.slice(transcript.findLastIndex(({ type }) => type === "started") + 1);
  const lines = all(inLastLaunch, "typed").flatMap(({ text }) => text.replace(/\n$/, "").split("\n"));
  return filledIn(message.lines, lines.slice(passed.by === "stdin" ? passed.lines.length : 0));
}

function filledIn(templates: readonly string[], words: readonly string[]): Buffer | undefined {
  const at = templates.findIndex((template) => template.includes("{message}"));
  const [head = "", tail = ""] = (templates[at] ?? "").split("{message}");
  const word = words[at];
  return word === undefined ? undefined : Buffer.from(word.slice(head.length, word.length - tail.length));
}
