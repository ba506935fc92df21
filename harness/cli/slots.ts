import { fileURLToPath } from "node:url";
import { decodeEvidence, resultOf } from "../grade/evidence.ts";
import type { SubmissionResult } from "../grade/result.ts";
import type { GradeOrder, Inside, SlotAnswer, SlotNews, SlotOrder } from "../grade/slot-messages.ts";
import { findSandbox } from "../launch/isolation/sandbox.ts";
import { ownWorld, Slot, SlotEnded } from "../launch/isolation/slot.ts";
import { PORT_TAKEN } from "../launch/port.ts";
import type { Text } from "../text.ts";
import { EXIT, UserError, type UserErrorOptions } from "../user-error.ts";
import type { HandedIn } from "./class-folder.ts";

/** Five times what the slowest submission took here on a busy machine: what needs more hangs, or tries to. */
export const LIMIT_MS = 300_000;

export type GemaSlot = Slot<SlotOrder, SlotAnswer, SlotNews>;

/** @param world how to start it in a world of its own; empty for a process among all others */
export function newSlot(world: readonly string[]): GemaSlot {
  return new Slot(world, fileURLToPath(new URL("./slot-worker.js", import.meta.url)));
}

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

export type IsolationWish = "auto" | "require" | "none";

/** Where programs run: among all others, or each submission's in a world of its own. */
export type Surroundings =
  | { readonly inside: Inside; readonly world?: never }
  | { readonly inside: Inside; readonly world: readonly string[] };

/**
 * The best that this machine can give, tried out.
 * @throws UserError when full isolation is required and cannot be had
 */
export async function surroundingsFor(wish: IsolationWish): Promise<Surroundings> {
  const world = await worldFor(wish);
  const inside = await insideOf(world ?? [], wish);
  return world ? { world, inside } : { inside };
}

/** Where slots can be started, and how. */
export async function worldFor(wish: IsolationWish): Promise<readonly string[] | undefined> {
  const world = wish === "none" ? undefined : await ownWorld();
  if (!world && wish === "require") throw notIsolated(NO_WORLD);
  return world;
}

/** How programs can be launched there. */
export async function insideOf(world: readonly string[], wish: IsolationWish): Promise<Inside> {
  if (world.length === 0) return { isolation: "none" };
  const tried = await findSandbox(world);
  if (!("why" in tried)) return { isolation: "full", sandbox: tried };
  if (wish === "require") throw notIsolated(noSandbox(tried.why));
  return { isolation: "partial" };
}

const NO_WORLD: Text = {
  en: "This machine cannot give programs a network and a process table of their own: it takes Linux with util-linux (unshare), iproute2 (ip) and user namespaces; on Ubuntu 24.04: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0.",
  id: "Mesin ini tidak dapat memberi program jaringan dan tabel proses sendiri: diperlukan Linux dengan util-linux (unshare), iproute2 (ip), dan user namespace; di Ubuntu 24.04: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0.",
};

function noSandbox(why: string): Text {
  return {
    en: `This machine cannot keep programs from its files: it takes bubblewrap 0.8 or later (apt install bubblewrap). The attempt said: ${why}`,
    id: `Mesin ini tidak dapat melindungi berkasnya dari program: diperlukan bubblewrap 0.8 atau lebih baru (apt install bubblewrap). Hasil percobaan: ${why}`,
  };
}

function notIsolated(what: Text): UserError {
  const help = {
    en: "gema doctor says more. Or leave out --isolation require.",
    id: "gema doctor menjelaskan lebih lanjut. Atau jangan pakai --isolation require.",
  };
  return new UserError({ code: "not-isolated", what, help, exit: EXIT.broken });
}
