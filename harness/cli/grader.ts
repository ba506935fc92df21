import { randomInt } from "node:crypto";
import { type Assignment, withPairs } from "../assignment/assignment.ts";
import { nearest } from "../assignment/nearest.ts";
import { allChecks, inOrder } from "../checks/all-checks.ts";
import type { Check } from "../checks/check.ts";
import { EXPLORATION } from "../checks/conversation-plan.ts";
import { slowestReferenceEcho } from "../grade/calibrate.ts";
import type { Grader } from "../grade/grade-submission.ts";
import type { SubmissionResult } from "../grade/result.ts";
import { plainLauncher } from "../launch/plain-launcher.ts";
import type { Launcher } from "../launch/subject.ts";
import { allMistakes } from "../mistakes/find-mistakes.ts";
import { lessonFor, type Mistake } from "../mistakes/mistake.ts";
import type { Explain } from "../report/story.ts";
import type { Submission } from "../submission/submission.ts";
import type { Text } from "../text.ts";
import { EXIT, UserError } from "../user-error.ts";
import { Patience } from "../wire/patience.ts";

/** All that grading needs, read once a run. */
export async function makeGrader(launcher: Launcher = plainLauncher): Promise<Grader> {
  const [checks, mistakes] = await Promise.all([allChecks(), allMistakes()]);
  return { checks, mistakes, launcher, patience: new Patience(() => slowestReferenceEcho(plainLauncher)) };
}

export function newSeed(): number {
  return randomInt(1_000_000);
}

/** The lesson behind a mistake, for reports. */
export function explainer(mistakes: ReadonlyMap<string, Mistake>): Explain {
  return ({ id, program }) => {
    const mistake = mistakes.get(id);
    return mistake && lessonFor(mistake, program);
  };
}

/** The exit code that tells failed from could-not-tell from the-grader-broke. */
export function exitCode(results: readonly SubmissionResult[]): number {
  const must = results
    .flatMap(({ programs }) => programs.flatMap(({ checks }) => checks))
    .filter(({ level }) => level === "must");
  const has = (verdict: string): boolean => must.some((check) => check.verdict === verdict);
  if (has("fail") || results.some(({ verdict }) => verdict === "fail")) return EXIT.failed;
  if (has("error") || results.some(({ unfinished }) => unfinished)) return EXIT.broken;
  const uncertain = has("inconclusive") || results.some(({ verdict }) => verdict === "inconclusive");
  return uncertain ? EXIT.inconclusive : EXIT.passed;
}

/** @throws UserError for an id given by `--only` that no check has, or that does not apply to what was handed in. */
export function assertTried(
  only: readonly string[],
  checks: ReadonlyMap<string, Check>,
  { contract }: Assignment,
  { programs }: Submission,
): void {
  const handedIn = Object.values(programs).map(({ program }) => program);
  const tried = withPairs(handedIn).flatMap((program) => inOrder(checks, program, contract).map(([id]) => id));
  for (const id of only) {
    if (!checks.has(id)) throw unknownCheck(id, suggestion(id, [...checks.keys()]));
    if (!tried.includes(id)) throw notTried(id);
  }
}

function suggestion(id: string, known: readonly string[]): Text {
  const near = known.find((one) => one.endsWith(`/${id}`)) ?? nearest(id, known);
  return { en: near ? `Did you mean ${near}? ` : "", id: near ? `Maksud Anda ${near}? ` : "" };
}

function unknownCheck(id: string, near: Text): UserError {
  return new UserError({
    code: "unknown-check",
    what: { en: `There is no check "${id}".`, id: `Tidak ada pemeriksaan "${id}".` },
    help: { en: `${near.en}gema list shows them all.`, id: `${near.id}gema list menampilkan semuanya.` },
  });
}

const NOTHING_TO_EXPLORE: Text = {
  en: "--explore makes up conversations with a TCP server that echoes a stream; there is none here.",
  id: "--explore mengarang percakapan dengan server TCP yang meng-echo aliran byte; di sini tidak ada.",
};

function doesNotApply(id: string): Text {
  return {
    en: `The check ${id} does not apply here: the assignment does not ask for it, or its program was not handed in.`,
    id: `Pemeriksaan ${id} tidak berlaku di sini: tidak diminta oleh tugas, atau programnya tidak dikumpulkan.`,
  };
}

function notTried(id: string): UserError {
  return new UserError({
    code: "check-not-asked",
    what: id === EXPLORATION ? NOTHING_TO_EXPLORE : doesNotApply(id),
    help: {
      en: "gema list --assignment NAME shows the checks of an assignment.",
      id: "gema list --assignment NAMA menampilkan pemeriksaan sebuah tugas.",
    },
  });
}
