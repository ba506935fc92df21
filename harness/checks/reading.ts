import type { Text } from "../text.ts";
import type { EventOf, Transcript, TranscriptEvent } from "../wire/transcript.ts";
import type { ByteDifference, Finding } from "./verdict.ts";

/** Ways of reading a transcript that judges share. */

export const PASS: Finding = { outcome: "pass" };

export function fail(expected: Text, observed: Text, difference?: ByteDifference): Finding {
  return { outcome: "fail", expected, observed, ...(difference && { difference }) };
}

export function inconclusive(expected: Text, observed: Text): Finding {
  return { outcome: "inconclusive", expected, observed };
}

export function all<T extends TranscriptEvent["type"]>(transcript: Transcript, type: T, peer?: string): EventOf<T>[] {
  return transcript.filter(
    (event): event is EventOf<T> => event.type === type && (peer === undefined || of(event) === peer),
  );
}

export function last<T extends TranscriptEvent["type"]>(
  transcript: Transcript,
  type: T,
  peer?: string,
): EventOf<T> | undefined {
  return all(transcript, type, peer).at(-1);
}

export function has(transcript: Transcript, type: TranscriptEvent["type"], peer?: string): boolean {
  return all(transcript, type, peer).length > 0;
}

function of(event: TranscriptEvent): string | undefined {
  return "peer" in event ? event.peer : undefined;
}

/** What happened from the first event of this type on; nothing when there was none. */
export function since(transcript: Transcript, type: Transcript[number]["type"]): Transcript {
  const at = transcript.findIndex((event) => event.type === type);
  return at < 0 ? [] : transcript.slice(at);
}

/** What happened until the first event of this type, of this probe if one is named; all when there was none. */
export function before(transcript: Transcript, type: Transcript[number]["type"], peer?: string): Transcript {
  const at = transcript.findIndex(
    (event) => event.type === type && (peer === undefined || ("peer" in event && event.peer === peer)),
  );
  return at < 0 ? transcript : transcript.slice(0, at);
}

/** Names of the probes in the order in which they first appear. */
export function peers(transcript: Transcript): string[] {
  return [...new Set(transcript.flatMap((event) => of(event) ?? []))];
}

export function sentTo(transcript: Transcript, peer: string): Buffer {
  return Buffer.concat(all(transcript, "sent", peer).map(({ bytes }) => bytes));
}

export function receivedFrom(transcript: Transcript, peer: string): Buffer {
  return Buffer.concat(all(transcript, "received", peer).map(({ bytes }) => bytes));
}

/** Only a deadline had passed when Gema said more, and what came then is the first message alone: it may just be slow. */
export function isPerhapsSlow(transcript: Transcript): boolean {
  const late = all(transcript, "silent").some(({ proved }) => !proved);
  return late && peers(transcript).some((peer) => isFirstAlone(transcript, peer));
}

function isFirstAlone(transcript: Transcript, peer: string): boolean {
  const [first, second] = all(transcript, "sent", peer);
  return first !== undefined && second !== undefined && receivedFrom(transcript, peer).equals(first.bytes);
}

/** The program finished this connection before Gema did. */
export function hungUp(transcript: Transcript, name: string): boolean {
  const first = transcript.find((event) => "peer" in event && event.peer === name && ENDS.includes(event.type));
  return first?.type === "ended" || first?.type === "reset";
}

const ENDS: readonly TranscriptEvent["type"][] = ["ended", "reset", "half-closed", "closed"];

/** What the program printed, in all. */
export function printed(transcript: Transcript, stream: "stdout" | "stderr"): string {
  return all(transcript, stream)
    .map(({ text }) => text)
    .join("");
}

export function measured(transcript: Transcript, what: EventOf<"measured">["what"]): number | undefined {
  return all(transcript, "measured").findLast((event) => event.what === what)?.value;
}

const EXCEPTION = /^((Uncaught )?[\w.]*(Error|Exception)( \[\w+\])?|Fatal Python error): /;

/** The last line of stderr that says something: the exception where there is one. */
export function lastWords(transcript: Transcript): string {
  const lines = printed(transcript, "stderr")
    .split("\n")
    .map((line) => line.trim());
  const said = lines.filter(
    (line) => line !== "" && !/^(Node\.js v|\^+$|}|\(node:\d+\) |\(Use `node --trace)/.test(line),
  );
  // Node prints the error's stack and properties after its message.
  return said.findLast((line) => EXCEPTION.test(line)) ?? said.at(-1) ?? "";
}

/** The same bytes, each as often, in another order. */
export function isAnotherOrder(one: Buffer, other: Buffer): boolean {
  if (one.length !== other.length || one.equals(other)) return false;
  return Buffer.from(one).sort().equals(Buffer.from(other).sort());
}

const WINDOW = 16;

/** The first place where two byte strings differ, or `undefined` when they are equal. */
export function firstDifference(expected: Buffer, observed: Buffer): ByteDifference | undefined {
  if (expected.equals(observed)) return undefined;
  let at = 0;
  while (at < expected.length && at < observed.length && expected[at] === observed[at]) at++;
  const from = Math.max(0, at - WINDOW);
  return { at, from, expected: expected.subarray(from, at + WINDOW), observed: observed.subarray(from, at + WINDOW) };
}

/** Bytes for a sentence: printable ASCII as it is, the rest as `\xNN`, shortened in the middle. */
export function show(bytes: Uint8Array): string {
  const SHOWN = 24;
  const shown = (part: Uint8Array): string => Array.from(part, showByte).join("");
  if (bytes.length <= 2 * SHOWN) return `"${shown(bytes)}"`;
  return `"${shown(bytes.subarray(0, SHOWN))}...${shown(bytes.subarray(bytes.length - SHOWN))}"`;
}

function showByte(byte: number): string {
  if (byte === 0x0a) return "\\n";
  if (byte === 0x0d) return "\\r";
  if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
  return letterOrEscape(byte);
}

/** Printable ASCII as it is, the rest as `\xNN`. */
export function letterOrEscape(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
}

const NUMBERS = new Intl.NumberFormat("en-US");

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${NUMBERS.format(count)} ${count === 1 ? one : many}`;
}

export function join(...parts: readonly (Text | undefined)[]): Text {
  const there = parts.filter((part) => part !== undefined);
  return { en: there.map(({ en }) => en).join(" "), id: there.map(({ id }) => id).join(" ") };
}
