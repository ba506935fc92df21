import { decodeEvidence, resultOf } from "../grade/evidence.ts";
import type { SubmissionResult } from "../grade/result.ts";
import type { GradeOrder } from "../grade/slot-messages.ts";
import { SlotEnded } from "../launch/isolation/slot.ts";
import { PORT_TAKEN } from "../launch/port.ts";
import type { Text } from "../text.ts";
import { UserError, type UserErrorOptions } from "../user-error.ts";
import type { HandedIn } from "./class-folder.ts";
import { type GemaSlot, LIMIT_MS, newSlot, type Surroundings } from "./surroundings.ts";

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
  const waiting = oneAfterAnother(submissions);
  const work = async (): Promise<void> => {
    let slot: GemaSlot | undefined;
    try {
      for (let one = waiting.next(); !one.done; one = waiting.next()) {
        const next = one.value;
        const { name, path, files } = next[1];
        const start = performance.now();
        tell.begin(next);
        slot ??= newSlot(world);
        const several = files && { files: files.map((file) => ({ ...file, path: file.path.toString("latin1") })) };
        const order = { name, path: path.toString("latin1"), ...several, ...common, inside };
        const answer = await slot.ask(order, LIMIT_MS).catch(broken);
        if ("refused" in answer && answer.refused.code !== PORT_TAKEN) throw new UserError(answer.refused);
        const graded = "evidence" in answer;
        if (!graded || answer.used) {
          await slot.close();
          slot = undefined;
        }
        if (graded) await tell.result(resultOf(decodeEvidence(answer.evidence, name)), next, answer.evidence);
        else await tell.unfinished(unfinishedFor(answer), next, performance.now() - start);
      }
    } catch (error) {
      waiting.return();
      throw error;
    } finally {
      await slot?.close();
    }
  };
  const works = Array.from({ length: jobs }, work);
  const failed = (await Promise.allSettled(works)).find((one) => one.status === "rejected");
  if (failed) throw failed.reason;
}

/** For several that take from it, and any of which may end it. */
function* oneAfterAnother(submissions: Iterable<Entry>): Generator<Entry, void> {
  yield* submissions;
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
