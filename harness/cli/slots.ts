import { fileURLToPath } from "node:url";
import { decodeEvidence, resultOf } from "../grade/evidence.ts";
import type { SubmissionResult } from "../grade/result.ts";
import type { SlotAnswer, SlotOrder } from "../grade/slot-messages.ts";
import { findSandbox, type SandboxPlan } from "../launch/isolation/sandbox.ts";
import { ownWorld, Slot } from "../launch/isolation/slot.ts";
import type { Isolation } from "../launch/subject.ts";
import type { Text } from "../text.ts";
import { EXIT, UserError } from "../user-error.ts";
import type { HandedIn } from "./class-folder.ts";

/** Far above what the slowest submission takes on a busy machine, whose deadlines are longer: what needs more hangs. */
const LIMIT_MS = 900_000;

/** A submission and its place in the class, from 0. */
export type Entry = readonly [place: number, handedIn: HandedIn];

/**
 * Grades a class in slots, each in a world of its own. A slot that breaks is replaced.
 *
 * @param onResult told each result as soon as it is there, with its submission
 * @throws UserError of a submission, and Error when a slot broke; nothing is begun after it
 */
export async function gradeInSlots(
  submissions: readonly Entry[],
  common: Pick<SlotOrder, "assignment" | "seed">,
  { world, inside }: Extract<Surroundings, { world: object }>,
  jobs: number,
  onResult: (result: SubmissionResult, entry: Entry) => Promise<void>,
): Promise<void> {
  const waiting = [...submissions];
  const worker = fileURLToPath(new URL("./slot-worker.js", import.meta.url));
  const work = async (): Promise<void> => {
    let slot: Slot<SlotOrder, SlotAnswer> | undefined;
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const { name, path, files } = next[1];
        slot ??= new Slot(world, worker, [JSON.stringify(inside)]);
        const several = files && { files: files.map((file) => ({ ...file, path: file.path.toString("latin1") })) };
        const answer = await slot.ask({ name, path: path.toString("latin1"), ...several, ...common }, LIMIT_MS);
        await onResult(resultIn(answer, name), next);
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

function resultIn(answer: SlotAnswer, name: string): SubmissionResult {
  if ("evidence" in answer) return resultOf(decodeEvidence(answer.evidence, name));
  if ("refused" in answer) throw new UserError(answer.refused);
  throw new Error(answer.broke);
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
  const help = { en: "Or leave out --isolation require.", id: "Atau jangan pakai --isolation require." };
  return new UserError({ code: "not-isolated", what, help, exit: EXIT.broken });
}
