import type { ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { setImmediate as nextTurn, setTimeout as pollAgain } from "node:timers/promises";
import { execa } from "execa";
import { isStopped } from "../kernel/blocked.ts";
import { readStat } from "../kernel/processes.ts";
import type { Exit, LaunchPlan, Limit, Subject, SubjectEvent } from "./subject.ts";

/** A tree that outlives this many milliseconds of SIGKILL is our problem to report. */
const KILL_DEADLINE_MS = 10_000;
/** Processes stand still within some milliseconds, unless they wake each other, which may go on for ever. */
const STAND_STILL_MS = 2_000;
/** The kernel sends no event when a process that is not our child ends or stops, so it is asked. */
const ASK_AGAIN_MS = 1;
/** When all known processes are gone, their output ends at once, unless one that hid itself holds the pipes. */
const OUTPUT_ENDS_MS = 1_000;
/** Far more than an honest program prints, even one that prints all that it echoes. */
const MOST_OUTPUT_BYTES = 2 ** 30;

/**
 * Starts a command in a session of its own, with three pipes and nothing but this environment.
 *
 * @param input a descriptor of ours that becomes its stdin, instead of a pipe of Node's
 */
export function spawn(
  [file = "", ...args]: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  input: number | "pipe" = "pipe",
) {
  // Its types know descriptors of one digit only.
  const stdin = input as "pipe";
  return execa(file, args, { ...SPAWNED, stdin, stdout: "pipe", stderr: "pipe", cwd, env });
}

export const SPAWNED = {
  buffer: false,
  reject: false,
  extendEnv: false,
  detached: process.platform !== "win32",
  cleanup: false,
} as const;

/** A process whose three pipes are open. */
export interface Child
  extends Pick<
    ChildProcessByStdio<Writable, Readable, Readable>,
    "stdin" | "stdout" | "stderr" | "exitCode" | "signalCode"
  > {
  once(event: "exit" | "close", heard: (code: number | null, signal: string | null) => void): unknown;
}

/** How the processes of one launch are found and ended. */
export interface ProcessTree {
  /** The program's own process. */
  readonly pid: number;
  /** Living processes, quickly: those that re-parented themselves only once `all` has seen them. */
  some(): readonly number[];
  /** Living processes, every one. */
  all(): readonly number[];
  /** Kills whatever can be killed at once. Never throws. */
  kill(): void;
}

const running = new Set<ProcessSubject>();
process.on("exit", () => {
  for (const subject of running) subject.killNow();
});

/** Ends every program that this process started, and returns once they are proved gone. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map((subject) => subject.stop()));
}

/** A program that runs as processes of this machine. */
export class ProcessSubject implements Subject {
  readonly plan: LaunchPlan;
  readonly exited: Promise<Exit>;
  exit: Exit | undefined;
  /** What happened before anybody listened. */
  #unheard: SubjectEvent[] = [];
  #listener = (event: SubjectEvent): void => void this.#unheard.push(event);
  readonly #child: Child;
  readonly #tree: ProcessTree;
  readonly #closed: Promise<Exit>;
  readonly #keys: Writable;
  #gone: Promise<void> | undefined;
  #printed = 0;
  #limit: Limit | undefined;

  /**
   * @param child what was spawned: its pipes are the program's
   * @param keys where its input is typed
   * @param exitOf how the program ended, from how the child did
   */
  constructor(
    child: Child,
    keys: Writable,
    tree: ProcessTree,
    plan: LaunchPlan,
    exitOf = async (exit: Exit): Promise<Exit> => exit,
  ) {
    this.#child = child;
    this.#keys = keys;
    this.#tree = tree;
    this.plan = plan;
    running.add(this);
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        this.#printed += text.length;
        if (this.#printed > MOST_OUTPUT_BYTES) this.endFor("output");
        this.#listener({ type: stream, text });
      });
    }
    keys.on("error", () => {}); // EPIPE when the program ends before it reads: its exit says so
    this.#closed = heard(child, "close");
    this.exited = this.#waitForExit(exitOf);
  }

  get listener(): (event: SubjectEvent) => void {
    return this.#listener;
  }

  set listener(listener) {
    this.#listener = listener;
    for (const event of this.#unheard.splice(0)) listener(event);
  }

  get pid(): number {
    return this.#tree.pid;
  }

  async #waitForExit(exitOf: (exit: Exit) => Promise<Exit>): Promise<Exit> {
    const exit = await heard(this.#child, "exit");
    this.#keys.destroy();
    // "close" comes after the last output, but never while a grandchild holds the pipe.
    if (process.platform !== "linux") await this.#closed;
    else if (this.allProcesses().length === 0) await this.#endOutput();
    this.exit = { ...(await exitOf(exit)), ...(this.#limit && { limit: this.#limit }) };
    this.#listener({ type: "exited", exit: this.exit });
    return this.exit;
  }

  /** Once all known processes are gone: what they wrote lies in the pipes, and is read before these are closed. */
  async #endOutput(): Promise<void> {
    const abort = new AbortController();
    const late = pollAgain(OUTPUT_ENDS_MS, true, { signal: abort.signal }).catch(() => false);
    if (await Promise.race([late, this.#closed.then(() => false)])) {
      await nextTurn(); // however late this process is itself, it reads before
      this.#child.stdout.destroy();
      this.#child.stderr.destroy();
    }
    abort.abort();
    await this.#closed;
  }

  processes(): readonly number[] {
    return this.#tree.some();
  }

  allProcesses(): readonly number[] {
    return this.#tree.all();
  }

  signal(name: "SIGINT" | "SIGTERM"): void {
    // A program that ended before anybody looked has no id, and 0 would mean Gema's own group.
    if (hasEnded(this.#child) || this.pid === 0) return;
    // Where the kernel cannot be asked there are no sandboxes: the program leads its group.
    if (process.platform === "win32") kill(this.pid, name);
    else kill(-(readStat(this.pid)?.group ?? this.pid), name);
  }

  async pause(): Promise<void> {
    const deadline = performance.now() + STAND_STILL_MS;
    for (let moves = true; moves && performance.now() < deadline; await pollAgain(ASK_AGAIN_MS)) {
      // Anew each time: a process that was born meanwhile may wake the others.
      const pids = this.allProcesses();
      for (const pid of pids) kill(pid, "SIGSTOP");
      moves = !isStopped(pids);
    }
  }

  resume(): void {
    for (const pid of this.allProcesses()) kill(pid, "SIGCONT");
  }

  type(text: string): void {
    this.#keys.write(text);
  }

  get isBeingTyped(): boolean {
    const { destroyed, writableLength, writableEnded } = this.#keys;
    return !destroyed && (writableLength > 0 || writableEnded);
  }

  endInput(): void {
    this.#keys.end();
  }

  stop(): Promise<void> {
    this.#gone ??= this.#killAll();
    return this.#gone;
  }

  async #killAll(): Promise<void> {
    const deadline = performance.now() + KILL_DEADLINE_MS;
    this.killNow();
    if (!hasEnded(this.#child)) await heard(this.#child, "exit");
    if (process.platform === "linux") {
      for (let left = this.allProcesses(); left.length > 0; left = this.allProcesses()) {
        if (performance.now() > deadline) throw new Error(`processes ${left.join(", ")} survive SIGKILL`);
        for (const pid of left) kill(pid, "SIGKILL");
        await pollAgain(ASK_AGAIN_MS);
      }
    }
    await this.#endOutput();
    await this.exited;
    running.delete(this);
  }

  /** Kills the program, which used too much. */
  endFor(limit: Limit): void {
    this.#limit ??= limit;
    this.killNow();
  }

  /** Kills the program at once, without waiting: for when this process itself ends. */
  killNow(): void {
    if (!hasEnded(this.#child)) this.#tree.kill();
  }
}

function heard(child: Child, event: "exit" | "close"): Promise<Exit> {
  return new Promise((resolve) => child.once(event, (code, signal) => resolve({ code, signal })));
}

/** From the moment it is reaped its process id may belong to somebody else. */
export function hasEnded(child: Pick<Child, "exitCode" | "signalCode">): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Nothing happens when the process is gone already. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
