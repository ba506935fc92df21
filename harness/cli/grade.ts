import { availableParallelism } from "node:os";
import { loadAssignment } from "../assignment/load.ts";
import type { Verdict } from "../checks/verdict.ts";
import { condensed } from "../grade/condense.ts";
import { gemaVersion } from "../grade/gema-version.ts";
import type { SubmissionResult } from "../grade/result.ts";
import { unfinishedResult } from "../grade/unfinished.ts";
import type { Isolation } from "../launch/subject.ts";
import { renderClassTable, renderLine } from "../report/class-table.ts";
import { harmless } from "../report/harmless.ts";
import { paint } from "../report/style.ts";
import { preparedPackages } from "../submission/packages.ts";
import { nameFrom } from "../submission/source-file.ts";
import type { Language, Text } from "../text.ts";
import { tellGitHub } from "./check.ts";
import { readClass } from "./class-folder.ts";
import { gradeOne } from "./grade-one.ts";
import { exitCode, explainer, makeGrader, newSeed } from "./grader.ts";
import { Journal } from "./journal.ts";
import { styleFor } from "./output.ts";
import { whenInterrupted } from "./process-end.ts";
import { Progress } from "./progress.ts";
import { evidenceFile, writeReports, writeSubmission } from "./results-folder.ts";
import { assertOwnFolder, recordRun } from "./run-record.ts";
import { assertNoSecrets } from "./secrets.ts";
import { agreedSeed, isIn, parseShard, type Shard } from "./shard.ts";
import { type Entry, gradeInSlots } from "./slots.ts";
import { type IsolationWish, surroundingsFor } from "./surroundings.ts";

export interface GradeOptions {
  readonly assignment: string;
  readonly out: string;
  readonly names?: string;
  readonly jobs?: number;
  readonly isolation: IsolationWish;
  readonly allowUnsafe?: boolean;
  readonly retry?: readonly Verdict[];
  readonly seed?: number;
  /** `i/n` */
  readonly shard?: string;
  readonly lang?: Language;
}

/**
 * `gema grade`: a class, several submissions at once where each can have a network of its own, else one after another.
 * Each one's results are written as soon as they are there: what stops it half-way, a taken port or Ctrl-C, loses nothing
 * of what was graded before, and the same command goes on with what is missing. With a shard only a part of the class is
 * graded, under the numbers and with the seed of the whole.
 */
