import { mkdtemp, readFile, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { CheckResult } from "../../harness/checks/verdict.ts";
import { decodeEvidence, resultOf } from "../../harness/grade/evidence.ts";
import { assignmentOf, type Fixture } from "./fixtures.ts";
import { ownNetwork, type Prefix } from "./own-network.ts";

/** What grading a fixture gave. */
export interface Graded {
  readonly fixture: Fixture;
  /** In the order they ran. */
  readonly checks: readonly Pick<CheckResult, "check" | "level" | "verdict">[];
  /** The mistake that the report leads with. */
  readonly named?: string;
  /** What the grader said when it left no evidence. */
  readonly broke?: string;
  readonly wallMs: number;
}

/** Far above what the slowest fixture takes; a grading that needs longer hangs. */
const LIMIT_MS = 180_000;
const SEED = "1";

/**
 * Grades every fixture by the built command line, each in a process of its own: as many at a time as the machine has
 * processors where each can have its own network, else one after another.
 * @param cli the built `main.js`
 */
export async function gradeFixtures(
  fixtures: readonly Fixture[],
  cli: string,
  onGraded: (graded: Graded) => void = () => {},
): Promise<Graded[]> {
  const prefix = await ownNetwork();
  const folder = await mkdtemp(join(tmpdir(), "gema-kills-"));
  const waiting = [...fixtures.entries()];
  const done = new Map<number, Graded>();
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [i, fixture] = next;
      const graded = await grade(fixture, cli, prefix, join(folder, `${i}.json`));
      done.set(i, graded);
      onGraded(graded);
    }
  };
  try {
    await Promise.all(Array.from({ length: prefix.length > 0 ? availableParallelism() : 1 }, work));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return fixtures.flatMap((_, i) => done.get(i) ?? []);
}

async function grade(fixture: Fixture, cli: string, prefix: Prefix, evidence: string): Promise<Graded> {
  const start = performance.now();
  const options = ["--assignment", assignmentOf(fixture), "--seed", SEED, "--evidence", evidence];
  const [command = "", ...args] = [...prefix, process.execPath, cli, "check", fixture.path, ...options];
  // Whoever calls may run in a CI whose summary is not the place for the fixtures' failures.
  const env = { GITHUB_ACTIONS: "" };
  const { all, exitCode } = await execa(command, args, { reject: false, all: true, timeout: LIMIT_MS, env });
  const wallMs = performance.now() - start;
  const json = await readFile(evidence, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (json === undefined) return { fixture, checks: [], broke: `exit ${exitCode ?? "by time limit"}: ${all}`, wallMs };
  await rm(evidence);
  const { programs, mistakes } = resultOf(decodeEvidence(json, evidence));
  const checks = programs.flatMap((run) => run.checks.map(({ check, level, verdict }) => ({ check, level, verdict })));
  const named = mistakes[0]?.id;
  return { fixture, checks, ...(named && { named }), wallMs };
}
