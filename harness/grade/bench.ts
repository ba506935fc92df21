import { setTimeout as pollAgain } from "node:timers/promises";
import getPort from "get-port";
import type { Assignment } from "../assignment/assignment.ts";
import type { GivenAtStart } from "../assignment/passing.ts";
import type { Address } from "../kernel/address.ts";
import { asleep } from "../kernel/blocked.ts";
import type { Launcher, LaunchPlan, Subject } from "../launch/subject.ts";
import type { Runnable } from "../submission/build.ts";
import type { Patience } from "../wire/patience.ts";
import { Payload } from "../wire/payload.ts";
import { Recorder } from "../wire/recorder.ts";
import type { Transcript } from "../wire/transcript.ts";

/** What all attempts of one grading have in common. */
export interface Circumstances {
  readonly assignment: Assignment;
  readonly launcher: Launcher;
  readonly patience: Patience;
  readonly seed: number;
}

/** Runs stimuli on one program and returns what happened. */
export interface Bench {
  /** How often the program was started so far. */
  readonly launches: number;
  /** @param alone on a fresh process, with a longer deadline, to confirm what was seen before */
  attempt(stimulus: string, alone: boolean): Promise<Transcript>;
  /** The process that served the last attempt is not to be trusted any more. */
  discard(): Promise<void>;
}

/** The stimulus of checks that only look at how the program started. */
export const LAUNCH = "launch";

/** Starts programs at their addresses and counts how often. */
export class Starter {
  launches = 0;
  readonly #circumstances: Circumstances;
  readonly #runnable: Runnable;

  constructor(circumstances: Circumstances, runnable: Runnable) {
    this.#circumstances = circumstances;
    this.#runnable = runnable;
  }

  /** The assignment's own address, or a free port there where the program is told its address. */
  async address(): Promise<Address> {
    const { host, port, passed } = this.#circumstances.assignment.contract.address;
    const numeric = host === "localhost" ? "127.0.0.1" : host;
    return passed.by === "fixed" ? { host: numeric, port } : { host: numeric, port: await getPort({ host: numeric }) };
  }

  /** Starts the program and writes that down. `undefined` when there is nothing to start. */
  async start(given: GivenAtStart, recorder: Recorder): Promise<Subject | undefined> {
    const { command, cwd, readable, problem } = this.#runnable;
    if (problem) {
      recorder.add({ type: "not-started", problem });
      return undefined;
    }
    const words = [...(given.command ?? command), ...given.args];
    const [first, ...others] = given.stdinLines;
    const stdinLines = first === undefined ? [] : [first];
    const plan: LaunchPlan = { command: words, cwd, readable, env: given.env, stdinLines };
    this.launches++;
    const subject = await this.#circumstances.launcher.launch(plan);
    recorder.add({ type: "started", command: words, pid: subject.pid });
    subject.listener = (event) => recorder.hear(event);
    if (first !== undefined) recorder.add({ type: "typed", text: `${first}\n` });
    for (const line of others) {
      await untilAsleep(subject);
      subject.type(`${line}\n`);
      recorder.add({ type: "typed", text: `${line}\n` });
    }
    return subject;
  }

  recorder(): Recorder {
    return new Recorder(this.#circumstances.assignment.limits.keptOutputBytes);
  }

  payload(label: string): Payload {
    return new Payload(this.#circumstances.seed, label);
  }
}

/** A person types the next line when the program asks for it; one that never sleeps gets it after this long. */
const ASKS_AT_LATEST_MS = 2_000;
const ASK_AGAIN_MS = 5;

/** Some libraries drop a line that comes between two questions. */
async function untilAsleep(subject: Subject): Promise<void> {
  if (process.platform !== "linux") return;
  const deadline = performance.now() + ASKS_AT_LATEST_MS;
  for (let before: string | undefined; performance.now() < deadline && subject.exit === undefined; ) {
    const signature = asleep(subject.processes())?.signature;
    if (signature !== undefined && signature === before) return;
    before = signature;
    await pollAgain(ASK_AGAIN_MS);
  }
}
