import { randomUUID } from "node:crypto";
import { readdir, readFile, realpath, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { condensed } from "../grade/condense.ts";
import { decodeEvidence, type Evidence, resultOf } from "../grade/evidence.ts";
import type { SubmissionResult } from "../grade/result.ts";
import { allMistakes } from "../mistakes/find-mistakes.ts";
import { renderClassTable } from "../report/class-table.ts";
import { systemCode } from "../submission/source-file.ts";
import type { Language, Text } from "../text.ts";
import { UserError } from "../user-error.ts";
import { tellGitHub } from "./check.ts";
import { exitCode, explainer } from "./grader.ts";
import { assertUnused, journalLines, writeJournal } from "./journal.ts";
import { assertOneRun, assertWhole } from "./merge-parts.ts";
import {
  contradicting,
  missingEvidence,
  noResults,
  notEmpty,
  otherEvidence,
  outIsInput,
  refusal,
} from "./merge-refusals.ts";
import { cannotWrite, styleFor } from "./output.ts";
import { whenInterrupted } from "./process-end.ts";
import { evidenceFile, writeReports, writeSubmission } from "./results-folder.ts";
import { type Part, type RunRecord, readRecord, writeRecord } from "./run-record.ts";
import { assignmentHash } from "./shard.ts";

export interface MergeOptions {
  readonly out: string;
  readonly lang?: Language;
}

/**
 * `gema merge`: what `gema grade` would have written about the whole class. Reports are made anew from the evidence, and
 * evidence is copied byte for byte. The folder appears when it is complete; what does not belong together is refused.
 */
export async function merge(folders: readonly string[], { out, lang }: MergeOptions): Promise<void> {
  const { whole, results, explain } = await refusing(async () => {
    await assertFree(out, folders);
    const parts: Part[] = [];
    for (const folder of folders) parts.push(await readPart(folder));
    assertOneRun(parts);
    assertWhole(parts);
    return putTogether(parts, out, lang);
  });
  const style = styleFor(process.stdout, lang);
  process.stdout.write(`${renderClassTable(results, style).trimEnd()}\n`);
  process.stdout.write(`\nseed ${whole.seed}; ${EVERYTHING[style.language]} ${out}\n`);
  await tellGitHub(results, style.language, explain);
  process.exitCode = exitCode(results);
}

const EVERYTHING: Text = { en: "the whole class is in", id: "seluruh kelas ada di" };

/** Whatever cannot be read here is a reason not to merge. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError && error.code !== "cannot-write") throw refusal(error.toOptions());
    throw error;
  }
}

/** @throws UserError when something lies where the whole is to go */
async function assertFree(out: string, folders: readonly string[]): Promise<void> {
  const names = await readdir(out).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return undefined;
    throw cannotWrite(out, error);
  });
  if (names === undefined) return;
  const place = await realpath(out);
  for (const folder of folders) if ((await realpath(folder).catch(unread(folder))) === place) throw outIsInput(out);
  await assertUnused(out);
  if (names.length > 0) throw notEmpty(out);
}

async function readPart(folder: string): Promise<Part> {
  await readdir(folder).catch(unread(folder));
  const record = await readRecord(folder);
  if (!record) throw noResults(folder, "run.json: ENOENT");
  await assertUnused(folder);
  return { folder, record };
}

function unread(folder: string): (error: unknown) => never {
  return (error) => {
    throw noResults(folder, systemCode(error) ?? String(error));
  };
}

interface Whole {
  readonly whole: RunRecord;
  readonly results: readonly SubmissionResult[];
  readonly explain: ReturnType<typeof explainer>;
}

/** Fills a folder beside `out`, which takes that name when nothing is missing in it. */
async function putTogether(parts: readonly Part[], out: string, lang: Language | undefined): Promise<Whole> {
  const half = `${resolve(out)}.${randomUUID()}.part`;
  const clean = (): Promise<void> => rm(half, { recursive: true, force: true });
  whenInterrupted(clean);
  try {
    const whole = await fill(half, parts, lang);
    await rename(half, out).catch((error: unknown) => {
      const taken = ["ENOTEMPTY", "EEXIST"].includes(systemCode(error) ?? "");
      throw taken ? notEmpty(out) : cannotWrite(out, error);
    });
    return whole;
  } finally {
    await clean();
  }
}

