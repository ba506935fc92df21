import { isAnotherOrder } from "../checks/reading.ts";
import type { Exchange } from "./exchange.ts";

/** How a reply differs from what was sent. Each answers for one connection, and never for a reply that is right. */

/** It is right as far as it goes, and too short. */
export function isCut({ sent, received, sentBytes, receivedBytes, bodyDiffers }: Exchange): boolean {
  return receivedBytes < sentBytes && !bodyDiffers && sent.subarray(0, received.length).equals(received);
}

export function isNothing({ connected, sentBytes, receivedBytes }: Exchange): boolean {
  return connected && sentBytes > 0 && receivedBytes === 0;
}

/** The reply holds the message, whatever stands around it. A message of white space has no words. */
export function holdsWordsOf(message: Buffer, reply: Buffer): boolean {
  const words = message.toString("latin1").trim();
  return words !== "" && reply.includes(words, 0, "latin1");
}

/** The reply begins with the message; white space at its ends does not count. */
export function beginsWithWordsOf(message: Buffer, reply: Buffer): boolean {
  const words = trimmed(message);
  return words !== "" && trimmed(reply).startsWith(words);
}

/** The program had read everything, kept the connection, and did not answer. */
export function isUnanswered(exchange: Exchange): boolean {
  return isNothing(exchange) && exchange.end === undefined && exchange.accepted === true && exchange.unread === 0;
}

/** Some answer is all that was said until then on this connection, and not its last message alone. */
export function repeatsEarlier({ turns }: Exchange): boolean {
  return turns.some(({ sent, received }, place) => {
    const said = Buffer.concat(turns.slice(0, place + 1).map((turn) => turn.sent));
    return said.length > sent.length && sent.length > 0 && received.equals(said);
  });
}

/** Letters that do not stand in a message by chance. */
const LONG_ENOUGH = 8;
/** Bytes that a person might add to each reply, at most. */
const WORDS = 200;

/** What stands before the message in every reply of the connection. */
export function addedBefore({ turns }: Exchange): Buffer | undefined {
  const spoken = turns.filter(({ sent }) => sent.length > 0);
  const added = spoken.map(({ sent, received }) => {
    if (endsWith(received, sent)) return received.subarray(0, received.length - sent.length);
    const [message, reply] = [trimmed(sent), trimmed(received)];
    // Whoever cuts the line end off puts the words before the rest.
    if (message !== "" && reply.endsWith(message)) return Buffer.from(reply.slice(0, -message.length), "latin1");
    // As many bytes as the message has, of it and of what stands before it.
    const beginning = received.length === sent.length ? beginningAtTheEnd(received, sent) : 0;
    if (beginning >= ENOUGH_OF_IT) return received.subarray(0, received.length - beginning);
    // With something behind it, too. A short message may stand in the words before it.
    const at = received.indexOf(sent);
    return sent.length >= LONG_ENOUGH && at > 0 ? received.subarray(0, at) : undefined;
  });
  const first = added[0];
  if (!first || first.length === 0 || first.length > WORDS || isNotation(first) || isRepeated(first, spoken))
    return undefined;
  return added.slice(0, -1).every((one) => one?.equals(first)) ? first : undefined;
}

/** Bytes of a message that do not stand in other words. */
const ENOUGH_OF_IT = 4;

/** With how many bytes of its beginning the reply ends. */
function beginningAtTheEnd(reply: Buffer, message: Buffer): number {
  let bytes = message.length - 1;
  while (bytes > 0 && !endsWith(reply, message.subarray(0, bytes))) bytes--;
  return bytes;
}

/** What stands behind the message in every reply of the connection. */
export function addedAfter({ turns }: Exchange): Buffer | undefined {
  const spoken = turns.filter(({ sent, received }) => sent.length > 0 && received.length > 0);
  const added = spoken.map(({ sent, received }) => {
    if (startsWith(received, sent)) return received.subarray(sent.length);
    const [message, reply] = [trimmed(sent), received.toString("latin1")];
    const words = reply.startsWith(message) && message !== "" ? reply.slice(message.length) : "";
    return words.trim() === "" ? undefined : Buffer.from(words, "latin1");
  });
  const first = added[0];
  if (!first || first.length === 0 || first.length > WORDS || isRepeated(first, spoken)) return undefined;
  return added.every((one) => one?.equals(first)) ? first : undefined;
}

