import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Assignment, Program } from "../assignment/assignment.ts";
import { type Grader, gradeSubmission } from "../grade/grade-submission.ts";
import type { SubmissionResult } from "../grade/result.ts";
import type { Launcher } from "../launch/subject.ts";
import { openSubmission } from "../submission/find-programs.ts";
import { nameFrom } from "../submission/source-file.ts";
import { stage } from "../submission/stage.ts";
import type { Submission } from "../submission/submission.ts";
import { UserError } from "../user-error.ts";
import { type HandedIn, withTextPath } from "./class-folder.ts";

/** Grades one of a class. A submission in which no program can be found is graded as handing in nothing. */
export async function gradeOne(
  handedIn: HandedIn,
  assignment: Assignment,
  seed: number,
  grader: Grader,
): Promise<SubmissionResult> {
  const { name } = handedIn;
  const given = nameFrom(handedIn.path);
  const room = await mkdtemp(join(tmpdir(), "gema-handed-in-"));
  try {
    return await withTextPath(handedIn, async (path) => {
      const opened = await open(path, assignment, grader.launcher, room).catch((error: unknown): Submission => {
        if (!(error instanceof UserError)) throw error;
        const missing = Object.keys(assignment.programs) as Program[];
        const nothing = { path, source: path };
        return { name, path: given, root: path, handedIn: nothing, programs: {}, missing, notes: [error.what] };
      });
      return gradeSubmission({ ...opened, name, path: given }, assignment, seed, grader);
    });
  } finally {
    await rm(room, { recursive: true, force: true });
  }
}

/** In a sandbox programs see a copy, without links, pipes and devices, at the submission's own place. */
async function open(path: string, assignment: Assignment, launcher: Launcher, room: string): Promise<Submission> {
  const opened = await openSubmission(path, assignment);
  if (launcher.isolation !== "full") return opened;
  const copy = join(room, "copy");
  await launcher.share(room);
  await stage(opened.handedIn.path, copy);
  return { ...opened, handedIn: { ...opened.handedIn, source: copy } };
}