export async function grade(folder: string, options: GradeOptions): Promise<void> {
  const shard = options.shard === undefined ? undefined : parseShard(options.shard);
  const usual = await makeGrader();
  const style = styleFor(process.stdout, options.lang);
  const { language } = style;
  const explain = explainer(usual.mistakes);
  const assignment = await loadAssignment(options.assignment, [...usual.checks.keys()]);
  const grader = { ...usual, packages: await preparedPackages(options.assignment, assignment) };
  const { submissions, leftOut } = await readClass(folder, [options.assignment, options.out], options.names);
  const names = submissions.map(({ name }) => name);
  await assertOwnFolder(options.out, assignment, shard);
  const surroundings = await surroundingsFor(options.isolation);
  const { isolation } = surroundings.inside;
  if (isolation === "none" && !options.allowUnsafe) assertNoSecrets(process.env);
  const journal = await Journal.open(options.out, { assignment, isolation });
  const seed = options.seed ?? (shard ? agreedSeed(assignment, names) : (journal.seed ?? newSeed()));
  const ids = new Map(submissions.flatMap(({ name, id }) => (id === undefined ? [] : [[name, id]])));
  const run = { assignment, given: options.assignment, isolation, seed, language, shard, submissions: names, ids };
  const entries: readonly Entry[] = [...submissions.entries()].filter(([place]) => !shard || isIn(shard, place));
  const progress = new Progress(entries.length, style);
  const say = (line: string): void => progress.say(line);
  const done = new Map<number, SubmissionResult>();
  const results = (): SubmissionResult[] => submissions.flatMap((_, place) => done.get(place) ?? []);

  if (isolation !== "full") say(paint(style, "bold", NOTICE[isolation][language]));
  if (leftOut.length > 0) say(`${LEFT_OUT[language]}: ${leftOut.map(harmless).join(", ")}`);
  const keep = async (
    result: SubmissionResult,
    [place, handedIn]: Entry,
    evidence?: string,
    remark = "",
  ): Promise<void> => {
    const shown = { language, explain, assignment: options.assignment, ...(evidence !== undefined && { evidence }) };
    await writeSubmission(options.out, place, result, shown);
    await journal.add(handedIn, seed, evidenceFile(result.submission, place));
    done.set(place, condensed(result));
    progress.end(place, result, `${renderLine(result, style).trimEnd()}${remark}`);
  };
  const writeAll = async (): Promise<void> => {
    progress.stop();
    if (done.size > 0) say(`\n${renderClassTable(results(), style).trimEnd()}`);
    if (done.size < entries.length) say(`\n${STOPPED[language](done.size, entries.length)}`);
    try {
      const about = { gema: gemaVersion(), assignment: assignment.name, seed, handedIn: entries.length, ids };
      await writeReports(options.out, results(), { language, explain }, about);
      await recordRun(options.out, run, [...done.keys()]);
    } finally {
      await journal.close();
    }
    if (shard) say(`\n${PART[language](shard, entries.length, submissions.length)}`);
    say(`\nseed ${seed}; ${EVERYTHING[language]} ${options.out}`);
    if (!shard) await tellGitHub(results(), language, explain);
  };
  let written: Promise<void> | undefined;
  const finish = (): Promise<void> => {
    written ??= writeAll();
    return written;
  };
  let interrupted = false;
  function* missing(): Generator<Entry, void> {
    for (const entry of entries) {
      if (interrupted) return;
      if (!done.has(entry[0])) yield entry;
    }
  }
  const begin = ([place, { name }]: Entry): void => progress.begin(place, name);
  const gradeAll = async (): Promise<void> => {
    await recordRun(options.out, run, []);
    for (const entry of entries) {
      const earlier = await journal.earlier(entry[1], seed, options.retry ?? []);
      if (earlier) await keep(earlier.result, entry, earlier.evidence, ` (${BEFORE[language]})`);
    }
    if (surroundings.world) {
      const jobs = Math.min(options.jobs ?? availableParallelism(), entries.length - done.size);
      const unfinished = (why: Text, entry: Entry, wallMs: number): Promise<void> => {
        const { name, path } = entry[1];
        const begun = { submission: name, path: nameFrom(path), assignment, seed, isolation, wallMs };
        return keep(unfinishedResult(begun, why, grader.checks), entry);
      };
      const tell = { begin, result: keep, unfinished };
      await gradeInSlots(missing(), { assignment: options.assignment, seed }, surroundings, jobs, tell);
    } else {
      for (const entry of missing()) {
        begin(entry);
        await keep(await gradeOne(entry[1], assignment, seed, grader), entry);
      }
    }
  };
  const grading = gradeAll().then(finish, async (error: unknown) => {
    await finish().catch(() => {}); // the first failure is the one to tell
    throw error;
  });
  whenInterrupted(async () => {
    interrupted = true;
    say(FINISHING[language]);
    await Promise.allSettled([grading]); // what it fails with is told below
  }, finish);
  await grading;
  process.exitCode = exitCode(results());
}

/** Loud, since a lecturer would not look for it. */
const NOTICE: Readonly<Record<Exclude<Isolation, "full">, Text>> = {
  none: {
    en: "NOT ISOLATED: programs run as you, with your files and your network, one after another. Grade only work that you trust.",
    id: "TANPA ISOLASI: program berjalan sebagai Anda, dengan berkas dan jaringan Anda, satu per satu. Nilai hanya pekerjaan yang Anda percayai.",
  },
  partial: {
    en: "PARTLY ISOLATED: no network and no other processes, but programs can read and change your files. Install bubblewrap for the rest.",
    id: "ISOLASI SEBAGIAN: tanpa jaringan dan tanpa proses lain, tetapi program bisa membaca dan mengubah berkas Anda. Pasang bubblewrap untuk sisanya.",
  },
};
const LEFT_OUT: Text = { en: "not submissions", id: "bukan kumpulan tugas" };
const EVERYTHING: Text = { en: "everything is in", id: "semuanya ada di" };
const BEFORE: Text = { en: "graded before", id: "sudah dinilai" };
const FINISHING: Text = {
  en: "Finishing what is under way, and nothing new. Ctrl-C again stops at once.",
  id: "Menyelesaikan yang sedang dinilai, tanpa memulai yang baru. Ctrl-C sekali lagi menghentikan seketika.",
};
const STOPPED = {
  en: (done: number, of: number) =>
    `stopped early: ${done} of ${of} submissions were graded; the same command goes on with the others`,
  id: (done: number, of: number) =>
    `berhenti lebih awal: ${done} dari ${of} kumpulan tugas sudah dinilai; perintah yang sama melanjutkan sisanya`,
};
/** A shard tells GitHub nothing: the whole class is told once, by `gema merge`. */
const PART = {
  en: ({ number, of }: Shard, part: number, whole: number) =>
    `shard ${number}/${of}: ${part} of ${whole} submissions; gema merge puts all shards together`,
  id: ({ number, of }: Shard, part: number, whole: number) =>
    `bagian ${number}/${of}: ${part} dari ${whole} kumpulan tugas; gema merge menggabungkan semua bagian`,
};
