import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Assignment,
  isProgram,
  PAIRS,
  type Pair,
  PROGRAMS,
  type Program,
  protocolOf,
  roleOf,
} from "../assignment/assignment.ts";
import { nameOf } from "../checks/all-checks.ts";
import type { Check, ClientCheck, PairCheck, ServerCheck } from "../checks/check.ts";
import { hasIpv6 } from "../kernel/address.ts";
import type { Launcher } from "../launch/subject.ts";
import type { Mistake } from "../mistakes/mistake.ts";
import { prepareEntry, type Runnable } from "../submission/build.ts";
import type { Entry, Submission } from "../submission/submission.ts";
import type { Text } from "../text.ts";
import { AnotherHost } from "../wire/another-host.ts";
import type { Patience } from "../wire/patience.ts";
import { canShrinkBuffers } from "../wire/small-buffers.ts";
import type { Bench, Circumstances } from "./bench.ts";
import { ClientBench } from "./client-bench.ts";
import { shownFailures } from "./failures.ts";
import { PairBench } from "./pair-bench.ts";
import type { ProgramRun, SubmissionResult } from "./result.ts";
import { runChecks, type Selection } from "./run-checks.ts";
import { ServerBench } from "./server-bench.ts";
import { type Judgeable, summarize } from "./summarize.ts";
import { GRADING_MS } from "./time-limits.ts";
import { traceChecks } from "./trace-checks.ts";

export interface Grader {
  readonly checks: ReadonlyMap<string, Check>;
  readonly mistakes: ReadonlyMap<string, Mistake>;
  readonly launcher: Launcher;
  readonly patience: Patience;
  /** A prepared `node_modules` that the assignment allows, absolute. */
  readonly packages?: string | undefined;
}

/** Grades everything that one student handed in. */
export async function gradeSubmission(
  submission: Submission,
  assignment: Assignment,
  seed: number,
  { checks, mistakes, launcher, patience, packages }: Grader,
  selection: Selection = {},
): Promise<SubmissionResult> {
  const workDir = await mkdtemp(join(tmpdir(), "gema-"));
  const ownNetwork = launcher.isolation !== "none" && canShrinkBuffers();
  const twoHosts = ownNetwork && assignment.contract.address.reach === "network";
  const anotherHost = twoHosts ? await AnotherHost.open() : undefined;
  try {
    await launcher.share(workDir);
    const circumstances: Circumstances = {
      assignment,
      launcher,
      patience: patience.forMs(GRADING_MS + 1000 * (assignment.limits.exploreSeconds ?? 0)),
      seed,
      ...(anotherHost && { anotherHost }),
    };
    const given = { ...selection, ownNetwork, ipv6: hasIpv6(), anotherHost: anotherHost !== undefined };
    return await gradeIn(workDir, submission, circumstances, { checks, mistakes, packages }, given);
  } finally {
    await anotherHost?.close();
    await rm(workDir, { recursive: true, force: true });
  }
}

async function gradeIn(
  workDir: string,
  submission: Submission,
  circumstances: Circumstances,
  { checks, mistakes, packages }: Pick<Grader, "checks" | "mistakes" | "packages">,
  selection: Selection,
): Promise<SubmissionResult> {
  const startedAt = new Date();
  const start = performance.now();
  const { assignment, seed, launcher } = circumstances;
  const runnables = await prepareAll(submission, workDir, packages);
  const programs: ProgramRun[] = [];
  for (const [program, bench, entry] of benches(circumstances, runnables, checks)) {
    programs.push(await runProgram(program, bench, entry, runnables, checks, assignment, selection));
  }
  const judgeable: Judgeable = {
    submission: submission.name,
    path: submission.path,
    assignment,
    seed,
    startedAt: startedAt.toISOString(),
    wallMs: Math.round(performance.now() - start),
    programs,
    missing: submission.missing,
    ...(submission.inDoubt && { inDoubt: submission.inDoubt }),
    notes: [...submission.notes, ...notesOf(runnables)],
    isolation: launcher.isolation,
  };
  const result = summarize(judgeable, checks, mistakes);
  if (selection.untraced || circumstances.patience.isOver) return result;
  const again = (other: Circumstances) => benches(other, runnables, checks);
  const tracing = { checks, circumstances, benches: again, folder: join(workDir, "traces") };
  const { traces, notes } = await traceChecks(shownFailures(result), tracing);
  return summarize({ ...judgeable, traces, notes: [...judgeable.notes, ...notes] }, checks, mistakes);
}

type Prepared = ReadonlyMap<Program, { readonly entry: Entry; readonly runnable: Runnable }>;

async function prepareAll(
  { programs, handedIn }: Submission,
  workDir: string,
  packages: string | undefined,
): Promise<Prepared> {
  const prepared = new Map<Program, { entry: Entry; runnable: Runnable }>();
  for (const entry of Object.values(programs)) {
    prepared.set(entry.program, {
      entry,
      runnable: await prepareEntry(entry, { workDir, handedIn, prepared: packages }),
    });
  }
  return prepared;
}

function notesOf(prepared: Prepared): Text[] {
  return [...prepared.values()].flatMap(({ runnable }) => runnable.notes);
}

function* benches(
  circumstances: Circumstances,
  prepared: Prepared,
  checks: ReadonlyMap<string, Check>,
): Generator<[Program | Pair, Bench, Entry]> {
  for (const program of PROGRAMS) {
    const { runnable, entry } = prepared.get(program) ?? {};
    if (!runnable || !entry) continue;
    const bench =
      roleOf(program) === "server"
        ? new ServerBench(circumstances, program, runnable, byName<ServerCheck>(checks, program))
        : new ClientBench(circumstances, program, runnable, byName<ClientCheck>(checks, program));
    yield [program, bench, entry];
  }
  for (const pair of PAIRS) {
    const protocol = protocolOf(pair);
    const [server, client] = [prepared.get(`${protocol}-server`), prepared.get(`${protocol}-client`)];
    if (!server || !client) continue;
    const runnables = { server: server.runnable, client: client.runnable };
    yield [pair, new PairBench(circumstances, pair, runnables, byName<PairCheck>(checks, pair)), client.entry];
  }
}

/** The folder that a check was read from says which kind it is. */
function byName<C extends Check>(checks: ReadonlyMap<string, Check>, program: string): Map<string, C> {
  return new Map(
    [...checks].filter(([id]) => id.startsWith(`${program}/`)).map(([id, check]) => [nameOf(id), check as C]),
  );
}

async function runProgram(
  program: Program | Pair,
  bench: Bench,
  entry: Entry,
  prepared: Prepared,
  checks: ReadonlyMap<string, Check>,
  assignment: Assignment,
  { only, ...selection }: Selection,
): Promise<ProgramRun> {
  const start = performance.now();
  const wanted = only?.filter((id) => id.startsWith(`${program}/`));
  try {
    const results = await runChecks(program, bench, checks, assignment, {
      ...selection,
      ...(wanted && { only: wanted }),
    });
    const command = isProgram(program) ? prepared.get(program)?.runnable.command : undefined;
    return {
      program,
      file: entry.file,
      ...(command && { command }),
      checks: results,
      launches: bench.launches,
      wallMs: Math.round(performance.now() - start),
    };
  } finally {
    await bench.discard();
  }
}
