import { shown, showsNotation, showsText, speaker } from "../../checks/client-reading.ts";
import { all, before, last, measured, printed, receivedFrom, sentTo } from "../../checks/reading.ts";
import type { ByteDifference } from "../../checks/verdict.ts";
import type { Transcript } from "../../wire/transcript.ts";
import { exchanges } from "../exchange.ts";
import type { Symptoms } from "../mistake.ts";
import { isNotation } from "../reply.ts";
import { passes, resultOf } from "../symptoms.ts";
import { exited, runsInNode } from "./process.ts";
import { anyExchange, type Sign } from "./sign.ts";

/** The program printed a message before Gema had finished sending. */
export const printsAtOnce: Sign = (transcript) => {
  const end = transcript.findIndex(({ type }) => type === "half-closed" || type === "closed");
  const output = printed(end < 0 ? transcript : transcript.slice(0, end), "stdout");
  return exchanges(transcript).some(({ sent }) => sent.length > 0 && output.includes(sent.toString("utf8").trim()));
};

/**
 * A client went when as many bytes had come as its message has letters: of a reply in three pieces it had two, and the
 * third was not sent any more.
 */
export const leavesAtLetterCount: Sign = (transcript) => {
  const peer = speaker(transcript);
  return (
    all(transcript, "sent", peer).length === 2 &&
    sentTo(transcript, peer).length < receivedFrom(transcript, peer).length
  );
};

/** As long as what is put in a letter's place: `?`, `&#233;`, `\\u00e9`. */
const INSTEAD_AT_MOST = 8;

/** What a client was told with letters beyond ASCII arrived without them, or with ASCII in their place. */
export const losesForeignLetters: Sign = (transcript) => {
  const received = receivedFrom(transcript, speaker(transcript)).toString("latin1");
  return toldWithForeignLetters(transcript).some((text) => {
    let at = 0;
    const parts = text.split(FOREIGN).map((part) => {
      const from = received.indexOf(part, at);
      const isNear = from >= at && from - at <= INSTEAD_AT_MOST;
      at = from + part.length;
      return isNear;
    });
    return parts.every(Boolean) && !FOREIGN.test(received);
  });
};

/** Of what a client was told as many bytes arrived as it has letters, some of which take two. */
export const stopsAtLetterCount: Sign = (transcript) => {
  const received = receivedFrom(transcript, speaker(transcript));
  return toldWithForeignLetters(transcript).some((text) => received.equals(Buffer.from(text).subarray(0, text.length)));
};

const FOREIGN = /[^\x20-\x7e\s]+/;

/** What it was told in its command or at its keyboard. */
function toldTo(transcript: Transcript): string[] {
  const typed = all(transcript, "typed").map(({ text }) => text.trimEnd());
  return [...(last(transcript, "started")?.command ?? []), ...typed];
}

function toldWithForeignLetters(transcript: Transcript): string[] {
  return toldTo(transcript).filter((text) => FOREIGN.test(text));
}

/** It shows what it was told, whatever went over the wire for that. */
export const showsWhatItWasTold: Sign = (transcript) =>
  toldTo(transcript).some((text) => text.length >= UNMISTAKABLE && shown(transcript).includes(text));

/** Letters that a difference shows of a message at least. */
const BEGINNING = 4;

/** Where the client's message first differs from what it was to send. */
export function messageDifference(symptoms: Symptoms): ByteDifference | undefined {
  const finding = resultOf(symptoms, "sends-its-message")?.finding;
  return finding?.outcome === "fail" ? finding.difference : undefined;
}

/** The client's message is bytes as a programmer sees them, such as `b'...'`, and was to be others. */
export function sendsNotation(symptoms: Symptoms): boolean {
  const difference = messageDifference(symptoms);
  if (!difference) return false;
  return isNotation(Buffer.from(difference.observed)) && !isNotation(Buffer.from(difference.expected));
}

/** The client's message begins with other words, and then comes what it was to send. */
export function putsWordsBefore(symptoms: Symptoms): boolean {
  if (sendsNotation(symptoms)) return false;
  const difference = messageDifference(symptoms);
  if (difference?.at !== 0 || difference.expected.length < BEGINNING) return false;
  return Buffer.from(difference.observed).indexOf(difference.expected.subarray(0, BEGINNING)) > 0;
}

/** The client shows the bytes of its reply as a programmer writes them, and not as text. */
export const showsOnlyNotation: Sign = (transcript) =>
  showsNotation(shown(transcript), sentTo(transcript, speaker(transcript)));

/** Of a reply that comes in pieces the client did not take the second: it had left before, or left that unread. */
export const leavesTheRest: Sign = (transcript) => {
  const peer = speaker(transcript);
  const message = receivedFrom(before(transcript, "sent"), peer);
  return sentTo(transcript, peer).length < message.length || anyExchange(({ unread }) => unread > 0)(transcript);
};

/** Of a reply that came in pieces it showed the last one, and the first one not. */
export const showsLastPiece: Sign = (transcript) => {
  const pieces = all(transcript, "sent", speaker(transcript)).map(({ bytes }) => bytes);
  const [first, last, output] = [pieces[0], pieces.at(-1), shown(transcript)];
  return pieces.length > 1 && first && last ? showsText(output, last) && !showsText(output, first) : false;
};

/** Of a long message only a part came. */
export const sendsOnlyAPart: Sign = (transcript) =>
  (last(transcript, "body-received")?.length ?? 0) < (measured(transcript, "body-bytes") ?? 0);

/** The client received all of a large body that was sent back to it, and left nothing unread. */
export const tookItsReply: Sign = (transcript) =>
  last(transcript, "body-sent")?.length === last(transcript, "body-received")?.length &&
  exchanges(transcript).every(({ end }) => end !== "rst");

/** It has shown a long reply to its end. Whoever sends a short message of its own gets none. */
export function readsLongReplies(symptoms: Symptoms): boolean {
  const attempts = resultOf(symptoms, "reads-a-long-reply")?.attempts ?? [];
  return passes(symptoms, "reads-a-long-reply") && attempts.some(({ transcript }) => showsALongReply(transcript));
}

/** Letters of a message that do not stand in other words. */
const UNMISTAKABLE = 10;

/** As often as its beginning the end of the message is shown, and once at least: what it sends it may show, too. */
const showsALongReply: Sign = (transcript) => {
  const [message = ""] = toldTo(transcript).sort((a, b) => b.length - a.length);
  if ((last(transcript, "body-received")?.length ?? 0) < message.length) return false;
  const output = printed(transcript, "stdout").replace(/\s+/g, "");
  const times = (part: string): number => output.split(part).length - 1;
  const ends = times(message.slice(-UNMISTAKABLE));
  return ends > 0 && ends >= times(message.slice(0, UNMISTAKABLE));
};

/** A client stayed until Gema had closed, and then ended. */
export const endsAtOurFin: Sign = (transcript) => {
  const fin = transcript.findIndex(({ type }) => type === "half-closed");
  return fin >= 0 && !exited(transcript.slice(0, fin)) && exited(transcript.slice(fin));
};

/** A client in Node, where an open socket alone keeps a program alive, has printed all that Gema said, and stays. */
export const staysAfterShowing: Sign = (transcript) => {
  const fin = transcript.findIndex(({ type }) => type === "half-closed");
  const before = fin < 0 ? transcript : transcript.slice(0, fin);
  const output = printed(before, "stdout");
  const shown = exchanges(before).some(({ sent }) => sent.length > 0 && output.includes(sent.toString("utf8").trim()));
  return shown && runsInNode(transcript) && !exited(before);
};
