import { loadAssignment } from "../assignment/load.ts";
import { encodeEvidence } from "../grade/evidence.ts";
import type { SlotAnswer, SlotOrder } from "../grade/slot-messages.ts";
import { sandboxLauncher } from "../launch/isolation/sandbox.ts";
import { closeInherited } from "../launch/isolation/slot.ts";
import { plainLauncher } from "../launch/plain-launcher.ts";
import { preparedPackages } from "../submission/packages.ts";
import { UserError } from "../user-error.ts";
import { gradeOne } from "./grade-one.ts";
import { makeGrader } from "./grader.ts";
import type { Inside } from "./slots.ts";

/** Grades what it is sent, one submission after another, in a world of its own. It ends with its channel. */
const { isolation, sandbox } = JSON.parse(process.argv[2] ?? "") as Inside;
if (sandbox) process.env.PATH = sandbox.path;
const launcher = sandbox ? sandboxLauncher(sandbox) : { ...plainLauncher, isolation };
const grader = makeGrader(launcher);

closeInherited();
process.umask(0o022); // programs that run as somebody else read what is made for them

process.on("message", async (order: SlotOrder) => process.send?.(await answer(order)));
process.on("disconnect", () => process.exit());

async function answer({ name, path, files, assignment: file, seed }: SlotOrder): Promise<SlotAnswer> {
  try {
    const usual = await grader;
    const assignment = await loadAssignment(file, [...usual.checks.keys()]);
    const packages = await preparedPackages(file, assignment);
    const several = files && { files: files.map((one) => ({ ...one, path: Buffer.from(one.path, "latin1") })) };
    const handedIn = { name, path: Buffer.from(path, "latin1"), ...several };
    return { evidence: encodeEvidence(await gradeOne(handedIn, assignment, seed, { ...usual, packages })) };
  } catch (error) {
    if (error instanceof UserError) return { refused: error.toOptions() };
    return { broke: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
