import { availableParallelism } from "node:os";
import { join } from "node:path";
import { loadAssignment } from "../assignment/load.ts";
import { encodeEvidence } from "../grade/evidence.ts";
import type { SubmissionResult } from "../grade/result.ts";
import { renderClassTable, renderLine } from "../report/class-table.ts";
import { gradesCsv } from "../report/grades-csv.ts";
import { harmless } from "../report/harmless.ts";
import { junitReport } from "../report/junit.ts";
import { renderSubmission } from "../report/terminal.ts";
import type { Language, Text } from "../text.ts";
import { tellGitHub } from "./check.ts";
import { readClass } from "./class-folder.ts";
import { gradeOne } from "./grade-one.ts";
import { exitCode, explainer, makeGrader, newSeed } from "./grader.ts";
import { styleFor, writeWhole } from "./output.ts";
import { whenInterrupted } from "./process-end.ts";
import { gradeInSlots, type IsolationWish, worldFor } from "./slots.ts";

export interface GradeOptions {
  readonly assignment: string;
  readonly out: string;
  readonly jobs?: number;
  readonly isolation: IsolationWish;
  readonly seed?: number;
  readonly lang?: Language;
}

/**
 * `gema grade`: a class, several submissions at once where each can have a network of its own, else one after another.
 * Each one's results are written as soon as they are there: what stops it half-way, a taken port or Ctrl-C, loses nothing
 * of what was graded before.
 */
export async function grade(folder: string, options: GradeOptions): Promise<void> {
  const grader = await makeGrader();
  const style = styleFor(process.stdout, options.lang);
  const { language } = style;
  const explain = explainer(grader.mistakes);
  const assignment = await loadAssignment(options.assignment, [...grader.checks.keys()]);
  const { submissions, leftOut } = await readClass(folder, [options.assignment, options.out]);
  const world = await worldFor(options.isolation);
  const seed = options.seed ?? newSeed();
  const done = new Map<number, SubmissionResult>();
  const results = (): SubmissionResult[] => submissions.flatMap((_, place) => done.get(place) ?? []);

  if (leftOut.length > 0) say(`${LEFT_OUT[language]}: ${leftOut.map(harmless).join(", ")}`);
  const keep = async (result: SubmissionResult, place: number): Promise<void> => {
    const base = join(options.out, "submissions", fileName(result.submission, place));
    await writeWhole(`${base}.evidence.json`, encodeEvidence(result));
    const { assignment: asked } = options;
    const inFile = { language, width: 80, color: false, explain, assignment: asked } as const;
    await writeWhole(`${base}.txt`, renderSubmission(result, inFile));
    done.set(place, result);
    say(`${counted(done.size, submissions.length)} ${renderLine(result, style).trimEnd()}`);
  };
  const finish = async (): Promise<void> => {
    await writeWhole(join(options.out, "junit.xml"), junitReport(results(), { language, explain }));
    await writeWhole(join(options.out, "grades.csv"), gradesCsv(results()));
    if (done.size > 0) say(`\n${renderClassTable(results(), style).trimEnd()}`);
    if (done.size < submissions.length) say(`\n${STOPPED[language](done.size, submissions.length)}`);
    say(`\nseed ${seed}; ${EVERYTHING[language]} ${options.out}`);
    await tellGitHub(results(), language, explain);
  };
  whenInterrupted(finish);
  try {
    if (world) {
      const jobs = options.jobs ?? availableParallelism();
      await gradeInSlots(submissions, { assignment: options.assignment, seed }, { world, jobs }, keep);
    } else {
      for (const [place, handedIn] of submissions.entries())
        await keep(await gradeOne(handedIn, assignment, seed, grader), place);
    }
  } finally {
    await finish();
  }
  process.exitCode = exitCode(results());
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

/** A name that every file system takes; numbered, since two students' names may become the same. */
function fileName(name: string, index: number): string {
  return `${String(index + 1).padStart(3, "0")}-${name.replace(/[^\w.-]+/g, "_").slice(0, 80)}`;
}
