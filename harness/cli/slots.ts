import { decodeEvidence, resultOf } from "../grade/evidence.ts";
import type { SubmissionResult } from "../grade/result.ts";
import type { GradeOrder } from "../grade/slot-messages.ts";
import { LIMIT_MS } from "../grade/time-limits.ts";
import { inSlots, SlotEnded } from "../launch/isolation/slot.ts";
import { PORT_TAKEN } from "../launch/port.ts";
import type { Text } from "../text.ts";
import { UserError, type UserErrorOptions } from "../user-error.ts";
import type { HandedIn } from "./class-folder.ts";
import { type GemaSlot, newSlot, type Surroundings } from "./surroundings.ts";

/** A submission and its place in the class, from 0. */
export type Entry = readonly [place: number, handedIn: HandedIn];

/** Whoever wants to know how a class is getting on. */
export interface Listener {
  begin(entry: Entry): void;
  /** As soon as it is there, with the evidence that it was read from. */
  result(result: SubmissionResult, entry: Entry, evidence: string): Promise<void>;
  /** What could not be graded to the end, and why. */
  unfinished(why: Text, entry: Entry, wallMs: number): Promise<void>;
}

/**
 * Grades a class in slots, each in a world of its own. What hangs or breaks a slot ends with it, and the others go on.
 *
 * @param submissions is asked for the next one when a slot is free
 * @throws UserError of a submission; nothing is begun after it
 */
export async function gradeInSlots(
  submissions: Iterable<Entry>,
  common: Pick<GradeOrder, "assignment" | "seed">,
  { world, inside }: Extract<Surroundings, { world: object }>,
  jobs: number,
  tell: Listener,
): Promise<void> {
  const grade = async (slot: GemaSlot, entry: Entry): Promise<boolean> => {
    const { name, path, files } = entry[1];
    const start = performance.now();
    tell.begin(entry);
    const several = files && { files: files.map((file) => ({ ...file, path: file.path.toString("latin1") })) };
    const order = { name, path: path.toString("latin1"), ...several, ...common, inside };
    const answer = await slot.ask(order, LIMIT_MS).catch(broken);
    if ("refused" in answer && answer.refused.code !== PORT_TAKEN) throw new UserError(answer.refused);
    if ("evidence" in answer)
      await tell.result(resultOf(decodeEvidence(answer.evidence, name)), entry, answer.evidence);
    else await tell.unfinished(unfinishedFor(answer), entry, performance.now() - start);
    return "evidence" in answer && !answer.used;
  };
  await inSlots(submissions, jobs, () => newSlot(world), grade);
}

/** What comes of a slot that did not answer. */
export type Broken = { readonly late: true } | { readonly broke: string };

export function broken(error: unknown): Broken {
  if (!(error instanceof SlotEnded)) throw error;
  return error.late ? { late: true } : { broke: error.message };
}

/** In a slot nobody but the submission itself can have taken the port. */
export function unfinishedFor(answer: Broken | { readonly refused: UserErrorOptions }): Text {
  if ("refused" in answer) return answer.refused.what;
  return "late" in answer ? TOO_LATE : gemaBroke(answer.broke);
}

const TOO_LATE: Text = {
  en: `It was not graded to the end: after ${LIMIT_MS / 60_000} minutes Gema ended it.`,
  id: `Penilaiannya tidak sampai selesai: setelah ${LIMIT_MS / 60_000} menit Gema menghentikannya.`,
};

function gemaBroke(how: string): Text {
  return {
    en: `It was not graded to the end: Gema itself broke (${how}).`,
    id: `Penilaiannya tidak sampai selesai: Gema sendiri rusak (${how}).`,
  };
}
