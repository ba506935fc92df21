import type { ByteDifference, Finding } from "../checks/verdict.ts";
import type { Measure, Transcript, TranscriptEvent } from "../wire/transcript.ts";

/**
 * The event at which the check failed: the bytes that are wrong, the first connection that was refused, or the last end,
 * silence or figure of the program; where there is none, the last thing it did. `undefined` where it did nothing.
 */
export function failingMoment(transcript: Transcript, finding: Finding | undefined): TranscriptEvent | undefined {
  if (!finding || finding.outcome === "pass") return undefined;
  const { difference } = finding;
  return (
    (difference && wrongBytes(transcript, difference)) ??
    transcript.find(({ type }) => type === "not-connected") ??
    firstLike(
      transcript,
      transcript.findLast((event) => ENDINGS.includes(event.type) || (!difference && isFigure(event))),
    ) ??
    transcript.findLast(({ type }) => DEEDS.includes(type))
  );
}

/** What shows that nothing more comes. */
const ENDINGS: readonly TranscriptEvent["type"][] = [
  "silent",
  "ended",
  "reset",
  "unreachable",
  "exited",
  "not-started",
  "not-listening",
];
const DEEDS: readonly TranscriptEvent["type"][] = ["received", "body-received", "listening"];

/** A figure is written down again while it stands; it was reached where it came first. */
function firstLike(transcript: Transcript, event: TranscriptEvent | undefined): TranscriptEvent | undefined {
  if (event?.type !== "measured") return event;
  return transcript.find((one) => one.type === "measured" && one.what === event.what && one.value === event.value);
}

/** The piece that brought the first wrong byte; none where bytes are only missing. */
function wrongBytes(transcript: Transcript, difference: ByteDifference): TranscriptEvent | undefined {
  const { at, from, observed } = difference;
  if (observed.length <= at - from) return undefined;
  const received = new Map<string, Buffer>();
  for (const event of transcript) {
    if (event.type === "body-received" && event.difference?.at === at) return event;
    if (event.type !== "received") continue;
    const before = received.get(event.peer) ?? Buffer.alloc(0);
    const now = Buffer.concat([before, event.bytes]);
    received.set(event.peer, now);
    const window = now.subarray(from, from + observed.length);
    const shown = observed.subarray(0, window.length);
    if (before.length <= at && at < now.length && window.equals(shown)) return event;
  }
  return undefined;
}

/** A figure that a judge may rest on; where bytes are wrong, it does not. */
function isFigure(event: TranscriptEvent): boolean {
  if (event.type !== "measured") return false;
  const { what, value } = event;
  return FIGURES.includes(what) || (what === "left-in-order" && value === 0);
}

const FIGURES: readonly Measure[] = [
  "cpu-busiest-share",
  "idle-output-characters",
  "open-sockets-after",
  "resident-peak-bytes",
];
