import type { CheckResult } from "../checks/verdict.ts";
import type { Transcript } from "../wire/transcript.ts";
import type { SubmissionResult } from "./result.ts";

/**
 * What reports about a class still need of a result whose evidence is stored: thousands of whole results would fill the
 * memory. Of a check that passed only its first and last event are kept, which tell its time, and what went to stderr.
 */
export function condensed(result: SubmissionResult): SubmissionResult {
  const known = new Map<CheckResult, CheckResult>();
  const condense = (check: CheckResult): CheckResult => {
    const done = known.get(check) ?? condensedCheck(check);
    known.set(check, done);
    return done;
  };
  return {
    ...result,
    programs: result.programs.map((run) => ({ ...run, checks: run.checks.map(condense) })),
    requirements: result.requirements.map((one) => ({ ...one, checks: one.checks.map(condense) })),
  };
}

function condensedCheck(check: CheckResult): CheckResult {
  if (check.verdict !== "pass") return check;
  return { ...check, attempts: check.attempts.map((one) => ({ ...one, transcript: ends(one.transcript) })) };
}

function ends(transcript: Transcript): Transcript {
  return transcript.filter(({ type }, at) => at === 0 || at === transcript.length - 1 || type === "stderr");
}
