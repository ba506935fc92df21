import { fileURLToPath } from "node:url";
import { decodeEvidence, resultOf } from "../grade/evidence.ts";
import type { SubmissionResult } from "../grade/result.ts";
import type { SlotAnswer, SlotOrder } from "../grade/slot-messages.ts";
import { findSandbox, type SandboxPlan } from "../launch/isolation/sandbox.ts";
import { ownWorld, Slot, SlotEnded } from "../launch/isolation/slot.ts";
import type { Isolation } from "../launch/subject.ts";
import type { Text } from "../text.ts";
import { EXIT, UserError } from "../user-error.ts";
import type { HandedIn } from "./class-folder.ts";

/** Five times what the slowest submission took here on a busy machine: what needs more hangs, or tries to. */
const LIMIT_MS = 300_000;

/** A submission and its place in the class, from 0. */
export type Entry = readonly [place: number, handedIn: HandedIn];

/** Whoever wants to know how a class is getting on. */
export interface Listener {
  begin(entry: Entry): void;
  /** As soon as it is there. */
  result(result: SubmissionResult, entry: Entry): Promise<void>;
  /** What could not be graded to the end, and why. */
  unfinished(why: Text, entry: Entry, wallMs: number): Promise<void>;
}

/**
 * Grades a class in slots, each in a world of its own. What hangs or breaks a slot ends with it, and the others go on.
 *
 * @throws UserError of a submission; nothing is begun after it
 */
export async function gradeInSlots(
  submissions: readonly Entry[],
  common: Pick<SlotOrder, "assignment" | "seed">,
  { world, inside }: Extract<Surroundings, { world: object }>,
  jobs: number,
  tell: Listener,
): Promise<void> {
  const waiting = [...submissions];
  const worker = fileURLToPath(new URL("./slot-worker.js", import.meta.url));
  const work = async (): Promise<void> => {
    let slot: Slot<SlotOrder, SlotAnswer> | undefined;
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const { name, path, files } = next[1];
        const start = performance.now();
        tell.begin(next);
        slot ??= new Slot(world, worker, [JSON.stringify(inside)]);
        const several = files && { files: files.map((file) => ({ ...file, path: file.path.toString("latin1") })) };
        const order = { name, path: path.toString("latin1"), ...several, ...common };
        const answer = await slot.ask(order, LIMIT_MS).catch(broken);
        if ("refused" in answer) throw new UserError(answer.refused);
        if ("evidence" in answer) {
          await tell.result(resultOf(decodeEvidence(answer.evidence, name)), next);
          continue;
        }
        await slot.close();
        slot = undefined;
        await tell.unfinished("late" in answer ? TOO_LATE : gemaBroke(answer.broke), next, performance.now() - start);
      }
    } catch (error) {
      waiting.length = 0;
      throw error;
    } finally {
      await slot?.close();
    }
  };
  const works = Array.from({ length: Math.min(jobs, submissions.length) }, work);
  const failed = (await Promise.allSettled(works)).find((one) => one.status === "rejected");
  if (failed) throw failed.reason;
}

function broken(error: unknown): { readonly late: true } | { readonly broke: string } {
  if (!(error instanceof SlotEnded)) throw error;
  return error.late ? { late: true } : { broke: error.message };
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

/** What a slot is told of how to launch programs. */
export interface Inside {
  readonly isolation: Isolation;
  /** With full isolation. */
  readonly sandbox?: SandboxPlan;
}

/** Where programs run: among all others, or each submission's in a world of its own. */
export type Surroundings =
  | { readonly inside: Inside; readonly world?: never }
  | { readonly inside: Inside; readonly world: readonly string[] };

/**
 * The best that this machine can give, tried out.
 * @throws UserError when full isolation is required and cannot be had
 */
export async function surroundingsFor(wish: IsolationWish): Promise<Surroundings> {
  const world = wish === "none" ? undefined : await ownWorld();
  if (!world) {
    if (wish === "require") throw notIsolated(NO_WORLD);
    return { inside: { isolation: "none" } };
  }
  const tried = await findSandbox(world);
  if (!("why" in tried)) return { world, inside: { isolation: "full", sandbox: tried } };
  if (wish === "require") throw notIsolated(noSandbox(tried.why));
  return { world, inside: { isolation: "partial" } };
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
