import { join } from "node:path";
import type { Assignment } from "../assignment/assignment.ts";
import { loadAssignment } from "../assignment/load.ts";
import { encodeEvidence } from "../grade/evidence.ts";
import { type Grader, gradeSubmission } from "../grade/grade-submission.ts";
import type { SubmissionResult } from "../grade/result.ts";
import { renderClassTable, renderLine } from "../report/class-table.ts";
import { gradesCsv } from "../report/grades-csv.ts";
import { harmless } from "../report/harmless.ts";
import { junitReport } from "../report/junit.ts";
import { renderSubmission } from "../report/terminal.ts";
import { openSubmission } from "../submission/find-programs.ts";
import { nameFrom } from "../submission/source-file.ts";
import type { Submission } from "../submission/submission.ts";
import type { Language, Text } from "../text.ts";
import { UserError } from "../user-error.ts";
import { tellGitHub } from "./check.ts";
import { type HandedIn, readClass, withTextPath } from "./class-folder.ts";
import { exitCode, explainer, makeGrader, newSeed } from "./grader.ts";
import { styleFor, writeWhole } from "./output.ts";
import { whenInterrupted } from "./process-end.ts";

export interface GradeOptions {
  readonly assignment: string;
  readonly out: string;
  readonly seed?: number;
  readonly lang?: Language;
}

/**
 * `gema grade`: a class, one submission after another; each one's results are written as soon as they are there. What
 * stops it half-way, a taken port or Ctrl-C, loses nothing of what was graded before.
 */
export async function grade(folder: string, options: GradeOptions): Promise<void> {
  const grader = await makeGrader();
  const style = styleFor(process.stdout, options.lang);
  const { language } = style;
  const explain = explainer(grader.mistakes);
  const assignment = await loadAssignment(options.assignment, [...grader.checks.keys()]);
  const { submissions, leftOut } = await readClass(folder, [options.assignment, options.out]);
  const seed = options.seed ?? newSeed();
  const results: SubmissionResult[] = [];

  if (leftOut.length > 0) say(`${LEFT_OUT[language]}: ${leftOut.map(harmless).join(", ")}`);
  const gradeOneMore = async (handedIn: HandedIn): Promise<void> => {
    const result = await gradeOne(handedIn, assignment, seed, grader);
    const base = join(options.out, "submissions", fileName(handedIn.name, results.length));
    await writeWhole(`${base}.evidence.json`, encodeEvidence(result));
    const { assignment: asked } = options;
    const inFile = { language, width: 80, color: false, explain, assignment: asked } as const;
    await writeWhole(`${base}.txt`, renderSubmission(result, inFile));
    results.push(result);
    say(`${counted(results.length, submissions.length)} ${renderLine(result, style).trimEnd()}`);
  };
  const finish = async (): Promise<void> => {
    await writeWhole(join(options.out, "junit.xml"), junitReport(results, { language, explain }));
    await writeWhole(join(options.out, "grades.csv"), gradesCsv(results));
    if (results.length > 0) say(`\n${renderClassTable(results, style).trimEnd()}`);
    if (results.length < submissions.length) say(`\n${STOPPED[language](results.length, submissions.length)}`);
    say(`\nseed ${seed}; ${EVERYTHING[language]} ${options.out}`);
    await tellGitHub(results, language, explain);
  };
  whenInterrupted(finish);
  try {
    for (const handedIn of submissions) await gradeOneMore(handedIn);
  } finally {
    await finish();
  }
  process.exitCode = exitCode(results);
}

const LEFT_OUT: Text = { en: "not submissions", id: "bukan kumpulan tugas" };
const EVERYTHING: Text = { en: "everything is in", id: "semuanya ada di" };
const STOPPED = {
  en: (done: number, of: number) => `stopped early: ${done} of ${of} submissions were graded`,
  id: (done: number, of: number) => `berhenti lebih awal: ${done} dari ${of} kumpulan tugas sudah dinilai`,
};

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function counted(done: number, of: number): string {
  return `${String(done).padStart(String(of).length)}/${of}`;
}

/** A submission in which no program can be found is graded as handing in nothing; the others go on. */
function gradeOne(handedIn: HandedIn, assignment: Assignment, seed: number, grader: Grader): Promise<SubmissionResult> {
  const { name } = handedIn;
  const given = nameFrom(handedIn.path);
  return withTextPath(handedIn, async (path) => {
    const opened = await openSubmission(path, assignment).catch((error: unknown): Submission => {
      if (!(error instanceof UserError)) throw error;
      const missing = Object.keys(assignment.programs) as (keyof typeof assignment.programs)[];
      return { name, path: given, root: path, programs: {}, missing, notes: [error.what] };
    });
    return gradeSubmission({ ...opened, name, path: given }, assignment, seed, grader);
  });
}

/** A name that every file system takes; numbered, since two students' names may become the same. */
function fileName(name: string, index: number): string {
  return `${String(index + 1).padStart(3, "0")}-${name.replace(/[^\w.-]+/g, "_").slice(0, 80)}`;
}
