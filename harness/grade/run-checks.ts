import { isIPv6 } from "node:net";
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
  /** These, and those they depend on, before the others. */
  readonly first?: readonly string[];
  /** Told each result as soon as it is known. */
  readonly onResult?: (result: CheckResult) => void;
  /** The program has a network of its own, whose settings may be changed. */
  readonly ownNetwork?: boolean;
  /** The lines at fault are not looked for. */
  readonly untraced?: true;
  readonly ipv6?: boolean;
  /** There is a second host. */
  readonly anotherHost?: boolean;
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
  const ordered = inOrder(checks, program, assignment.contract);
  const selected = select(ordered, selection.only);
  const judge = async ([id, check]: [string, Check]): Promise<Judged> => {
    const lack = lackFor(check, assignment, selection);
    if (lack) return { verdict: "skipped", excused: true, reason: lack, attempts: [] };
    return tryCheck(check, id, bench, transcripts, results, assignment);
  };
  const tell = ([id, check]: [string, Check], judged: Judged): void => {
    const level = levelOf(assignment, id, check);
    if (!level) return;
    const result: CheckResult = { check: id, title: check.title, level, ...judged };
    results.set(nameOf(id), result);
    selection.onResult?.(result);
  };
  const isLeft = ([id, check]: [string, Check]): boolean =>
    levelOf(assignment, id, check) !== undefined && !results.has(nameOf(id));
  const next = selected.find(([id]) => nameOf(id) === NEXT_CLIENT);
  let mayBeAskedAgain = true;
  /** Asks whether the clients before were the reason: once more when it is known, with as many as one process met since. */
  const servedItsLast = async (): Promise<boolean> => {
    if (!next || servesOnlyTheFirst(results)) return false;
    const isNew = isLeft(next);
    if (!isNew && !mayBeAskedAgain) return false;
    mayBeAskedAgain = isNew;
    transcripts.delete(stimulusOf(...next));
    const judged = await judge(next);
    if (isNew || judged.verdict === "fail") tell(next, judged);
    return servesOnlyTheFirst(results);
  };
  for (const entry of reordered(selected, selection.first)) {
    if (!isLeft(entry)) continue;
    const judged = await judge(entry);
    const isReason = failsOnlyAfterOthers(judged) && entry !== next && (await servedItsLast());
    if (isReason) transcripts.delete(stimulusOf(...entry));
    // Whether the clients before were the reason was asked at once: then this is the other check's failure alone.
    tell(entry, isReason ? await judge(entry) : judged);
  }
  return selected.flatMap(([id]) => results.get(nameOf(id)) ?? []);
}

const NEXT_CLIENT = "accepts-the-next-client";

/** It is known to serve its first client, or its first few, alone: each check that comes later meets it as those. */
function servesOnlyTheFirst(results: ReadonlyMap<string, CheckResult>): boolean {
  return results.get(NEXT_CLIENT)?.verdict === "fail";
}

function failsOnlyAfterOthers({ attempts }: Judged): boolean {
  const [first, second] = attempts;
  return first?.finding.outcome === "fail" && second?.finding.outcome === "pass";
}

type Judged = Omit<CheckResult, "check" | "title" | "level">;

/** What a check, or the whole assignment, needs and is not there; in words. */
function lackFor(check: Check, { contract }: Assignment, has: Selection): Text | undefined {
  if ((check.needsIpv6 || isIPv6(contract.address.host)) && !has.ipv6) return NEEDS_IPV6;
  if (check.needsAnotherHost && !has.anotherHost) return NEEDS_ANOTHER_HOST;
  return check.needsOwnNetwork && !has.ownNetwork ? NEEDS_OWN_NETWORK : undefined;
}

const NEEDS_OWN_NETWORK: Text = {
  en: "It needs a network of its own, which Gema can give it on Linux.",
  id: "Perlu jaringan sendiri, yang bisa disediakan Gema di Linux.",
};
const NEEDS_ANOTHER_HOST: Text = {
  en: "It needs a second host in a network of its own: gema grade gives one on Linux.",
  id: "Perlu host kedua di jaringan sendiri: gema grade menyediakannya di Linux.",
};
const NEEDS_IPV6: Text = {
  en: "This machine has no IPv6 (no address ::1), so it cannot be tried here.",
  id: "Mesin ini tidak memiliki IPv6 (tidak ada alamat ::1), jadi tidak dapat diuji di sini.",
};

/** The name of the stimulus that the check's judge reads. */
export function stimulusOf(id: string, { stimulate }: Check): string {
  return typeof stimulate === "function" ? nameOf(id) : stimulate.observes;
}

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
  const stimulus = stimulusOf(id, check);
  const runs = transcripts.get(stimulus) ?? [];
  transcripts.set(stimulus, runs);
  const attempts: Attempt[] = [];
  try {
    if (servesOnlyTheFirst(results)) await bench.discard();
    do {
      const known = runs[attempts.length];
      if (!known && bench.timeIsUp) return outOfTime(attempts);
      const run = known ?? {
        transcript: await bench.attempt(stimulus, attempts.length > 0),
        alone: attempts.length > 0,
      };
      const finding = check.judge(run.transcript, contract);
      if (finding.outcome !== "pass") await bench.discard();
      if (!known && finding.outcome !== "pass" && bench.timeIsUp) return outOfTime(attempts);
      if (!known) runs.push(run);
      attempts.push({ transcript: run.transcript, finding, confirming: run.alone });
    } while (needsAnother(attempts));
  } catch (error) {
    if (error instanceof UserError) throw error;
    await bench.discard();
    return { verdict: "error", reason: broke(error), attempts };
  }
  return { ...conclude(attempts), attempts };
}

/** What was seen when the time was up means nothing. */
function outOfTime(attempts: readonly Attempt[]): Judged {
  return attempts.length > 0
    ? { ...conclude(attempts), attempts }
    : { verdict: "inconclusive", reason: OUT_OF_TIME, attempts };
}

const OUT_OF_TIME: Text = {
  en: "Not tried to the end, since no time was left: this program takes long to answer.",
  id: "Tidak diuji sampai selesai karena waktunya habis: program ini lama membalas.",
};

function broke(error: unknown): Text {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { en: `Gema itself broke here: ${what}`, id: `Gema sendiri yang rusak di sini: ${what}` };
}

/**
 * Skipped for a failure; what was only not certain before is not certain here either, and costs nothing. The reason names
 * the check that was tried.
 */
function notTried(unmet: readonly CheckResult[]): Judged {
  const failed = unmet.filter(({ verdict }) => verdict === "fail" || verdict === "skipped");
  const verdict: Verdict = failed.length > 0 ? "skipped" : "inconclusive";
  const [cause = unmet[0]] = failed;
  const name = cause?.check ?? "";
  const why: Text = { en: `Not tried, since ${name} did not pass.`, id: `Tidak diuji, karena ${name} belum lulus.` };
  const wasTried = cause === undefined || cause.attempts.length > 0 || cause.excused;
  return { verdict, reason: wasTried ? why : (cause.reason ?? why), attempts: [] };
}

function reordered(ordered: [string, Check][], first: readonly string[] = []): [string, Check][] {
  const before = select(ordered, first);
  return [...before, ...ordered.filter((entry) => !before.includes(entry))];
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
