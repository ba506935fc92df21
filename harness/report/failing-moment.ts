import type { ByteDifference, Finding } from "../checks/verdict.ts";
import type { Measure, Transcript, TranscriptEvent } from "../wire/transcript.ts";

/**
 * The event at which the check failed: the bytes that are wrong, or the last thing that the program did (or was seen not
 * to do) before we let go. `undefined` where nothing of that kind happened.
 */
export function failingMoment(transcript: Transcript, finding: Finding | undefined): TranscriptEvent | undefined {
  if (!finding || finding.outcome === "pass") return undefined;
  const { difference } = finding;
  const wrong = difference && wrongBytes(transcript, difference);
  return wrong ?? transcript.findLast((event) => tells(event) || (!difference && isFigure(event)));
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

/** What the program did, and what was seen of it while we waited; its words are on the screen anyway. */
function tells({ type }: TranscriptEvent): boolean {
  switch (type) {
    case "received":
    case "body-received":
    case "ended":
    case "reset":
    case "not-connected":
    case "not-started":
    case "not-listening":
    case "listening":
    case "silent":
    case "exited":
      return true;
    default:
      return false;
  }
}

/** A figure that a judge may rest on; where bytes are wrong, it does not. */
function isFigure(event: TranscriptEvent): boolean {
  if (event.type !== "measured") return false;
  const { what, value } = event;
  return FIGURES.includes(what) || (what === "left-in-order" && value === 0);
}

const FIGURES: readonly Measure[] = ["cpu-busiest-share", "open-sockets-after", "resident-peak-bytes"];
