import getPort from "get-port";
import type { Assignment, Protocol, Role } from "../assignment/assignment.ts";
import { type GivenAtStart, passedTo, tellsHost } from "../assignment/passing.ts";
import { type Address, hasIpv6 } from "../kernel/address.ts";
import { freePort } from "../launch/port.ts";
import type { Launcher, LaunchPlan, Subject } from "../launch/subject.ts";
import type { Runnable } from "../submission/build.ts";
import type { AnotherHost } from "../wire/another-host.ts";
import type { Patience } from "../wire/patience.ts";
import { Payload } from "../wire/payload.ts";
import { Recorder } from "../wire/recorder.ts";
import type { Transcript } from "../wire/transcript.ts";
import { typeLines } from "../wire/typing.ts";

/** What all attempts of one grading have in common. */
export interface Circumstances {
  readonly assignment: Assignment;
  readonly launcher: Launcher;
  readonly patience: Patience;
  readonly seed: number;
  /** Where the clock of every transcript starts, of `performance.now()`; each has its own beginning when left out. */
  readonly clockStartsAt?: number;
  /** Where the assignment asks for one and this machine can have it. */
  readonly anotherHost?: AnotherHost;
}

/** @throws Error for a check that should have been skipped */
export function anotherHostOf({ anotherHost }: Circumstances): AnotherHost {
  if (!anotherHost) throw new Error("there is no other host");
  return anotherHost;
}

/** Runs stimuli on one program and returns what happened. */
export interface Bench {
  /** How often the program was started so far. */
  readonly launches: number;
  /** No time is left: what is tried now is cut off. */
  readonly timeIsUp: boolean;
  /** @param alone on a fresh process, with a longer deadline, to confirm what was seen before */
  attempt(stimulus: string, alone: boolean): Promise<Transcript>;
  /** The process that served the last attempt is not to be trusted any more. */
  discard(): Promise<void>;
}

/** The stimulus of checks that only look at how the program started. */
export const LAUNCH = "launch";

/** Starts a program at its addresses and counts how often. */
export class Starter {
  launches = 0;
  readonly #circumstances: Circumstances;
  readonly #runnable: Runnable;
  readonly #roles: readonly Role[];

  /** @param roles of all programs that are to use its addresses */
  constructor(circumstances: Circumstances, runnable: Runnable, ...roles: readonly Role[]) {
    this.#circumstances = circumstances;
    this.#runnable = runnable;
    this.#roles = roles;
  }

  /** The assignment's own address, or a free port there where the programs are told it. Nobody else holds it. */
  async address(...protocols: Protocol[]): Promise<Address> {
    const { contract } = this.#circumstances.assignment;
    const { host, port: fixed } = contract.address;
    const numeric = host === "localhost" ? "127.0.0.1" : host;
    // Of a name's addresses all have to be free.
    const isFixed = this.#roles.some((role) => passedTo(role, contract).by === "fixed");
    const port = isFixed ? fixed : await getPort(host === "localhost" ? {} : { host });
    for (const one of this.hosts()) for (const each of protocols) await freePort({ host: one, port }, each);
    return { host: numeric, port };
  }

  /**
   * Another address than before, for a program that is told its address: another port, and another host where it is told
   * that and this machine surely has one. On Linux all of 127.0.0.0/8 is loopback (RFC 1122 section 3.2.1.3).
   */
  async otherAddress(protocol: Protocol): Promise<Address> {
    const address = await this.address(protocol);
    const { contract } = this.#circumstances.assignment;
    const isTold = this.#roles.every((role) => tellsHost(passedTo(role, contract)));
    const other = process.platform === "linux" && contract.address.host === "127.0.0.1" && isTold;
    return other ? { ...address, host: "127.0.0.2" } : address;
  }

  /** The numeric hosts that the assignment's may stand for. */
  hosts(): readonly string[] {
    const { host } = this.#circumstances.assignment.contract.address;
    if (host !== "localhost") return [host];
    return hasIpv6() ? ["127.0.0.1", "::1"] : ["127.0.0.1"];
  }

  /** What a program is told of an address: the assignment's own word for its host. */
  told(address: Address): Address {
    const { host } = this.#circumstances.assignment.contract.address;
    return host === "localhost" && this.hosts().includes(address.host) ? { ...address, host } : address;
  }

  /** Starts the program and writes that down. `undefined` when there is nothing to start. */
  async start(given: GivenAtStart, recorder: Recorder): Promise<Subject | undefined> {
    const { command, byHand, cwd, readable, unseenLimits, problem } = this.#runnable;
    if (problem) {
      recorder.add({ type: "not-started", problem });
      return undefined;
    }
    const words = [...(given.command ?? command), ...given.args];
    const isTyped = given.stdinLines.length + given.laterLines.length > 0;
    const plan: LaunchPlan = { command: words, cwd, readable, env: given.env, unseenLimits, isTyped };
    this.launches++;
    const subject = await this.#circumstances.launcher.launch(plan);
    const started = { command: [...(given.command ?? byHand), ...given.args], pid: subject.pid };
    const isToldByEnv = Object.keys(given.env).length > 0;
    recorder.add({ type: "started", ...started, ...(isToldByEnv && { env: given.env }) });
    subject.listener = (event) => recorder.hear(event);
    await typeLines(subject, given.stdinLines, recorder);
    return subject;
  }

  recorder(): Recorder {
    const { assignment, clockStartsAt } = this.#circumstances;
    return new Recorder(assignment.limits.keptOutputBytes, clockStartsAt);
  }

  payload(label: string): Payload {
    return new Payload(this.#circumstances.seed, label);
  }
}