/** What came too much is the message once more, or its beginning, or begins with it. */
function isRepeated(added: Buffer, [first]: Exchange["turns"]): boolean {
  if (first === undefined) return false;
  return startsWith(first.sent, added) || (first.sent.length >= ENOUGH_OF_IT && startsWith(added, first.sent));
}

/** Bytes of a message that no buffer is too small for by one. */
const SHORT = 32;

/**
 * Each short message came back without its last byte, or without its first, and not for being white space. Of one that was
 * sent in pieces the last one may be missing for another reason.
 */
export function losesAByte({ turns }: Pick<Exchange, "turns">): boolean {
  const spoken = turns.filter(({ sent, pieces }) => pieces === 1 && sent.length > 0 && sent.length <= SHORT);
  const lose = (lost: number, kept: (sent: Buffer) => Buffer): boolean =>
    spoken.every(({ sent, received }) => received.equals(kept(sent))) &&
    spoken.some(({ sent }) => !isWhiteSpace(sent.at(lost) ?? 0));
  return lose(-1, (sent) => sent.subarray(0, -1)) || lose(0, (sent) => sent.subarray(1));
}

/** Each message came back, and once more; or the first again and again. */
export function isTwice({ turns, sent, received }: Exchange): boolean {
  const twice = Buffer.concat(turns.flatMap((turn) => [turn.sent, turn.sent]));
  const again = turns[0]?.sent ?? Buffer.alloc(0);
  if (again.length >= LONG_ENOUGH && startsWith(received, Buffer.concat([again, again, again]))) return true;
  return sent.length >= LONG_ENOUGH && received.equals(twice);
}

/** It begins as what a web server sends: with the status line, or with a page where the client names no version. */
export function isHttp({ received }: Exchange): boolean {
  return /^\s*(HTTP\/1\.[01] \d{3}|<!DOCTYPE HTML)/i.test(received.subarray(0, 40).toString("latin1"));
}

