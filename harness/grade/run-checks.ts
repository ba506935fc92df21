import type { Assignment, Pair, Program } from "../assignment/assignment.ts";
import { inOrder, nameOf } from "../checks/all-checks.ts";
import type { Check } from "../checks/check.ts";
import type { Attempt, CheckResult, Verdict } from "../checks/verdict.ts";
import type { Text } from "../text.ts";
import { UserError } from "../user-error.ts";
import type { Transcript } from "../wire/transcript.ts";
import type { Bench } from "./bench.ts";
import { conclude, needsAnother } from "./conclude.ts";
import { levelOf } from "./requirements.ts";

export interface Selection {
  /** Only these checks, and those they depend on. */
  readonly only?: readonly string[];
  /** Told each result as soon as it is known. */
  readonly onResult?: (result: CheckResult) => void;
  /** The program has a network of its own, whose settings may be changed. */
  readonly ownNetwork?: boolean;
}

/**
 * Tries every check of one program that applies. A stimulus that serves several checks runs once; whatever is not a
 * pass is tried again alone. What breaks in Gema is that check's `error`, and the others go on.
 *
 * @throws UserError for what the user has to mend first, e.g. a port that is taken
 */
export async function runChecks(
  program: Program | Pair,
  bench: Bench,
  checks: ReadonlyMap<string, Check>,
  assignment: Assignment,
  selection: Selection = {},
): Promise<CheckResult[]> {
  const transcripts = new Map<string, { transcript: Transcript; alone: boolean }[]>();
  const results = new Map<string, CheckResult>();
  for (const [id, check] of select(inOrder(checks, program, assignment.contract), selection.only)) {
    const level = levelOf(assignment, id, check);
    if (!level) continue;
    const judged =
      check.needsOwnNetwork && !selection.ownNetwork
        ? NEEDS_OWN_NETWORK
        : await tryCheck(check, id, bench, transcripts, results, assignment);
    const result: CheckResult = { check: id, title: check.title, level, ...judged };
    results.set(nameOf(id), result);
    selection.onResult?.(result);
  }
  return [...results.values()];
}

type Judged = Omit<CheckResult, "check" | "title" | "level">;

const NEEDS_OWN_NETWORK: Judged = {
  verdict: "skipped",
  excused: true,
  reason: {
    en: "It needs a network of its own: gema grade gives one on Linux.",
    id: "Perlu jaringan sendiri: gema grade menyediakannya di Linux.",
  },
  attempts: [],
};

async function tryCheck(
  check: Check,
  id: string,
  bench: Bench,
  transcripts: Map<string, { transcript: Transcript; alone: boolean }[]>,
  results: ReadonlyMap<string, CheckResult>,
  { contract }: Assignment,
): Promise<Judged> {
  const unmet = (check.after ?? [])
    .flatMap((name) => results.get(name) ?? [])
    .filter(({ verdict }) => verdict !== "pass");
  if (unmet.length > 0) return notTried(unmet);
  const stimulus = typeof check.stimulate === "function" ? nameOf(id) : check.stimulate.observes;
  const runs = transcripts.get(stimulus) ?? [];
  transcripts.set(stimulus, runs);
  const attempts: Attempt[] = [];
  try {
    do {
      const known = runs[attempts.length];
      const run = known ?? {
        transcript: await bench.attempt(stimulus, attempts.length > 0),
        alone: attempts.length > 0,
      };
      if (!known) runs.push(run);
      const finding = check.judge(run.transcript, contract);
      attempts.push({ transcript: run.transcript, finding, confirming: run.alone });
      if (finding.outcome !== "pass") await bench.discard();
    } while (needsAnother(attempts));
  } catch (error) {
    if (error instanceof UserError) throw error;
    await bench.discard();
    return { verdict: "error", reason: broke(error), attempts };
  }
  return { ...conclude(attempts), attempts };
}

function broke(error: unknown): Text {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { en: `Gema itself broke here: ${what}`, id: `Gema sendiri yang rusak di sini: ${what}` };
}

/** Skipped for a failure; what was only not certain before is not certain here either, and costs nothing. */
function notTried(unmet: readonly CheckResult[]): Judged {
  const failed = unmet.filter(({ verdict }) => verdict === "fail" || verdict === "skipped");
  const verdict: Verdict = failed.length > 0 ? "skipped" : "inconclusive";
  const [cause = unmet[0]] = failed;
  const name = cause?.check ?? "";
  const reason: Text = { en: `Not tried, since ${name} did not pass.`, id: `Tidak diuji, karena ${name} belum lulus.` };
  return { verdict, reason, attempts: [] };
}

/** What was asked for, and all that has to pass before it means anything. */
function select(ordered: [string, Check][], only: readonly string[] | undefined): [string, Check][] {
  if (!only) return ordered;
  const byName = new Map(ordered.map((entry) => [nameOf(entry[0]), entry]));
  const wanted = new Set<string>();
  const want = (name: string): void => {
    const check = byName.get(name)?.[1];
    if (!check || wanted.has(name)) return;
    wanted.add(name);
    for (const before of check.after ?? []) want(before);
  };
  for (const id of only) want(nameOf(id));
  return ordered.filter(([id]) => wanted.has(nameOf(id)));
}
