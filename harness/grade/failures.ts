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

/** What explains this check: a mistake, else advice; the report's order decides between several. */
export function causeOf({ mistakes, advice }: SubmissionResult, { run, check }: CheckInRun): NamedMistake | undefined {
  const fits = ({ program, explains }: NamedMistake): boolean =>
    program === run.program && explains.includes(check.check);
  return mistakes.find(fits) ?? advice.find(fits);
}

/** The failure that a report shows for each mistake, then for each piece of advice, the most telling first. */
export function shownFailures(result: SubmissionResult): CheckInRun[] {
  const failed = failures(result);
  return [...result.mistakes, ...result.advice].flatMap(
    (cause) => failed.find((one) => causeOf(result, one) === cause) ?? [],
  );
}