/** Bytes as a programmer sees them: Python's `b'...'`, or Node's Buffer as JSON or as `<Buffer ...>`. */
export function isNotation(bytes: Buffer): boolean {
  return /^(b['"]|<Buffer |\{"type":"Buffer")/.test(bytes.subarray(0, 20).toString("latin1"));
}

const REPLACEMENT = Buffer.from("\ufffd");

/** It went through text and back: U+FFFD came in, or bytes above 127 were dropped, cut to 7 bits, or became two. */
export function isReencoded({ sent, received }: Exchange): boolean {
  if (received.equals(sent)) return false;
  if (received.includes(REPLACEMENT) && !sent.includes(REPLACEMENT)) return true;
  if (!sent.some((byte) => byte > 127) || received.length === 0) return false;
  const ascii = sent.filter((byte) => byte < 128);
  const questions = sent.map((byte) => (byte < 128 ? byte : 0x3f));
  return [ascii, questions].some((form) => received.equals(form)) || isInAnotherEncoding({ sent, received });
}

/** Each byte above 127 was cut to 7 bits, or taken for a letter of its own, which has two bytes in UTF-8. */
export function isInAnotherEncoding({ sent, received }: Pick<Exchange, "sent" | "received">): boolean {
  const forms = [sent.map((byte) => byte & 0x7f), Buffer.from(sent.toString("latin1"), "utf8")];
  return !received.equals(sent) && forms.some((form) => received.equals(form));
}

/** Only white space is missing, at an end or inside. */
export function isStripped({ sent, received }: Exchange): boolean {
  if (received.length === 0 || received.length >= sent.length) return false;
  const kept = (bytes: Buffer): Buffer => Buffer.from(bytes.filter((byte) => !isWhiteSpace(byte)));
  return kept(received).equals(kept(sent)) && !isCutBeforeInk(sent, received);
}

/** Only the carriage returns (\\r) are missing. */
export function isWithoutReturns({ sent, received }: Exchange): boolean {
  return received.length < sent.length && received.length > 0 && received.equals(sent.filter((byte) => byte !== 0x0d));
}

/** Every line came back but those of white space only. */
export function isWithoutBlankLines({ sent, received }: Exchange): boolean {
  const lines = sent.toString("latin1").match(/[^\r\n]*(?:\r\n|\n|\r|$)/g) ?? [];
  const kept = lines.filter((line) => line.trim() !== "").join("");
  return kept !== "" && kept.length < sent.length && received.toString("latin1") === kept;
}

/** Fewer bytes may come the other way round because they came in pieces. */
const ENOUGH_TO_TURN = 4;

/** Made from the message: another case, other line ends, the other way round, or in another notation. */
export function isTransformed({ sent, received }: Exchange): boolean {
  if (received.length < ENOUGH_TO_TURN || received.equals(sent)) return false;
  const [message, reply] = [sent.toString("latin1"), received.toString("latin1").trim()];
  if ([message, message.trim()].some((form) => form.length >= ENOUGH_TO_TURN && isInNotation(reply, form))) return true;
  const [from, to] = [trimmed(sent), trimmed(received)];
  const turned = [...from].reverse().join("");
  if (from !== to && (from.toLowerCase() === to.toLowerCase() || to === turned)) return true;
  return withNewlines(sent) === withNewlines(received);
}

/** In UTF-16 behind a mark of its byte order or without, in hexadecimal, in base64 or in JSON. */
function isInNotation(reply: string, message: string): boolean {
  const bytes = Buffer.from(message, "latin1");
  const wide = Buffer.from(message, "utf16le").toString("latin1");
  const forms = [wide, `\xff\xfe${wide}`, bytes.toString("hex"), bytes.toString("base64")];
  return forms.includes(reply) || (/^["[{]/.test(reply) && reply.includes(JSON.stringify(message)) && isJson(reply));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function withNewlines(bytes: Buffer): string {
  return bytes.toString("latin1").replace(/\r*\n|\r/g, "\n");
}

/** All of it came back, byte for byte, in another order. */
export function isReordered({ sent, received, bodyReordered }: Exchange): boolean {
  return bodyReordered || isAnotherOrder(sent, received);
}

/** Of so many letters at the beginning of a reply, those of two pieces in disorder, some stand together in the message. */
const LOOKED_AT = 64;

/** It shares nothing with the message. */
export function isUnrelated(exchange: Exchange): boolean {
  const { sent, received } = exchange;
  if (sent.length < 4 || received.length === 0 || isReordered(exchange)) return false;
  const [from, to] = [trimmed(sent).toLowerCase(), trimmed(received).toLowerCase()];
  const pieces = [...to.slice(0, LOOKED_AT)].map((_, at) => to.slice(at, at + LONG_ENOUGH));
  const takenFromIt = pieces.some((piece) => piece.length === LONG_ENOUGH && from.includes(piece));
  return !to.includes(from) && !from.startsWith(to) && !takenFromIt && to !== [...from].reverse().join("");
}

/** Words of the program's own in place of a message that holds more than ASCII: it says that it cannot read it. */
export function isRefused({ sent, received }: Exchange): boolean {
  const [odd, words] = [sent.filter((byte) => byte > 127), received.toString("utf8")];
  const isText = received.length >= LONG_ENOUGH && !/[^\P{C}\s]|\ufffd/u.test(words);
  return (
    odd.length > 0 && isText && !received.includes(odd[0] ?? 0) && !received.includes(sent.subarray(0, LONG_ENOUGH))
  );
}

function isWhiteSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

/** Everything before the missing part is right, and the missing part is not white space only: cut, not stripped. */
function isCutBeforeInk(sent: Buffer, received: Buffer): boolean {
  return startsWith(sent, received) && sent.subarray(received.length).toString("latin1").trim() !== "";
}

function trimmed(bytes: Buffer): string {
  return bytes.toString("latin1").trim();
}

function startsWith(bytes: Buffer, head: Buffer): boolean {
  return bytes.length >= head.length && bytes.subarray(0, head.length).equals(head);
}

function endsWith(bytes: Buffer, tail: Buffer): boolean {
  return bytes.length >= tail.length && bytes.subarray(bytes.length - tail.length).equals(tail);
}
