import { randomUUID } from "node:crypto";
import { descendants, type ProcessStat, processTree, readStat } from "../kernel/processes.ts";
import { UserError } from "../user-error.ts";
import { openKeyboard } from "./keyboard.ts";
import { type Child, hasEnded, kill, ProcessSubject, type ProcessTree, spawn } from "./process-subject.ts";
import type { Launcher, LaunchPlan } from "./subject.ts";

/** Runs programs as ordinary processes of this machine, each in a session of its own. */
export const plainLauncher: Launcher = {
  isolation: "none",
  async share() {},
  async launch(plan) {
    const marker = `GEMA_SUBJECT=${randomUUID()}`;
    const keyboard = plan.isTyped ? await openKeyboard() : undefined;
    const child = spawn(plan.command, plan.cwd, environment(plan, marker), keyboard?.descriptor);
    keyboard?.handedOver();
    const keys = keyboard?.keys ?? child.stdin;
    if (child.pid === undefined) {
      keys.destroy();
      throw cannotStart(plan.command[0] ?? "", (await child).originalMessage ?? "");
    }
    return new ProcessSubject(child, keys, new MarkedTree(child, child.pid, marker), plan);
  },
};

function environment(plan: LaunchPlan, marker: string): Record<string, string> {
  const [name = "", value = ""] = marker.split("=");
  const inherited = ["PATH", "HOME", "TMPDIR", "SystemRoot", "TEMP"].flatMap((key) => {
    const found = process.env[key];
    return found === undefined ? [] : [[key, found] as const];
  });
  return { ...Object.fromEntries(inherited), ...COMMON_ENVIRONMENT, ...plan.env, [name]: value };
}

export const COMMON_ENVIRONMENT = {
  LANG: "C.UTF-8",
  PYTHONUNBUFFERED: "1",
  PYTHONDONTWRITEBYTECODE: "1",
  // Of some account, as everywhere: not of whoever grades.
  USER: "student",
  LOGNAME: "student",
  SHELL: "/bin/sh",
  TERM: "dumb",
};

export function cannotStart(file: string, reason: string): UserError {
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

/** The program's process, what descends from it, and whatever carries its marker in the environment. */
class MarkedTree implements ProcessTree {
  readonly pid: number;
  readonly #child: Child;
  readonly #marker: string;
  #known: readonly ProcessStat[] = [];

  constructor(child: Child, pid: number, marker: string) {
    this.#child = child;
    this.pid = pid;
    this.#marker = marker;
  }

  some(): readonly number[] {
    const direct = this.#direct();
    const others = this.#known.filter(({ pid }) => !direct.includes(pid));
    return [...direct, ...pidsOf(others.filter(({ pid, startTime }) => readStat(pid)?.startTime === startTime))];
  }

  all(): readonly number[] {
    const all = processTree(this.pid, this.#marker, this.#known);
    this.#known = all.filter(({ pid }) => pid !== this.pid || !hasEnded(this.#child));
    return pidsOf(this.#known);
  }

  #direct(): readonly number[] {
    return hasEnded(this.#child) ? [] : descendants(this.pid);
  }

  /** The whole group, where there are groups. */
  kill(): void {
    kill(process.platform === "win32" ? this.pid : -this.pid, "SIGKILL");
    kill(this.pid, "SIGKILL");
  }
}

function pidsOf(processes: readonly ProcessStat[]): number[] {
  return processes.map(({ pid }) => pid);
}
