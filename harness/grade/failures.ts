import type { CheckResult } from "../checks/verdict.ts";
import type { NamedMistake } from "../mistakes/mistake.ts";
import type { ProgramRun, SubmissionResult } from "./result.ts";

/** A check together with the run it belongs to. */
export interface CheckInRun {
  readonly run: ProgramRun;
  readonly check: CheckResult;
}

export function checksOf(result: SubmissionResult): CheckInRun[] {
  return result.programs.flatMap((run) => run.checks.map((check) => ({ run, check })));
}

/** Failed checks of the levels that can cost or warn, `must` before `should`. */
export function failures(result: SubmissionResult): CheckInRun[] {
  const failed = checksOf(result).filter(({ check }) => check.verdict === "fail");
  return [
    ...failed.filter(({ check }) => check.level === "must"),
    ...failed.filter(({ check }) => check.level === "should"),
  ];
}

/** The mistake that explains this check; the report's order decides between several. */
export function mistakeFor(result: SubmissionResult, { run, check }: CheckInRun): NamedMistake | undefined {
  return result.mistakes.find((mistake) => mistake.program === run.program && mistake.explains.includes(check.check));
}

/** The failure that a report shows for each named mistake, the most telling mistake first. */
export function shownFailures(result: SubmissionResult): CheckInRun[] {
  const failed = failures(result);
  return result.mistakes.flatMap((mistake) => failed.find((one) => mistakeFor(result, one) === mistake) ?? []);
}
