import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import type { Assignment } from "../assignment/assignment.ts";
import { EXPLORATION } from "../checks/conversation-plan.ts";
import { type Grader, gradeSubmission } from "../grade/grade-submission.ts";
import type { SubmissionResult } from "../grade/result.ts";
import type { CheckRequest, SlotNews } from "../grade/slot-messages.ts";
import { plainLauncher } from "../launch/plain-launcher.ts";
import type { Launcher } from "../launch/subject.ts";
import { openSubmission } from "../submission/find-programs.ts";
import type { Most } from "../submission/stage.ts";
import type { Submission } from "../submission/submission.ts";
import { UserError } from "../user-error.ts";
import { exploring } from "./exploring.ts";
import { assertTried } from "./grader.ts";
import { inCopy } from "./in-copy.ts";
import { unpacked } from "./unpacked.ts";
import { asAssumed } from "./what-was-asked.ts";

/** What is copied before each check, in some 20 ms: a folder with more is no exercise, but all that somebody has. */
const MOST: Most = { bytes: 16 * 1024 * 1024, entries: 1_000 };

/**
 * Checks what one person works on, or the archive of it that is handed in. Of a file the whole folder is seen by the program, since it may import its neighbours.
 *
 * @throws UserError when it cannot be read, or leaves in doubt what is meant
 */
export async function checkOne(
  request: CheckRequest,
  given: Assignment,
  seed: number,
  grader: Grader,
  tell: (news: SlotNews) => void = () => {},
): Promise<SubmissionResult> {
  const { assignment, only } = exploring(given, request);
  const { first, explore } = request;
  const room = await mkdtemp(join(tmpdir(), "gema-check-"));
  try {
    const submission = await open(request, assignment, room);
    assertTried(only ?? (explore ? [EXPLORATION] : []), grader.checks, assignment, submission);
    const { copy, launcher } = await isolated(submission, grader.launcher, room, request.insist);
    return await gradeSubmission(
      copy,
      assignment,
      seed,
      { ...grader, launcher },
      {
        ...(only && { only }),
        ...(first && { first }),
        onResult: ({ check, title, verdict, level }) => tell({ check, title, verdict, level }),
      },
    );
  } finally {
    await rm(room, { recursive: true, force: true });
  }
}

async function open(request: CheckRequest, assignment: Assignment, room: string): Promise<Submission> {
  const { path, entry, program, assumed } = request;
  const { root, notes } = await unpacked(path, path, room);
  const options = { given: path, ...(entry && { entry }), ...(program && { program }) };
  const opened = await openSubmission(root, assignment, options);
  const submission = { ...opened, name: basename(resolve(path)), notes: [...notes, ...opened.notes] };
  return assumed ? asAssumed(submission, assignment) : submission;
}

/** What is too much to be copied is run where it is, with a network and a process table of its own. */
async function isolated(
  submission: Submission,
  launcher: Launcher,
  room: string,
  insist: boolean,
): Promise<{ readonly copy: Submission; readonly launcher: Launcher }> {
  const { root } = submission;
  try {
    return {
      copy: await inCopy({ ...submission, handedIn: { path: root, source: root } }, launcher, room, MOST),
      launcher,
    };
  } catch (error) {
    if (insist || !(error instanceof UserError)) throw error;
    return { copy: submission, launcher: { ...plainLauncher, isolation: "partial" } };
  }
}
