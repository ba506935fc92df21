import { availableParallelism } from "node:os";
import { execa } from "execa";
import type { CheckResult } from "../../harness/checks/verdict.ts";
import { assignmentOf, type Fixture } from "./fixtures.ts";
import { ownNetwork, type Prefix } from "./own-network.ts";

/** What a worker is sent. */
export interface Order {
  readonly path: string;
  readonly assignment: string;
}

/** What a worker says of it. */
export interface Answer {
  /** In the order they ran. */
  readonly checks: readonly Pick<CheckResult, "check" | "level" | "verdict">[];
  /** The mistake that the report leads with. */
  readonly named?: string;
  /** Why it could not be graded. */
  readonly broke?: string;
}

/** What grading a fixture gave. */
export interface Graded extends Answer {
  readonly fixture: Fixture;
  readonly wallMs: number;
}

/** Far above what the slowest fixture takes on a busy machine, whose deadlines are longer; what needs more hangs. */
const LIMIT_MS = 600_000;

/**
 * Grades every fixture: several at a time where each can have its own network, else one after another.
 * @param workerFile the built `grading-worker.js`
 */
export async function gradeFixtures(
  fixtures: readonly Fixture[],
  workerFile: string,
  onGraded: (graded: Graded) => void = () => {},
  atOnce = availableParallelism(),
): Promise<Graded[]> {
  const prefix = await ownNetwork();
  const waiting = [...fixtures.entries()];
  const done = new Map<number, Graded>();
  const work = async (): Promise<void> => {
    let worker: Worker | undefined;
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [i, fixture] = next;
      worker ??= startWorker(prefix, workerFile);
      const start = performance.now();
      const answer = await ask(worker, { path: fixture.path, assignment: assignmentOf(fixture) });
      const graded = {
        fixture,
        ...(answer ?? { checks: [], broke: await endOf(worker) }),
        wallMs: performance.now() - start,
      };
      if (!answer) worker = undefined;
      done.set(i, graded);
      onGraded(graded);
    }
    if (worker) await endOf(worker);
  };
  await Promise.all(Array.from({ length: prefix.length > 0 ? atOnce : 1 }, work));
  return fixtures.flatMap((_, i) => done.get(i) ?? []);
}

type Worker = ReturnType<typeof startWorker>;

function startWorker(prefix: Prefix, file: string) {
  const [command = "", ...args] = [...prefix, process.execPath, file];
  return execa(command, args, { ipc: true, reject: false, all: true });
}

/** `undefined` when no answer came in time. */
async function ask(worker: Worker, order: Order): Promise<Answer | undefined> {
  const limit = setTimeout(() => worker.kill("SIGKILL"), LIMIT_MS);
  try {
    await worker.sendMessage({ ...order });
    return (await worker.getOneMessage()) as unknown as Answer;
  } catch {
    return undefined; // It has ended: `endOf` says how.
  } finally {
    clearTimeout(limit);
  }
}

async function endOf(worker: Worker): Promise<string> {
  worker.kill("SIGTERM");
  const { all, exitCode, signal } = await worker;
  return `the worker ended with ${exitCode ?? signal}: ${all}`;
}
