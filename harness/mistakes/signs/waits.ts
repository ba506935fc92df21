import { neverRested } from "../../checks/cpu.ts";
import { before, has, last } from "../../checks/reading.ts";
import { readsInput } from "../../kernel/blocked.ts";
import type { BlockedCall, Transcript } from "../../wire/transcript.ts";
import { outlivesInterrupt } from "./process.ts";
import { anyExchange, both, not, type Sign } from "./sign.ts";
import { complains } from "./words.ts";

export const ACCEPTING = ["accept", "accept4"] as const;
export const RECEIVING = ["recvfrom", "recvmsg", "readv"] as const;
const EPOLL = ["epoll_wait", "epoll_pwait", "epoll_pwait2"] as const;
/** Where programs wait that hear of data by events. `poll` is what a receive with a time limit waits in, too. */
export const EVENT_LOOP = [...EPOLL, "select", "pselect6"] as const;
export const POLLING = [...EVENT_LOOP, "poll", "ppoll"] as const;
export const SENDING = ["sendto", "sendmsg", "write", "writev"] as const;

/** The calls in which the program's threads were seen to wait for ever. */
function waits(transcript: Transcript): readonly BlockedCall[] {
  return last(transcript, "silent")?.blocked ?? last(transcript, "not-listening")?.blocked ?? [];
}

/** Some thread waits for ever in one of these calls. */
export const waitsIn =
  (calls: readonly string[]): Sign =>
  (transcript) =>
    waits(transcript).some(({ call }) => calls.includes(call));

/** Some thread waits for a line from the keyboard. */
export const waitsForKeyboard: Sign = (transcript) => waits(transcript).some(readsInput);

/** A client that was connected waited in a receive, and nothing of its own had arrived yet. */
export const waitsFirst: Sign = (transcript) =>
  waitsIn(RECEIVING)(before(before(transcript, "received"), "body-received"));

/** It was at work while nobody talked to it, also before the client had finished. */
export const busyBeforeTheEnd: Sign = (transcript) =>
  has(transcript, "half-closed") && neverRested(before(transcript, "half-closed"));

/** It was at work while nobody talked to it, and only since a client had finished, whose connection it keeps. */
export const busySinceTheEnd: Sign = both(
  neverRested,
  (transcript) => has(transcript, "half-closed"),
  not(busyBeforeTheEnd),
  anyExchange(({ end }) => end === undefined),
);

/** The main thread ended by Ctrl-C, and others never rest. */
const spinsAfterInterrupt: Sign = (transcript) =>
  outlivesInterrupt(transcript) &&
  complains(/^KeyboardInterrupt/m)(transcript) &&
  last(transcript, "silent")?.proved === false;

/** Threads wait: one of several receives, which no event loop does, or they wait for each other and no event loop is there. */
export const isThreaded: Sign = (transcript) => {
  if (waitsIn(RECEIVING)(transcript)) return waits(transcript).length > 1;
  const waitsForThreads = waitsIn(["futex"])(transcript) && !waitsIn(EPOLL)(transcript);
  return waitsForThreads || spinsAfterInterrupt(transcript);
};
