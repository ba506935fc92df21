import { PAIRS, PROGRAMS, protocolOf } from "../assignment/assignment.ts";
import type { Check } from "../checks/check.ts";
import type { CheckResult, Verdict } from "../checks/verdict.ts";
import { nameMistakes } from "../mistakes/find-mistakes.ts";
import type { Mistake } from "../mistakes/mistake.ts";
import type { Text } from "../text.ts";
import { judgeRequirements, requirementOf, worst } from "./requirements.ts";
import type { SubmissionResult } from "./result.ts";

/** What was seen: all else in a result follows from it. */
export type Judgeable = Omit<
  SubmissionResult,
  "requirements" | "earned" | "points" | "verdict" | "needsReview" | "mistakes"
>;

/** Draws the conclusions: requirements, points, the verdict and the mistakes. Pure. */
export function summarize(
  seen: Judgeable,
  checks: ReadonlyMap<string, Check>,
  mistakes: ReadonlyMap<string, Mistake>,
): SubmissionResult {
  const results = seen.programs.flatMap((run) => run.checks);
  const handedIn = judgeRequirements(seen.assignment, checks, results);
  const requirements = [...handedIn, ...untried(seen, checks, handedIn)];
  const must = results.filter(({ level, excused }) => level === "must" && !excused).map(({ verdict }) => verdict);
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  return {
    ...seen,
    requirements,
    earned: sum(requirements.map(({ earned }) => earned)),
    points: sum(requirements.map(({ points }) => points)),
    verdict: seen.unfinished ? "error" : seen.missing.length > 0 ? "fail" : worst(must),
    needsReview: seen.unfinished === true || results.some(isUncertain),
    ...named(seen, mistakes),
  };
}

/** A diagnosis that breaks is our fault and worth a note; the verdicts stand without it. */
function named(
  { programs, notes }: Judgeable,
  mistakes: ReadonlyMap<string, Mistake>,
): Pick<SubmissionResult, "mistakes" | "notes"> {
  try {
    const found = programs.flatMap(({ program: run, checks }) => {
      const program = PROGRAMS.find((one) => one === run);
      return program ? nameMistakes(program, checks, mistakes) : [];
    });
    return { mistakes: found, notes };
  } catch (error) {
    const note: Text = {
      en: `Gema could not look for the mistake behind it: ${String(error)}`,
      id: `Gema tidak dapat mencari kesalahan di baliknya: ${String(error)}`,
    };
    return { mistakes: [], notes: [...notes, note] };
  }
}

function isUncertain({ verdict, level }: CheckResult): boolean {
  return (verdict === "inconclusive" || verdict === "error") && level !== "info";
}

/** The requirements of a program that is missing, or was not graded to the end, are not earned as a whole. */
function untried(
  { assignment, missing, unfinished }: Judgeable,
  checks: ReadonlyMap<string, Check>,
  done: readonly { readonly id: string }[],
): SubmissionResult["requirements"] {
  const absent = unfinished ? PROGRAMS.filter((program) => assignment.programs[program]) : missing;
  const pairs = PAIRS.filter((pair) => absent.some((program) => protocolOf(program) === protocolOf(pair)));
  const programs: readonly string[] = [...absent, ...pairs];
  const lost = [...checks]
    .filter(([id, check]) => programs.includes(id.slice(0, id.indexOf("/"))) && check.level(assignment.contract))
    .map(([id, check]) => requirementOf(assignment, id, check)?.id);
  const verdict: Verdict = unfinished ? "error" : "fail";
  return assignment.requirements
    .filter(({ id }) => lost.includes(id) && !done.some((one) => one.id === id))
    .map(({ id, text, points }) => ({ id, text, points, earned: 0, verdict, cost: [], checks: [] }));
}
