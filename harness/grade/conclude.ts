import type { Attempt, CheckResult, Verdict } from "../checks/verdict.ts";
import type { Text } from "../text.ts";

const MOST_ATTEMPTS = 3;

/**
 * Whether a check has to be tried once more: anything but a pass is confirmed, and a failure that could not be tried a
 * second time gets a third chance.
 */
export function needsAnother(attempts: readonly Attempt[]): boolean {
  const { fails, passes } = count(attempts);
  if (passes > 0 || fails >= 2 || attempts.length >= MOST_ATTEMPTS) return false;
  return attempts.length < 2 || fails === 1;
}

function count(attempts: readonly Attempt[]): { fails: number; passes: number } {
  const of = (outcome: string): number => attempts.filter(({ finding }) => finding.outcome === outcome).length;
  return { fails: of("fail"), passes: of("pass") };
}

const FLAKY: Text = {
  en: "It failed once and passed once: this verdict is not certain. Both conversations are kept.",
  id: "Sekali gagal dan sekali lulus: hasil ini tidak pasti. Kedua percakapan disimpan.",
};
const UNCONFIRMED: Text = {
  en: "It failed once, and could not be tried again under the same conditions.",
  id: "Sekali gagal, dan tidak dapat diuji lagi dalam kondisi yang sama.",
};

/** The verdict that follows from the attempts: a failure counts only when it happened twice. Pure. */
export function conclude(attempts: readonly Attempt[]): Pick<CheckResult, "verdict" | "finding" | "reason"> {
  const { fails, passes } = count(attempts);
  const lastOf = (outcome: string) => attempts.findLast(({ finding }) => finding.outcome === outcome)?.finding;
  const result = (verdict: Verdict, outcome: string, reason?: Text): ReturnType<typeof conclude> => {
    const finding = lastOf(outcome);
    return { verdict, ...(finding && { finding }), ...(reason && { reason }) };
  };
  if (fails >= 2) return result("fail", "fail");
  if (fails === 1 && passes > 0) return result("inconclusive", "fail", FLAKY);
  if (fails === 1) return result("inconclusive", "fail", UNCONFIRMED);
  if (passes > 0) return result("pass", "pass");
  const finding = lastOf("inconclusive");
  return result("inconclusive", "inconclusive", finding?.outcome === "inconclusive" ? finding.observed : undefined);
}
