import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { setTimeout as pollAgain } from "node:timers/promises";
import { execa } from "execa";
import { isStopped } from "../kernel/blocked.ts";
import { descendants, processTree, readStat } from "../kernel/processes.ts";
import { UserError } from "../user-error.ts";
import type { Exit, Launcher, LaunchPlan, Subject, SubjectEvent } from "./subject.ts";

/** A tree that outlives this many milliseconds of SIGKILL is our problem to report. */
const KILL_DEADLINE_MS = 10_000;
/** The kernel sends no event when a process that is not our child ends or stops, so it is asked. */
const ASK_AGAIN_MS = 1;

const execaOptions = {
  stdin: "pipe",
  stdout: "pipe",
  stderr: "pipe",
  buffer: false,
  reject: false,
  extendEnv: false,
  detached: process.platform !== "win32",
  cleanup: false,
} as const;

function spawn(plan: LaunchPlan, marker: string) {
  const [file = "", ...args] = plan.command;
  return execa(file, args, { ...execaOptions, cwd: plan.cwd, env: environment(plan, marker) });
}
type Child = ReturnType<typeof spawn>;

/** Runs programs as ordinary processes of this machine, each in a session of its own. */
export const plainLauncher: Launcher = {
  isolation: "none",
  async launch(plan) {
    const marker = `GEMA_SUBJECT=${randomUUID()}`;
    const child = spawn(plan, marker);
    if (child.pid === undefined) throw cannotStart(plan.command[0] ?? "", (await child).originalMessage ?? "");
    return new PlainSubject(child, child.pid, plan, marker);
  },
};

function environment(plan: LaunchPlan, marker: string): Record<string, string> {
  const [name = "", value = ""] = marker.split("=");
  const inherited = ["PATH", "HOME", "TMPDIR", "SystemRoot", "TEMP"].flatMap((key) => {
    const found = process.env[key];
    return found === undefined ? [] : [[key, found] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    LANG: "C.UTF-8",
    PYTHONUNBUFFERED: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    ...plan.env,
    [name]: value,
  };
}

function cannotStart(file: string, reason: string): UserError {
  return new UserError({
    code: "cannot-start",
    what: { en: `${file} could not be started: ${reason}`, id: `${file} tidak dapat dijalankan: ${reason}` },
    help: {
      en: "Check that the program in the assignment's command exists on this machine and may be executed.",
      id: "Periksa apakah program pada command di assignment ada di mesin ini dan boleh dijalankan.",
    },
    exit: 3,
  });
}

const running = new Set<PlainSubject>();
process.on("exit", () => {
  for (const subject of running) subject.killNow();
});

class PlainSubject implements Subject {
  readonly pid: number;
  readonly plan: LaunchPlan;
  readonly exited: Promise<Exit>;
  exit: Exit | undefined;
  listener: (event: SubjectEvent) => void = () => {};
  readonly #child: Child;
  readonly #marker: string;
  #reparented: readonly number[] = [];
  #gone: Promise<void> | undefined;

  constructor(child: Child, pid: number, plan: LaunchPlan, marker: string) {
    this.#child = child;
    this.pid = pid;
    this.plan = plan;
    this.#marker = marker;
    running.add(this);
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => this.listener({ type: stream, text }));
    }
    child.stdin.on("error", () => {}); // EPIPE when the program ends before it reads: its exit says so
    for (const line of plan.stdinLines) child.stdin.write(`${line}\n`);
    this.exited = this.#waitForExit();
  }

  async #waitForExit(): Promise<Exit> {
    // "close" comes after the last output, but never while a grandchild holds the pipe.
    const outputComplete = once(this.#child, "close");
    const [code, signal] = (await once(this.#child, "exit")) as [number | null, string | null];
    if (process.platform !== "linux" || this.allProcesses().length === 0) await outputComplete;
    this.exit = { code, signal };
    this.listener({ type: "exited", exit: this.exit });
    return this.exit;
  }

  processes(): readonly number[] {
    const direct = this.#hasEnded() ? [] : descendants(this.pid);
    return [...new Set([...direct, ...this.#reparented.filter((pid) => readStat(pid) !== undefined)])];
  }

  allProcesses(): readonly number[] {
    const all = processTree(this.pid, this.#marker).filter((pid) => pid !== this.pid || !this.#hasEnded());
    const direct = new Set(this.#hasEnded() ? [] : descendants(this.pid));
    this.#reparented = all.filter((pid) => !direct.has(pid));
    return all;
  }

  /** From the moment it is reaped its process id may belong to somebody else. */
  #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  signal(name: "SIGINT" | "SIGTERM"): void {
    this.#kill(this.pid, name);
  }

  async pause(): Promise<void> {
    const pids = this.allProcesses();
    for (const pid of pids) this.#kill(pid, "SIGSTOP");
    while (!isStopped(pids)) await pollAgain(ASK_AGAIN_MS);
  }

  resume(): void {
    for (const pid of this.allProcesses()) this.#kill(pid, "SIGCONT");
  }

  type(text: string): void {
    this.#child.stdin.write(text);
  }

  endInput(): void {
    this.#child.stdin.end();
  }

  stop(): Promise<void> {
    this.#gone ??= this.#killAll();
    return this.#gone;
  }

  async #killAll(): Promise<void> {
    const deadline = performance.now() + KILL_DEADLINE_MS;
    this.killNow();
    if (!this.#hasEnded()) await once(this.#child, "exit");
    if (process.platform === "linux") {
      for (let left = this.allProcesses(); left.length > 0; left = this.allProcesses()) {
        if (performance.now() > deadline) throw new Error(`processes ${left.join(", ")} survive SIGKILL`);
        for (const pid of left) this.#kill(pid, "SIGKILL");
        await pollAgain(ASK_AGAIN_MS);
      }
    }
    await this.exited;
    running.delete(this);
  }

  /** Kills the process and its group at once, without waiting: for when this process itself ends. */
  killNow(): void {
    if (this.#hasEnded()) return;
    this.#kill(process.platform === "win32" ? this.pid : -this.pid, "SIGKILL");
    this.#kill(this.pid, "SIGKILL");
  }

  #kill(pid: number, signal: NodeJS.Signals): void {
    if (Math.abs(pid) === this.pid && this.#hasEnded()) return;
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}
