import { rm } from "node:fs/promises";
import type { Assignment } from "../assignment/assignment.ts";
import { loadAssignment } from "../assignment/load.ts";
import { encodeEvidence } from "../grade/evidence.ts";
import type { Grader } from "../grade/grade-submission.ts";
import type { SubmissionResult } from "../grade/result.ts";
import type { Inside, SlotAnswer, SlotNews, SlotOrder } from "../grade/slot-messages.ts";
import { heldSockets } from "../kernel/socket-table.ts";
import { sandboxLauncher } from "../launch/isolation/sandbox.ts";
import { closeInherited } from "../launch/isolation/slot.ts";
import { plainLauncher } from "../launch/plain-launcher.ts";
import { sweepNetwork } from "../launch/port.ts";
import { stopAll } from "../launch/process-subject.ts";
import type { Launcher } from "../launch/subject.ts";
import { preparedPackages } from "../submission/packages.ts";
import { usePython } from "../submission/python.ts";
import { UserError } from "../user-error.ts";
import { checkOne } from "./check-one.ts";
import { gradeOne } from "./grade-one.ts";
import { makeGrader } from "./grader.ts";

/** Grades what it is sent, one submission after another. It ends with its channel. */
const loading = makeGrader();

closeInherited();
process.umask(0o022); // programs that run as somebody else read what is made for them

process.on("message", async (order: SlotOrder) => process.send?.(await answer(order)));
let worldOfItsOwn = false;
process.on("disconnect", async () => {
  try {
    // The kernel ends a world with the process that it was made for, and sooner.
    if (!worldOfItsOwn) await stopAll();
    await rm(process.argv[2] ?? "", { recursive: true, force: true });
  } finally {
    process.exit();
  }
});

async function answer(order: SlotOrder): Promise<SlotAnswer> {
  worldOfItsOwn = order.inside.isolation !== "none";
  try {
    const grader = { ...(await loading), launcher: launcherFor(order.inside) };
    const assignment = await loadAssignment(order.assignment, [...grader.checks.keys()]);
    const packages = await preparedPackages(order.assignment, assignment);
    const evidence = encodeEvidence(await carryOut(order, assignment, { ...grader, packages }));
    if (worldOfItsOwn) await sweepNetwork();
    return { evidence, used: worldOfItsOwn && heldSockets().length > 0 };
  } catch (error) {
    if (error instanceof UserError) return { refused: error.toOptions() };
    return { broke: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function launcherFor({ isolation, sandbox }: Inside): Launcher {
  if (!sandbox) return { ...plainLauncher, isolation };
  if (sandbox.python) usePython(sandbox.python);
  return sandboxLauncher(sandbox);
}

function carryOut(order: SlotOrder, assignment: Assignment, grader: Grader): Promise<SubmissionResult> {
  if ("check" in order) return checkOne(order.check, assignment, order.seed, grader, tell);
  const { name, path, files, seed, untraced } = order;
  const several = files && { files: files.map((one) => ({ ...one, path: Buffer.from(one.path, "latin1") })) };
  const handedIn = { name, path: Buffer.from(path, "latin1"), ...several };
  return gradeOne(handedIn, assignment, seed, grader, { ...(untraced && { untraced }) });
}

function tell(news: SlotNews): void {
  process.send?.({ news });
}
