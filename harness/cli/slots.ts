import { fileURLToPath } from "node:url";
import { decodeEvidence, resultOf } from "../grade/evidence.ts";
import type { SubmissionResult } from "../grade/result.ts";
import type { SlotAnswer, SlotOrder } from "../grade/slot-messages.ts";
import { ownWorld, Slot } from "../launch/isolation/slot.ts";
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
  { world, jobs }: { readonly world: readonly string[]; readonly jobs: number },
  onResult: (result: SubmissionResult, entry: Entry) => Promise<void>,
): Promise<void> {
  const waiting = [...submissions];
  const worker = fileURLToPath(new URL("./slot-worker.js", import.meta.url));
  const work = async (): Promise<void> => {
    let slot: Slot<SlotOrder, SlotAnswer> | undefined;
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const { name, path } = next[1];
        slot ??= new Slot(world, worker);
        const answer = await slot.ask({ name, path: path.toString("latin1"), ...common }, LIMIT_MS);
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

/** @throws UserError when isolation is required and cannot be had */
export async function worldFor(wish: IsolationWish): Promise<readonly string[] | undefined> {
  const world = wish === "none" ? undefined : await ownWorld();
  if (world || wish !== "require") return world;
  throw new UserError({
    code: "not-isolated",
    what: {
      en: "This machine cannot give programs a network and a process table of their own.",
      id: "Mesin ini tidak dapat memberi program jaringan dan tabel proses sendiri.",
    },
    help: {
      en: "It takes Linux with util-linux (unshare), iproute2 (ip) and user namespaces; on Ubuntu 24.04: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0. Or leave out --isolation require.",
      id: "Diperlukan Linux dengan util-linux (unshare), iproute2 (ip), dan user namespace; di Ubuntu 24.04: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0. Atau jangan pakai --isolation require.",
    },
    exit: EXIT.broken,
  });
}
