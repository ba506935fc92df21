import { availableParallelism } from "node:os";
import { join } from "node:path";
import { loadAssignment } from "../assignment/load.ts";
import type { Verdict } from "../checks/verdict.ts";
import { encodeEvidence } from "../grade/evidence.ts";
import { gemaVersion } from "../grade/gema-version.ts";
import type { SubmissionResult } from "../grade/result.ts";
import { renderClassTable, renderLine } from "../report/class-table.ts";
import { gradesCsv } from "../report/grades-csv.ts";
import { harmless } from "../report/harmless.ts";
import { junitReport } from "../report/junit.ts";
import { summaryJson } from "../report/summary-json.ts";
import { renderSubmission } from "../report/terminal.ts";
import type { Language, Text } from "../text.ts";
import { tellGitHub } from "./check.ts";
import { readClass } from "./class-folder.ts";
import { gradeOne } from "./grade-one.ts";
import { exitCode, explainer, makeGrader, newSeed } from "./grader.ts";
import { Journal } from "./journal.ts";
import { styleFor, writeWhole } from "./output.ts";
import { whenInterrupted } from "./process-end.ts";
import { type Entry, gradeInSlots, type IsolationWish, surroundingsFor } from "./slots.ts";

export interface GradeOptions {
  readonly assignment: string;
  readonly out: string;
  readonly names?: string;
  readonly jobs?: number;
  readonly isolation: IsolationWish;
  readonly retry?: readonly Verdict[];
  readonly seed?: number;
  readonly lang?: Language;
}

/**
 * `gema grade`: a class, several submissions at once where each can have a network of its own, else one after another.
 * Each one's results are written as soon as they are there: what stops it half-way, a taken port or Ctrl-C, loses nothing
 * of what was graded before, and the same command goes on with what is missing.
 */
export async function grade(folder: string, options: GradeOptions): Promise<void> {
  const grader = await makeGrader();
  const style = styleFor(process.stdout, options.lang);
  const { language } = style;
  const explain = explainer(grader.mistakes);
  const assignment = await loadAssignment(options.assignment, [...grader.checks.keys()]);
  const { submissions, leftOut } = await readClass(folder, [options.assignment, options.out], options.names);
  const surroundings = await surroundingsFor(options.isolation);
  const journal = await Journal.open(options.out, { assignment, isolation: surroundings.inside.isolation });
  const seed = options.seed ?? journal.seed ?? newSeed();
  const entries: readonly Entry[] = [...submissions.entries()];
  const done = new Map<number, SubmissionResult>();
  const ids = new Map(submissions.flatMap(({ name, id }) => (id === undefined ? [] : [[name, id]])));
  const results = (): SubmissionResult[] => submissions.flatMap((_, place) => done.get(place) ?? []);

  if (leftOut.length > 0) say(`${LEFT_OUT[language]}: ${leftOut.map(harmless).join(", ")}`);
  const keep = async (result: SubmissionResult, [place, handedIn]: Entry, before = ""): Promise<void> => {
    const name = join("submissions", fileName(result.submission, place));
    const base = join(options.out, name);
    await writeWhole(`${base}.evidence.json`, encodeEvidence(result));
    const { assignment: asked } = options;
    const inFile = { language, width: 80, color: false, explain, assignment: asked } as const;
    await writeWhole(`${base}.txt`, renderSubmission(result, inFile));
    await journal.add(handedIn, seed, `${name}.evidence.json`);
    done.set(place, result);
    say(`${counted(done.size, submissions.length)} ${renderLine(result, style).trimEnd()}${before}`);
  };
  const finish = async (): Promise<void> => {
    await writeWhole(join(options.out, "junit.xml"), junitReport(results(), { language, explain }));
    await writeWhole(join(options.out, "grades.csv"), gradesCsv(results(), ids));
    const run = { gema: gemaVersion(), assignment: assignment.name, seed, handedIn: submissions.length, ids };
    await writeWhole(join(options.out, "summary.json"), summaryJson(results(), run));
    if (done.size > 0) say(`\n${renderClassTable(results(), style).trimEnd()}`);
    if (done.size < submissions.length) say(`\n${STOPPED[language](done.size, submissions.length)}`);
    say(`\nseed ${seed}; ${EVERYTHING[language]} ${options.out}`);
    await tellGitHub(results(), language, explain);
    await journal.close();
  };
  whenInterrupted(finish);
  try {
    for (const entry of entries) {
      const result = await journal.earlier(entry[1], seed, options.retry ?? []);
      if (result) await keep(result, entry, ` (${BEFORE[language]})`);
    }
    const missing = entries.filter(([place]) => !done.has(place));
    if (surroundings.world) {
      const jobs = options.jobs ?? availableParallelism();
      await gradeInSlots(missing, { assignment: options.assignment, seed }, surroundings, jobs, keep);
    } else {
      for (const entry of missing) await keep(await gradeOne(entry[1], assignment, seed, grader), entry);
    }
  } finally {
    await finish();
  }
  process.exitCode = exitCode(results());
}

const LEFT_OUT: Text = { en: "not submissions", id: "bukan kumpulan tugas" };
const EVERYTHING: Text = { en: "everything is in", id: "semuanya ada di" };
const BEFORE: Text = { en: "graded before", id: "sudah dinilai" };
const STOPPED = {
  en: (done: number, of: number) =>
    `stopped early: ${done} of ${of} submissions were graded; the same command goes on with the others`,
  id: (done: number, of: number) =>
    `berhenti lebih awal: ${done} dari ${of} kumpulan tugas sudah dinilai; perintah yang sama melanjutkan sisanya`,
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
