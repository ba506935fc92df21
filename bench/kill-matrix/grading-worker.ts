import { loadAssignment } from "../../harness/assignment/load.ts";
import { makeGrader } from "../../harness/cli/grader.ts";
import { decodeEvidence, encodeEvidence, resultOf } from "../../harness/grade/evidence.ts";
import { gradeSubmission } from "../../harness/grade/grade-submission.ts";
import { openSubmission } from "../../harness/submission/find-programs.ts";
import type { Answer, Order } from "./grade-fixtures.ts";

/** Grades what it is sent, one submission after another, and answers with what the stored evidence says. */
const grader = await makeGrader();
const SEED = 1;

process.on("message", async (order: Order) => process.send?.(await grade(order)));

async function grade({ path, assignment: file }: Order): Promise<Answer> {
  try {
    const assignment = await loadAssignment(file, [...grader.checks.keys()]);
    const result = await gradeSubmission(await openSubmission(path, assignment), assignment, SEED, grader);
    const { programs, mistakes } = resultOf(decodeEvidence(encodeEvidence(result), path));
    const checks = programs.flatMap((run) =>
      run.checks.map(({ check, level, verdict }) => ({ check, level, verdict })),
    );
    const named = mistakes[0]?.id;
    return { checks, ...(named && { named }) };
  } catch (error) {
    return { checks: [], broke: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
