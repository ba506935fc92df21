import type { TestCase, TestSuite } from "junit-report-builder";
import type { CheckResult } from "../checks/verdict.ts";
import { type CheckInRun, causeOf, checksOf } from "../grade/failures.ts";
import type { ProgramRun, SubmissionResult } from "../grade/result.ts";
import { checkStory, HEADINGS } from "./check-story.ts";
import { harmless } from "./harmless.ts";
import { bodyText, type Extras, extend, newReport } from "./junit-xml.ts";
import { NOTE, rationale, WARNING } from "./report-words.ts";
import { type SourcePlace, sourcePlace } from "./source-place.ts";
import { findingOf, headline, isFlaky, type ReportOptions, remarks } from "./story.ts";

/** Columns of the diagrams inside a body; CI viewers wrap at about 100. */
const BODY_WIDTH = 80;

type Names = Set<string>;

/**
 * JUnit XML: one suite for a submission and program, no nesting, one case for a check.
 *
 * - A failed `must` check is a `<failure>`; one that is inconclusive, or broke, an `<error>`.
 * - A failed `should` or `info` check is a passed case that says `warning` or `note` in `<system-out>`: it costs nothing,
 *   so it must not turn a build red. For the same reason such a check that could not be told is `<skipped>`.
 * - What failed once and passed once also carries the failed attempt as `<flakyFailure>`.
 * - A submission that did not pass although none of its cases says so gets a case of its own.
 */
export function junitReport(results: readonly SubmissionResult[], options: ReportOptions): string {
  const report = newReport();
  const suites: Names = new Set();
  const cases: Names = new Set();
  for (const result of results) {
    const open = (program: string, ms: number) => {
      const name = unique(harmless(`${result.submission} / ${program}`), suites);
      return report.testSuite().name(name).time(seconds(ms)).timestamp(result.startedAt);
    };
    for (const run of result.programs) addRun(open(run.program, run.wallMs), result, run, cases, options);
    if (needsOwnCase(result)) addOwnCase(open("submission", result.wallMs), result, cases, options);
  }
  return report.build();
}

function addRun(
  suite: TestSuite,
  result: SubmissionResult,
  run: ProgramRun,
  cases: Names,
  options: ReportOptions,
): void {
  addProperties(suite, result);
  for (const check of run.checks) {
    const behaviour = check.check.slice(check.check.indexOf("/") + 1);
    const testCase = newCase(suite, result, run.program, behaviour, cases).time(seconds(checkMs(check)));
    addCase(testCase, result, { run, check }, options);
  }
}

function newCase(suite: TestSuite, result: SubmissionResult, program: string, name: string, cases: Names): TestCase {
  // GitLab drops cases that share class and name, so the submission is in the name, alone or among 300.
  const full = unique(harmless(`${result.submission}: ${name}`), cases, `${program} `);
  return suite.testCase().className(`gema.${program}`).name(full);
}

function addProperties(suite: TestSuite, result: SubmissionResult): void {
  const names: Names = new Set();
  const add = (name: string, value: string) => suite.property(unique(harmless(name), names), harmless(value));
  add("seed", String(result.seed));
  add("isolation", result.isolation);
  add("needs_review", String(result.needsReview));
  add("points", `${result.earned}/${result.points}`);
  for (const { id, earned, points } of result.requirements) add(`points.${id}`, `${earned}/${points}`);
}

function addCase(testCase: TestCase, result: SubmissionResult, one: CheckInRun, options: ReportOptions): void {
  const place = sourcePlace(result, one.run, one.check);
  if (place) testCase.file(harmless(place.file));
  const extras = one.check.verdict === "pass" ? {} : addOutcome(testCase, result, one, place, options);
  extend(testCase, { ...(place && { line: place.line }), ...extras });
}

function addOutcome(
  testCase: TestCase,
  result: SubmissionResult,
  one: CheckInRun,
  place: SourcePlace | undefined,
  options: ReportOptions,
): Extras {
  const { verdict, level, check } = one.check;
  const message = rationale(result, one, options);
  if (verdict === "skipped") return { skipped: { message, body: bodyText([message]) } };
  const body = caseBody(result, one, message, place, options);
  if (level !== "must") return addMild(testCase, one.check, message, body, options);
  const type = causeOf(result, one)?.id ?? check;
  if (verdict === "fail") testCase.failure(message, type).stacktrace(body);
  else testCase.error(message, verdict === "error" ? "gema-error" : "inconclusive", body);
  return isFlaky(one.check) ? { flaky: [{ message, type, body }] } : {};
}

function addMild(
  testCase: TestCase,
  check: CheckResult,
  message: string,
  body: string,
  { language }: ReportOptions,
): Extras {
  if (check.verdict !== "fail") return { skipped: { message, body } };
  testCase.standardOutput(`${(check.level === "should" ? WARNING : NOTE)[language]}: ${body}`);
  return {};
}

/** The message first, since some viewers show only the body; a frame last, since some take the place from there. */
function caseBody(
  result: SubmissionResult,
  failure: CheckInRun,
  message: string,
  place: SourcePlace | undefined,
  { language }: ReportOptions,
): string {
  const finding = findingOf(failure.check);
  const story = checkStory(result, failure, { language, width: BODY_WIDTH });
  const expected: string[] = finding
    ? [
        "",
        `  ${HEADINGS.expected[language]}  ${finding.expected[language]}`,
        `  ${HEADINGS.observed[language]}  ${finding.observed[language]}`,
      ]
    : [];
  return bodyText([
    message,
    ...expected,
    ...part(HEADINGS.bytes[language], story.bytes),
    ...part(HEADINGS.conversation[language], story.conversation),
    ...part(HEADINGS.lastWords[language], story.lastWords),
    ...part(HEADINGS.byHand[language], story.byHand),
    ...(place ? ["", `(${place.file}:${place.line}:1)`] : []),
  ]);
}

function part(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `  ${heading}`, ...lines];
}

/** Nothing handed in, or nothing tried: without a case of its own such a submission would look green. */
function needsOwnCase(result: SubmissionResult): boolean {
  if (result.verdict === "pass") return false;
  const red = ["fail", "inconclusive", "error"];
  return !checksOf(result).some(({ check }) => check.level === "must" && red.includes(check.verdict));
}

function addOwnCase(suite: TestSuite, result: SubmissionResult, cases: Names, { language }: ReportOptions): void {
  addProperties(suite, result);
  const testCase = newCase(suite, result, "submission", "graded", cases).time(seconds(result.wallMs));
  const message = [headline(result, language), ...remarks(result, language)].join(" ");
  if (result.verdict === "fail") testCase.failure(message, "nothing-to-grade").stacktrace(bodyText([message]));
  else testCase.error(message, "nothing-to-grade", bodyText([message]));
}

function unique(name: string, taken: Names, scope = ""): string {
  let free = name;
  for (let i = 2; taken.has(scope + free); i++) free = `${name} (${i})`;
  taken.add(scope + free);
  return free;
}

/** From the first to the last event of each attempt. */
function checkMs(check: CheckResult): number {
  return check.attempts.reduce((sum, { transcript }) => {
    return sum + ((transcript.at(-1)?.atMs ?? 0) - (transcript[0]?.atMs ?? 0));
  }, 0);
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}
