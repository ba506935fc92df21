import { setTimeout as pollAgain } from "node:timers/promises";
import { Allowance } from "../kernel/allowance.ts";
import { asleep } from "../kernel/blocked.ts";
import type { Subject } from "../launch/subject.ts";
import type { Recorder } from "./recorder.ts";

/** What a person does at the keyboard of a subject. */

/** A person types the next line when the program asks for it; one that never sleeps gets it after this long. */
const ASKS_AT_LATEST_MS = 2_000;
const ASK_AGAIN_MS = 5;

/** Types this, line ends included, and writes that down. */
export function typeText(subject: Subject, text: string, recorder: Recorder): void {
  subject.type(text);
  recorder.add({ type: "typed", text });
}

/** Types these lines, each when the subject sleeps. */
export async function typeLines(subject: Subject, lines: readonly string[], recorder: Recorder): Promise<void> {
  for (const line of lines) {
    await untilAsleep(subject);
    typeText(subject, `${line}\n`, recorder);
  }
}

/** Types what a person types when the reply is there: once the program has printed something. */
export async function typeOnceItSpeaks(subject: Subject, lines: readonly string[], recorder: Recorder): Promise<void> {
  if (lines.length === 0) return;
  const printed = recorder.outputLength;
  const allowance = new Allowance(() => subject.processes(), ASKS_AT_LATEST_MS);
  while (recorder.outputLength === printed && subject.exit === undefined && !allowance.isSpent)
    await recorder.change(ASK_AGAIN_MS);
  await typeLines(subject, lines, recorder);
}

/** Some libraries drop a line that comes between two questions. */
export async function untilAsleep(subject: Subject): Promise<void> {
  if (process.platform !== "linux") return;
  const allowance = new Allowance(() => subject.processes(), ASKS_AT_LATEST_MS);
  for (let before: string | undefined; !allowance.isSpent && subject.exit === undefined; ) {
    const signature = asleep(subject.processes())?.signature;
    if (signature !== undefined && signature === before) return;
    before = signature;
    await pollAgain(ASK_AGAIN_MS);
  }
}
