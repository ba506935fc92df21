import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Assignment, Program } from "../assignment/assignment.ts";
import { type Grader, gradeSubmission } from "../grade/grade-submission.ts";
import type { SubmissionResult } from "../grade/result.ts";
import type { Selection } from "../grade/run-checks.ts";
import type { Launcher } from "../launch/subject.ts";
import { openSubmission } from "../submission/find-programs.ts";
import { AMBIGUOUS } from "../submission/refusals.ts";
import { nameFrom } from "../submission/source-file.ts";
import type { Submission } from "../submission/submission.ts";
import { UserError } from "../user-error.ts";
import { type HandedIn, withTextPath } from "./class-folder.ts";
import { inCopy } from "./in-copy.ts";
import { unpacked } from "./unpacked.ts";

/**
 * Grades one of a class. A submission in which no program can be found, or that cannot be unpacked, is graded as handing
 * in nothing; where it is in doubt which file is meant, a person has to look.
 */
export async function gradeOne(
  handedIn: HandedIn,
  assignment: Assignment,
  seed: number,
  grader: Grader,
  selection: Selection = {},
): Promise<SubmissionResult> {
  const { name } = handedIn;
  const given = nameFrom(handedIn.path);
  const room = await mkdtemp(join(tmpdir(), "gema-handed-in-"));
  try {
    return await withTextPath(handedIn, async (path) => {
      const opened = await open(path, given, assignment, grader.launcher, room).catch((error: unknown): Submission => {
        if (!(error instanceof UserError)) throw error;
        const missing = Object.keys(assignment.programs) as Program[];
        const nothing = { path, source: path };
        const refused = { name, path: given, root: path, handedIn: nothing, programs: {}, missing };
        const inDoubt = error.code === AMBIGUOUS ? missing : [];
        return { ...refused, inDoubt, notes: [error.what] };
      });
      return gradeSubmission({ ...opened, name, path: given }, assignment, seed, grader, selection);
    });
  } finally {
    await rm(room, { recursive: true, force: true });
  }
}

async function open(
  path: string,
  given: string,
  assignment: Assignment,
  launcher: Launcher,
  room: string,
): Promise<Submission> {
  const { root, notes } = await unpacked(path, given, room);
  const opened = await openSubmission(root, assignment, { given, despiteDoubt: true });
  return inCopy({ ...opened, notes: [...notes, ...opened.notes] }, launcher, room);
}
