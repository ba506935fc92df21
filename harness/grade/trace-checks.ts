import { join } from "node:path";
import { isProgram, type Pair, type Program } from "../assignment/assignment.ts";
import type { Check } from "../checks/check.ts";
import type { Text } from "../text.ts";
import { tracingLauncher } from "../trace/tracing-launcher.ts";
import type { Bench, Circumstances } from "./bench.ts";
import type { CheckInRun } from "./failures.ts";
import type { CheckTrace } from "./result.ts";
import { stimulusOf } from "./run-checks.ts";

/** Each costs a launch; one mistake is enough to begin with. */
const MOST_TRACES = 3;
/** After a check that took so long no other is traced: a student waits for the report. */
const LONG_MS = 3_000;

/** The programs that can be tried, each with a bench of these circumstances. */
export type Benches = (circumstances: Circumstances) => Iterable<readonly [Program | Pair, Bench, ...unknown[]]>;

export interface Tracing {
  readonly checks: ReadonlyMap<string, Check>;
  readonly circumstances: Circumstances;
  readonly benches: Benches;
  /** Of ours; programs may be shown it. */
  readonly folder: string;
}

/**
 * Runs checks that failed once more, each on a fresh process with hooks in it. The verdicts stand already: what breaks
 * here is a note.
 */
export async function traceChecks(
  failures: readonly CheckInRun[],
  tracing: Tracing,
): Promise<{ readonly traces: readonly CheckTrace[]; readonly notes: readonly Text[] }> {
  const traces: CheckTrace[] = [];
  const start = performance.now();
  try {
    for (const [place, { run, check }] of failures.slice(0, MOST_TRACES).entries()) {
      const { program } = run;
      if (!isProgram(program) || performance.now() - start > LONG_MS) continue;
      traces.push(await traceCheck(program, check.check, { ...tracing, folder: join(tracing.folder, `${place}`) }));
    }
    return { traces, notes: [] };
  } catch (error) {
    const note: Text = {
      en: `Gema could not look for the line behind a failure: ${String(error)}`,
      id: `Gema tidak dapat mencari baris di balik suatu kegagalan: ${String(error)}`,
    };
    return { traces, notes: [note] };
  }
}

async function traceCheck(
  program: Program,
  check: string,
  { checks, circumstances, benches, folder }: Tracing,
): Promise<CheckTrace> {
  const launcher = tracingLauncher(circumstances.launcher, folder);
  // performance.now() begins somewhere else than the monotonic clock that the hooks read.
  const clockStartsAt = performance.now();
  const zeroMs = Number(process.hrtime.bigint()) / 1e6;
  const patience = circumstances.patience.shorter();
  const definition = checks.get(check);
  const [, bench] =
    [...benches({ ...circumstances, launcher, patience, clockStartsAt })].find(([id]) => id === program) ?? [];
  if (!definition || !bench) throw new Error(`${check} has nothing to run`);
  try {
    const transcript = await bench.attempt(stimulusOf(check, definition), false);
    await bench.discard();
    return { program, check, transcript, trace: await launcher.collect(zeroMs) };
  } finally {
    await bench.discard();
    await launcher.collect(zeroMs);
  }
}
