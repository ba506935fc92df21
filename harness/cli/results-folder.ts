import { join } from "node:path";
import { encodeEvidence } from "../grade/evidence.ts";
import type { SubmissionResult } from "../grade/result.ts";
import { gradesCsv } from "../report/grades-csv.ts";
import { junitReport } from "../report/junit.ts";
import type { ReportOptions } from "../report/story.ts";
import { type ClassRun, summaryJson } from "../report/summary-json.ts";
import { renderSubmission } from "../report/terminal.ts";
import { writeWhole } from "./output.ts";

/** The reports about a class, by file name: a new one is a line here, whichever command puts the class together. */
const REPORTS: Readonly<Record<string, Report>> = {
  "junit.xml": junitReport,
  "grades.csv": (results, _options, { ids }) => gradesCsv(results, ids),
  "summary.json": (results, _options, run) => summaryJson(results, run),
};
type Report = (results: readonly SubmissionResult[], options: ReportOptions, run: ClassRun) => string;

/** @param results in the order of the class */
export async function writeReports(
  folder: string,
  results: readonly SubmissionResult[],
  options: ReportOptions,
  run: ClassRun,
): Promise<void> {
  for (const [file, report] of Object.entries(REPORTS)) {
    await writeWhole(join(folder, file), report(results, options, run));
  }
}

/**
 * Writes what is kept of one submission.
 *
 * @param evidence as files beside `result`; the one it was read from, where there is one
 * @param assignment as given, for the commands shown to the student
 */
export async function writeSubmission(
  folder: string,
  place: number,
  result: SubmissionResult,
  { assignment, evidence = encodeEvidence(result), ...options }: ReportOptions & Kept,
): Promise<void> {
  const shown = { ...options, width: 80, color: false, assignment };
  await writeWhole(join(folder, evidenceFile(result.submission, place)), evidence);
  await writeWhole(join(folder, `${baseName(result.submission, place)}.txt`), renderSubmission(result, shown));
}

interface Kept {
  readonly assignment: string;
  readonly evidence?: string;
}

/**
 * Where the evidence of a submission lies, relative to the folder of the results.
 * @param place in the whole class, from 0
 */
export function evidenceFile(submission: string, place: number): string {
  return `${baseName(submission, place)}.evidence.json`;
}

/** A name that every file system takes; numbered, since two students' names may become the same. */
function baseName(submission: string, place: number): string {
  const number = String(place + 1).padStart(3, "0");
  return join("submissions", `${number}-${submission.replace(/[^\w.-]+/g, "_").slice(0, 80)}`);
}
