import type { Assignment, Program } from "../assignment/assignment.ts";
import { type Grader, gradeSubmission } from "../grade/grade-submission.ts";
import type { SubmissionResult } from "../grade/result.ts";
import { openSubmission } from "../submission/find-programs.ts";
import { nameFrom } from "../submission/source-file.ts";
import type { Submission } from "../submission/submission.ts";
import { UserError } from "../user-error.ts";
import { type HandedIn, withTextPath } from "./class-folder.ts";

/** Grades one of a class. A submission in which no program can be found is graded as handing in nothing. */
export function gradeOne(
  handedIn: HandedIn,
  assignment: Assignment,
  seed: number,
  grader: Grader,
): Promise<SubmissionResult> {
  const { name } = handedIn;
  const given = nameFrom(handedIn.path);
  return withTextPath(handedIn, async (path) => {
    const opened = await openSubmission(path, assignment).catch((error: unknown): Submission => {
      if (!(error instanceof UserError)) throw error;
      const missing = Object.keys(assignment.programs) as Program[];
      return { name, path: given, root: path, programs: {}, missing, notes: [error.what] };
    });
    return gradeSubmission({ ...opened, name, path: given }, assignment, seed, grader);
  });
}
