import { loadAssignment } from "../assignment/load.ts";
import { encodeEvidence } from "../grade/evidence.ts";
import type { SlotAnswer, SlotOrder } from "../grade/slot-messages.ts";
import { UserError } from "../user-error.ts";
import { gradeOne } from "./grade-one.ts";
import { makeGrader } from "./grader.ts";

/** Grades what it is sent, one submission after another, in a world of its own. It ends with its channel. */
const grader = makeGrader("partial");

process.on("message", async (order: SlotOrder) => process.send?.(await answer(order)));
process.on("disconnect", () => process.exit());

async function answer({ name, path, assignment: file, seed }: SlotOrder): Promise<SlotAnswer> {
  try {
    const assignment = await loadAssignment(file, [...(await grader).checks.keys()]);
    const handedIn = { name, path: Buffer.from(path, "latin1") };
    return { evidence: encodeEvidence(await gradeOne(handedIn, assignment, seed, await grader)) };
  } catch (error) {
    if (error instanceof UserError) return { refused: error.toOptions() };
    return { broke: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