async function fill(half: string, parts: readonly Part[], lang: Language | undefined): Promise<Whole> {
  const explain = explainer(await allMistakes());
  const whole = recordOfAll(parts, lang);
  const { language } = whole;
  const journals = new Map<Part, ReadonlyMap<string, string>>();
  for (const part of parts) journals.set(part, await journalLines(part.folder).catch(unread(part.folder)));
  const results: SubmissionResult[] = [];
  const lines: string[] = [];
  for (const [place, submission] of whole.submissions.entries()) {
    const { part, text, result } = await onlyResult(parts, place);
    const { given } = part.record.assignment;
    await writeSubmission(half, place, result, { language, explain, assignment: given, evidence: text });
    // Where a journal has no line, whoever goes on in the new folder grades the submission again.
    const line = journals.get(part)?.get(evidenceFile(submission, place));
    if (line !== undefined) lines.push(line);
    results.push(condensed(result));
  }
  await writeJournal(half, lines);
  const { gema, assignment, seed, submissions, ids } = whole;
  const about = { gema, assignment: assignment.name, seed, handedIn: submissions.length };
  await writeReports(half, results, { language, explain }, { ...about, ids: new Map(Object.entries(ids)) });
  await writeRecord(half, whole);
  return { whole, results, explain };
}

/** The record of a run that graded the whole class by itself. */
function recordOfAll([first]: readonly Part[], lang: Language | undefined): RunRecord {
  if (!first) throw new Error("nothing to merge");
  const { shard: _, ...record } = first.record;
  const graded = record.submissions.map((_, place) => place + 1);
  return { ...record, language: lang ?? record.language, graded };
}

interface OneResult {
  readonly part: Part;
  /** The evidence, as it was stored. */
  readonly text: string;
  readonly result: SubmissionResult;
}

/** @throws UserError when the evidence cannot be read, is damaged, of another run, or there twice and different */
async function onlyResult(parts: readonly Part[], place: number): Promise<OneResult> {
  const [part, ...others] = parts.filter(({ record }) => record.graded.includes(place + 1));
  if (!part) throw new Error(`nobody graded ${place + 1}`);
  const { file, text } = await readEvidence(part, place);
  for (const other of others) {
    const again = await readEvidence(other, place);
    if (again.text !== text) throw contradicting(nameOf(part, place), file, again.file);
  }
  const evidence = decodeEvidence(text, file);
  const difference = differenceFrom(part.record, evidence, nameOf(part, place));
  if (difference) throw otherEvidence(file, part, difference);
  return { part, text, result: resultOf(evidence) };
}

async function readEvidence(part: Part, place: number): Promise<{ file: string; text: string }> {
  const file = join(part.folder, evidenceFile(nameOf(part, place), place));
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw missingEvidence(file, part, systemCode(error) ?? String(error));
  });
  return { file, text };
}

function nameOf({ record }: Part, place: number): string {
  return record.submissions[place] ?? "";
}

/** In what a piece of evidence is not of the run that it lies in. */
function differenceFrom(
  { gema, assignment, seed, isolation }: RunRecord,
  evidence: Evidence,
  submission: string,
): string | undefined {
  const pairs: Readonly<Record<string, readonly [string | number, string | number]>> = {
    submission: [submission, evidence.submission],
    gema: [gema, evidence.gema],
    assignment: [assignment.sha256, assignmentHash(evidence.assignment)],
    seed: [seed, evidence.seed],
    isolation: [isolation, evidence.isolation],
  };
  const [field, [here, there]] = Object.entries(pairs).find(([, [here, there]]) => here !== there) ?? [undefined, []];
  return field === undefined ? undefined : `${field}: ${there}, run.json: ${here}`;
}
