import type { Check } from "../checks/check.ts";
import type { CheckResult } from "../checks/verdict.ts";
import type { Mistake } from "../mistakes/mistake.ts";
import { conclude } from "./conclude.ts";
import type { SubmissionResult } from "./result.ts";
import { summarize } from "./summarize.ts";

/** Judges the transcripts of a stored result again and draws the conclusions anew. Runs nothing. */
export function rejudgeResult(
  stored: SubmissionResult,
  checks: ReadonlyMap<string, Check>,
  mistakes: ReadonlyMap<string, Mistake>,
): SubmissionResult {
  const rejudge = (result: CheckResult): CheckResult => {
    const check = checks.get(result.check);
    if (!check || result.attempts.length === 0 || result.verdict === "error") return result;
    const attempts = result.attempts.map((attempt) => ({
      ...attempt,
      finding: check.judge(attempt.transcript, stored.assignment.contract),
    }));
    const { check: id, title, level } = result;
    return { check: id, title, level, ...conclude(attempts), attempts };
  };
  const programs = stored.programs.map((run) => ({ ...run, checks: run.checks.map(rejudge) }));
  return summarize({ ...stored, programs }, checks, mistakes);
}
