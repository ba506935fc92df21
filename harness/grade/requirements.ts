import type { Assignment, Level, Requirement } from "../assignment/assignment.ts";
import type { Check } from "../checks/check.ts";
import type { CheckResult, Verdict } from "../checks/verdict.ts";
import type { RequirementResult } from "./result.ts";

/** From kind to grave; the worst one of its `must` checks is the verdict of a requirement. */
const GRAVITY: readonly Verdict[] = ["pass", "skipped", "inconclusive", "error", "fail"];

export function worst(verdicts: readonly Verdict[]): Verdict {
  return GRAVITY[Math.max(0, ...verdicts.map((verdict) => GRAVITY.indexOf(verdict)))] ?? "pass";
}

/** The requirement a check counts for: the first that lists it, else the one that the check names itself. */
export function requirementOf(assignment: Assignment, id: string, check: Check): Requirement | undefined {
  const listing = assignment.requirements.find(({ checks }) => checks?.includes(id));
  return listing ?? assignment.requirements.find((one) => one.id === check.requirement && one.checks === undefined);
}

/** A requirement's own level goes over the one that the contract gives the check. `undefined`: not asked for here. */
export function levelOf(assignment: Assignment, id: string, check: Check): Level | undefined {
  const own = check.level(assignment.contract);
  const requirement = requirementOf(assignment, id, check);
  if (check.onlyWhenAsked && !requirement?.checks?.includes(id)) return undefined;
  return own && (requirement?.level ?? own);
}

/**
 * Points follow from verdicts alone: a requirement earns its points unless a `must` check failed, or was skipped since
 * one before it failed. What was inconclusive or our fault costs nothing. Pure.
 */
export function judgeRequirements(
  assignment: Assignment,
  checks: ReadonlyMap<string, Check>,
  results: readonly CheckResult[],
): RequirementResult[] {
  return assignment.requirements.flatMap((requirement) => {
    const own = results.filter(({ check }) => {
      const definition = checks.get(check);
      return definition !== undefined && requirementOf(assignment, check, definition) === requirement;
    });
    if (own.length === 0) return [];
    const counted = own.filter(({ excused }) => !excused);
    const must = counted.filter(({ level }) => level === "must");
    const lost = must.filter(({ verdict }) => verdict === "fail" || verdict === "skipped");
    // A requirement of warnings alone is not earned by a program that never got as far as being warned.
    const untried = counted.every(({ verdict }) => verdict === "skipped") ? counted : [];
    const cost = [...new Set([...lost, ...untried])].map(({ check }) => check);
    const { id, text, points } = requirement;
    const isOpen = counted.every(({ verdict }) => verdict === "skipped" || verdict === "inconclusive");
    const verdict = worst((isOpen ? counted : must).map((result) => result.verdict));
    return [{ id, text, points, earned: cost.length === 0 ? points : 0, verdict, cost, checks: own }];
  });
}
