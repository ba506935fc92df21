import { isProgram, PAIRS, PROGRAMS, protocolOf } from "../assignment/assignment.ts";
import type { Check } from "../checks/check.ts";
import type { CheckResult, Verdict } from "../checks/verdict.ts";
import { adviceApart, nameMistakes } from "../mistakes/find-mistakes.ts";
import type { Mistake, NamedMistake } from "../mistakes/mistake.ts";
import type { Text } from "../text.ts";
import { judgeRequirements, requirementOf, worst } from "./requirements.ts";
import type { SubmissionResult } from "./result.ts";

/** What was seen: all else in a result follows from it. */
export type Judgeable = Omit<
  SubmissionResult,
  "requirements" | "earned" | "points" | "verdict" | "needsReview" | "mistakes" | "advice"
>;

/** Draws the conclusions: requirements, points, the verdict, the mistakes and the advice. Pure. */
export function summarize(
  seen: Judgeable,
  checks: ReadonlyMap<string, Check>,
  mistakes: ReadonlyMap<string, Mistake>,
): SubmissionResult {
  const results = seen.programs.flatMap((run) => run.checks);
  const handedIn = judgeRequirements(seen.assignment, checks, results);
  const requirements = [...handedIn, ...untried(seen, checks, handedIn)];
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  return {
    ...seen,
    requirements,
    earned: sum(requirements.map(({ earned }) => earned)),
    points: sum(requirements.map(({ points }) => points)),
    verdict: verdictOf(seen, results),
    needsReview: seen.unfinished === true || (seen.inDoubt ?? []).length > 0 || results.some(isUncertain),
    ...named(seen, mistakes),
  };
}

function verdictOf({ unfinished, missing, inDoubt = [] }: Judgeable, results: readonly CheckResult[]): Verdict {
  if (unfinished) return "error";
  if (missing.length > inDoubt.length) return "fail";
  const must = results.filter(({ level }) => level === "must");
  const tried = must.filter(({ excused }) => !excused);
  const found = worst(tried.map(({ verdict }) => verdict));
  const isOpen = inDoubt.length > 0 || (must.length > 0 && tried.length === 0);
  return isOpen ? worst([found, "inconclusive"]) : found;
}

/** A diagnosis that breaks is our fault and worth a note; the verdicts stand without it. */
function named(
  seen: Judgeable,
  mistakes: ReadonlyMap<string, Mistake>,
): Pick<SubmissionResult, "mistakes" | "advice" | "notes"> {
  const { programs, notes } = seen;
  try {
    const found = programs.flatMap(({ program, checks }) =>
      isProgram(program) ? nameMistakes(program, checks, mistakes) : [],
    );
    const results = programs.flatMap(({ checks }) => checks);
    return {
      ...adviceApart(
        found.map((mistake) => located(mistake, seen, mistakes)),
        results,
      ),
      notes,
    };
  } catch (error) {
    const note: Text = {
      en: `Gema could not look for the mistake behind it: ${String(error)}`,
      id: `Gema tidak dapat mencari kesalahan di baliknya: ${String(error)}`,
    };
    return { mistakes: [], advice: [], notes: [...notes, note] };
  }
}

/** With the line at fault, where a check that it explains was traced and shows one. */
function located(
  mistake: NamedMistake,
  { traces = [], programs }: Judgeable,
  mistakes: ReadonlyMap<string, Mistake>,
): NamedMistake {
  const { id, program, explains } = mistake;
  const file = programs.find((run) => run.program === program)?.file ?? "";
  for (const run of traces.filter((trace) => trace.program === program && explains.includes(trace.check))) {
    const place = mistakes.get(id)?.fault?.({ ...run, file });
    if (place) return { ...mistake, place };
  }
  return mistake;
}

/** Also a `must` check that this machine cannot try. */
function isUncertain({ verdict, level, excused }: CheckResult): boolean {
  if (excused) return level === "must";
  return (verdict === "inconclusive" || verdict === "error") && level !== "info";
}

/** The requirements of a program that is missing, or was not graded to the end, are not earned as a whole. */
function untried(
  { assignment, missing, inDoubt = [], unfinished }: Judgeable,
  checks: ReadonlyMap<string, Check>,
  done: readonly { readonly id: string }[],
): SubmissionResult["requirements"] {
  const absent = unfinished ? PROGRAMS.filter((program) => assignment.programs[program]) : missing;
  const pairs = PAIRS.filter((pair) => absent.some((program) => protocolOf(program) === protocolOf(pair)));
  const notHandedIn = absent.filter((program) => !inDoubt.includes(program));
  const requirementsOf = (programs: readonly string[]) =>
    [...checks]
      .filter(([id, check]) => programs.includes(id.slice(0, id.indexOf("/"))) && check.level(assignment.contract))
      .map(([id, check]) => requirementOf(assignment, id, check)?.id);
  const lost = requirementsOf([...absent, ...pairs]);
  const failed = requirementsOf(notHandedIn);
  const verdictFor = (id: string): Verdict =>
    unfinished ? "error" : inDoubt.length > 0 && !failed.includes(id) ? "inconclusive" : "fail";
  return assignment.requirements
    .filter(({ id }) => lost.includes(id) && !done.some((one) => one.id === id))
    .map(({ id, text, points }) => ({ id, text, points, earned: 0, verdict: verdictFor(id), cost: [], checks: [] }));
}
