import type { Verdict } from "../checks/verdict.ts";
import type { SubmissionResult } from "../grade/result.ts";
import type { Isolation } from "../launch/subject.ts";
import type { NamedMistake } from "../mistakes/mistake.ts";

/** What a class's results do not say of themselves. */
export interface ClassRun {
  readonly gema: string;
  readonly assignment: string;
  readonly seed: number;
  /** How many submissions there are, graded or not. */
  readonly handedIn: number;
  /** From a submission's name to what the learning platform calls the student. */
  readonly ids: ReadonlyMap<string, string>;
}

/**
 * A class in numbers, as JSON for programs: for a dashboard, a histogram, or a look at what to teach again. Names of
 * students are in it as they are: whoever shows them has to escape them. Its fields:
 *
 * - `schema`: 1; another number when a field changes its meaning or goes
 * - `gema`: the version of Gema
 * - `assignment`: its name
 * - `seed`: what the payloads come from; `--seed` replays it
 * - `submissions`: how many were `handedIn`; how many were `graded`: fewer when the run was stopped; all else counts those
 * - `verdicts`: how many submissions have each verdict: `pass`, `fail`, `inconclusive`, `skipped`, `error`
 * - `needsReview`: how many a person has to look at
 * - `isolation`: how many ran `full`, `partial` or `none`
 * - `points`: `of`, the most that one can earn; `lowest`, `median`, `mean` and `highest`; `distribution`, ten numbers: how
 *   many earned 0 to 10 percent of their points, 10 to 20, and so on, a border counting upwards, 100 to the last. `null` for
 *   the five numbers, and nought ten times, when nothing was graded; a submission that could earn none counts as 0 percent
 * - `mistakes`: the mistakes that were named, the most frequent first: `id`; `title` in both languages; `named`, in how many
 *   submissions; `leading`, in how many of these it is the one to begin with. A submission that passes has none
 * - `advice`: what is worth mending though it costs no points, the most frequent first: `id`, `title` and `named` as above
 * - `checks`: the checks that failed, the most frequent first: `id`; `title` in both languages; `failed`, in how many
 *   submissions; `ran`, in how many it said `pass` or `fail`. A failed check that costs no points is here, too
 * - `list`: the submissions in the order of the gradebook: `submission`, the name; `id`, what the learning platform calls
 *   the student, where known; `verdict`; `points` earned; `of`; `needsReview`; `isolation`; `leadingMistake`, its id, or
 *   `null`
 */
export function summaryJson(results: readonly SubmissionResult[], run: ClassRun): string {
  const { gema, assignment, seed, handedIn, ids } = run;
  const summary = {
    schema: 1,
    gema,
    assignment,
    seed,
    submissions: { handedIn, graded: results.length },
    verdicts: tally(VERDICTS, results, ({ verdict }) => verdict),
    needsReview: results.filter(({ needsReview }) => needsReview).length,
    isolation: tally(ISOLATIONS, results, ({ isolation }) => isolation),
    points: pointsOf(results),
    mistakes: mistakesIn(results),
    advice: adviceIn(results),
    checks: checksIn(results),
    list: results.map((result) => entry(result, ids.get(result.submission))),
  };
  return `${JSON.stringify(summary, null, 2)}\n`;
}

const VERDICTS: readonly Verdict[] = ["pass", "fail", "inconclusive", "skipped", "error"];
const ISOLATIONS: readonly Isolation[] = ["full", "partial", "none"];
const BINS = 10;

function tally<K extends string>(
  keys: readonly K[],
  results: readonly SubmissionResult[],
  keyOf: (result: SubmissionResult) => K,
): Record<string, number> {
  return Object.fromEntries(keys.map((key) => [key, results.filter((result) => keyOf(result) === key).length]));
}

function pointsOf(results: readonly SubmissionResult[]) {
  const earned = results.map((result) => result.earned).sort((a, b) => a - b);
  const distribution = Array.from({ length: BINS }, () => 0);
  for (const result of results) {
    const share = result.points > 0 ? result.earned / result.points : 0;
    // 0.3 of 1 must not fall below its border because 0.3 * 10 cannot be written in binary.
    const bin = Math.min(BINS - 1, Math.floor(share * BINS + 1e-9));
    distribution[bin] = (distribution[bin] ?? 0) + 1;
  }
  const middle = [earned[Math.ceil(earned.length / 2) - 1], earned[Math.floor(earned.length / 2)]];
  return {
    of: results.length > 0 ? rounded(Math.max(...results.map(({ points }) => points))) : null,
    lowest: orNull(earned[0]),
    median: orNull(mean(middle.filter((one) => one !== undefined))),
    mean: orNull(mean(earned)),
    highest: orNull(earned.at(-1)),
    distribution,
  };
}

function mean(numbers: readonly number[]): number | undefined {
  return numbers.length > 0 ? numbers.reduce((a, b) => a + b, 0) / numbers.length : undefined;
}

function orNull(value: number | undefined): number | null {
  return value === undefined ? null : rounded(value);
}

/** As the gradebook has them. */
function rounded(points: number): number {
  return Math.round(points * 100) / 100;
}

function mistakesIn(results: readonly SubmissionResult[]) {
  const leading = results.map(({ mistakes: [first] }) => first?.id);
  const found = namedIn(results.map(({ mistakes }) => mistakes)).map((one) => ({
    ...one,
    leading: leading.filter((id) => id === one.id).length,
  }));
  return found.sort((a, b) => b.named - a.named || b.leading - a.leading || byId(a, b));
}

function adviceIn(results: readonly SubmissionResult[]) {
  return namedIn(results.map(({ advice }) => advice)).sort((a, b) => b.named - a.named || byId(a, b));
}

/** @param lists for each submission what was named */
function namedIn(lists: readonly (readonly NamedMistake[])[]) {
  return [...new Map(lists.flat().map((one) => [one.id, one])).values()].map(({ id, title }) => ({
    id,
    title,
    named: lists.filter((list) => list.some((one) => one.id === id)).length,
  }));
}

function checksIn(results: readonly SubmissionResult[]) {
  const all = results.flatMap(({ programs }) => programs.flatMap(({ checks }) => checks));
  const failed = all.filter(({ verdict }) => verdict === "fail");
  const count = (id: string, verdicts: readonly Verdict[]) =>
    all.filter((one) => one.check === id && verdicts.includes(one.verdict)).length;
  const found = [...new Map(failed.map((one) => [one.check, one])).values()].map(({ check, title }) => ({
    id: check,
    title,
    failed: count(check, ["fail"]),
    ran: count(check, ["pass", "fail"]),
  }));
  return found.sort((a, b) => b.failed - a.failed || byId(a, b));
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}

function entry(result: SubmissionResult, id: string | undefined) {
  const { submission, verdict, earned, points, needsReview, isolation } = result;
  return {
    submission,
    ...(id !== undefined && { id }),
    verdict,
    points: rounded(earned),
    of: rounded(points),
    needsReview,
    isolation,
    leadingMistake: result.mistakes[0]?.id ?? null,
  };
}
