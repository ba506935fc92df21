import { all, before, has, last, since } from "../../checks/reading.ts";
import type { Exit, Transcript } from "../../wire/transcript.ts";
import type { Sign } from "./sign.ts";

/** JavaScript or TypeScript, run by Node; only the transcript that holds the launch tells. */
export const runsInNode: Sign = (transcript) =>
  all(transcript, "started").some(({ command }) => command.some((word) => /\.[cm]?[jt]s$/.test(word)));

/** How the program ended by itself; when nothing else would end it, Gema kills it with SIGKILL in the end. */
function exitOf(transcript: Transcript): Exit | undefined {
  const exit = last(transcript, "exited")?.exit;
  return exit?.signal === "SIGKILL" ? undefined : exit;
}

export const exited: Sign = (transcript) => exitOf(transcript) !== undefined;

/** It ended by an exception, a signal or another exit code than 0. */
export const crashed: Sign = (transcript) => {
  const exit = exitOf(transcript);
  return exit !== undefined && exit.code !== 0;
};

/** Not by itself: it took too much memory, as a rule. */
export const wasKilled: Sign = (transcript) => last(transcript, "exited")?.exit.signal === "SIGKILL";

export const exitedWithZero: Sign = (transcript) => exitOf(transcript)?.code === 0;

/** It ended while all the clients that had come were still there. */
export const exitedEarly: Sign = (transcript) => {
  const left = transcript.findIndex(({ type }) => type === "closed");
  return exited(left < 0 ? transcript : transcript.slice(0, left));
};

/** What was sent to it first of all that it did not answer any more before it ended. */
export function unansweredAtItsEnd(transcript: Transcript): Uint8Array | undefined {
  const untilItsEnd = before(transcript, "exited");
  const answered = untilItsEnd.findLastIndex(({ type }) => type === "received");
  return all(untilItsEnd.slice(answered + 1), "sent")[0]?.bytes;
}

/** After Ctrl-C it ran on, at least until Gema left or nothing moved any more. */
export const outlivesInterrupt: Sign = (transcript) => {
  const after = since(transcript, "signalled");
  if (after.length === 0) return false;
  const waited = after.findIndex(({ type }) => type === "closed" || type === "silent");
  return !exited(waited < 0 ? after : after.slice(0, waited));
};

/** All that Ctrl-C did was to end the connection of a client. */
export const endsAClientOnly: Sign = (transcript) =>
  outlivesInterrupt(transcript) && has(since(transcript, "signalled"), "ended");
