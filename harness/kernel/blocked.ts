import { constants } from "node:os";
import { listProc, readLink, readProc } from "./processes.ts";

/** What a blocked thread waits in, and on which descriptor where the call has one. */
export interface BlockedCall {
  readonly call: string;
  readonly fd?: number;
}

/** All threads of some processes, each seen sleeping; two equal signatures mean that none ran in between. */
export interface Rest {
  readonly signature: string;
  readonly calls: readonly BlockedCall[];
}

/** How to tell from its arguments that a call has no time limit. */
type WithoutLimit =
  /** Never has one; the first argument is a descriptor. */
  | "descriptor"
  /** Never has one. */
  | "always"
  /** Argument n is a `struct timespec *`: NULL waits for ever. */
  | { readonly nullAt: number }
  /** Argument n is an `int` of milliseconds: negative waits for ever. */
  | { readonly negativeAt: number };

type Calls = Readonly<Record<number, readonly [name: string, limit: WithoutLimit]>>;

/** System call numbers of Linux: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h. */
const CALLS: Readonly<Record<string, Calls>> = {
  x64: {
    0: ["read", "descriptor"],
    1: ["write", "descriptor"],
    7: ["poll", { negativeAt: 2 }],
    19: ["readv", "descriptor"],
    20: ["writev", "descriptor"],
    23: ["select", { nullAt: 4 }],
    34: ["pause", "always"],
    43: ["accept", "descriptor"],
    44: ["sendto", "descriptor"],
    45: ["recvfrom", "descriptor"],
    46: ["sendmsg", "descriptor"],
    47: ["recvmsg", "descriptor"],
    61: ["wait4", "always"],
    128: ["rt_sigtimedwait", { nullAt: 2 }],
    130: ["rt_sigsuspend", "always"],
    202: ["futex", { nullAt: 3 }],
    232: ["epoll_wait", { negativeAt: 3 }],
    247: ["waitid", "always"],
    270: ["pselect6", { nullAt: 4 }],
    271: ["ppoll", { nullAt: 2 }],
    281: ["epoll_pwait", { negativeAt: 3 }],
    288: ["accept4", "descriptor"],
    441: ["epoll_pwait2", { nullAt: 3 }],
  },
  arm64: {
    22: ["epoll_pwait", { negativeAt: 3 }],
    63: ["read", "descriptor"],
    64: ["write", "descriptor"],
    65: ["readv", "descriptor"],
    66: ["writev", "descriptor"],
    72: ["pselect6", { nullAt: 4 }],
    73: ["ppoll", { nullAt: 2 }],
    95: ["waitid", "always"],
    98: ["futex", { nullAt: 3 }],
    133: ["rt_sigsuspend", "always"],
    137: ["rt_sigtimedwait", { nullAt: 2 }],
    202: ["accept", "descriptor"],
    206: ["sendto", "descriptor"],
    207: ["recvfrom", "descriptor"],
    211: ["sendmsg", "descriptor"],
    212: ["recvmsg", "descriptor"],
    242: ["accept4", "descriptor"],
    260: ["wait4", "always"],
    441: ["epoll_pwait2", { nullAt: 3 }],
  },
};

/**
 * The call that a line of `/proc/PID/task/TID/syscall` shows, if it can only end when something happens. `undefined`
 * for a running thread, a call with a time limit, and any call not in the table: not proved.
 */
export function endlessCall(line: string, architecture: string = process.arch): BlockedCall | undefined {
  const [number = "", ...registers] = line.trim().split(" ");
  const known = CALLS[architecture]?.[Number(number)];
  if (number === "" || !known) return undefined;
  const [call, limit] = known;
  if (limit === "descriptor") return { call, fd: lowWord(registers[0]) };
  if (limit === "always") return { call };
  const endless =
    "nullAt" in limit ? registers[limit.nullAt] === "0x0" : lowWord(registers[limit.negativeAt]) >= 0x8000_0000;
  return endless ? { call } : undefined;
}

/** The milliseconds after which the call that such a line shows ends by itself, where it says so in a register. */
export function limitOf(line: string, architecture: string = process.arch): number | undefined {
  const [number = "", ...registers] = line.trim().split(" ");
  const limit = number === "" ? undefined : CALLS[architecture]?.[Number(number)]?.[1];
  if (typeof limit !== "object" || !("negativeAt" in limit)) return undefined;
  const ms = lowWord(registers[limit.negativeAt]);
  return ms < 0x8000_0000 ? ms : undefined;
}

/** The time limits, in milliseconds, of the calls in which threads of `pids` wait, as far as they can be read. */
export function timeLimits(pids: readonly number[]): number[] {
  return pids.flatMap((pid) =>
    listProc(`/proc/${pid}/task`).flatMap(
      (thread) => limitOf(readProc(`/proc/${pid}/task/${thread}/syscall`) ?? "") ?? [],
    ),
  );
}

/** The low 32 bits of a register: all that an `int` argument defines. */
function lowWord(register = "0x0"): number {
  return Number(BigInt(register) & 0xffff_ffffn);
}

/** All threads of `pids` asleep in calls that have no time limit, or `undefined` when that is not so. */
export function blockedForever(pids: readonly number[]): Rest | undefined {
  const rest = lookAtThreads(pids, (line) => endlessCall(line));
  return rest && !mayBeWoken(pids) ? rest : undefined;
}

/** By an alarm that is set (alarm(2), setitimer(2)), whatever they wait in: the kernel shows none. */
function mayBeWoken(pids: readonly number[]): boolean {
  return pids.some((pid) => catches(pid, "SIGALRM") || holdsTimer(pid));
}

/** A timer that is a descriptor (timerfd_create(2)) ends an epoll_wait without a limit. */
function holdsTimer(pid: number): boolean {
  return listProc(`/proc/${pid}/fd`).some((fd) => readLink(`/proc/${pid}/fd/${fd}`) === "anon_inode:[timerfd]");
}

/** Waits for a line from the keyboard. */
export function readsInput({ call, fd }: BlockedCall): boolean {
  return call === "read" && fd === 0;
}

/** A call that hands bytes on: `write`, `sendto` and their kin. */
export function sends(call: string): boolean {
  return /^(write|send)/.test(call);
}

/** What a program prints is read by Gema, and pipes within it by its own: one that is full does not stay full. */
function writesToPipe(pid: number, { call, fd }: BlockedCall): boolean {
  if (fd === undefined || !sends(call)) return false;
  const link = readLink(`/proc/${pid}/fd/${fd}`);
  return link.startsWith("pipe:") || [1, 2].some((output) => readLink(`/proc/${pid}/fd/${output}`) === link);
}

/** A handler of the program's own, or of its interpreter, is called when this signal comes; proc(5), `SigCgt`. */
export function catches(pid: number, signal: "SIGINT" | "SIGALRM"): boolean {
  const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readProc(`/proc/${pid}/status`) ?? "")?.[1] ?? "0";
  return ((BigInt(`0x${caught}`) >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n;
}

const TIMED: BlockedCall = { call: "timed" };

/** All threads of `pids` asleep in some system call, a time limit allowed, or `undefined` when one is running. */
export function asleep(pids: readonly number[]): Rest | undefined {
  return lookAtThreads(pids, (line) => (/^\d/.test(line) ? (endlessCall(line) ?? TIMED) : undefined));
}

/** Of what `asleep` saw of `pids`: nothing but another's doing ends it. */
export function isForEver(rest: Rest, pids: readonly number[]): boolean {
  return !rest.calls.includes(TIMED) && !mayBeWoken(pids);
}

function lookAtThreads(pids: readonly number[], judge: (line: string) => BlockedCall | undefined): Rest | undefined {
  const calls: BlockedCall[] = [];
  const scheduled: string[] = [];
  for (const pid of pids) {
    for (const thread of listProc(`/proc/${pid}/task`)) {
      const path = `/proc/${pid}/task/${thread}`;
      const state = stateAt(path);
      // A zombie does nothing any more, though other threads of its process may.
      if (state === "Z") continue;
      const call = judge(readProc(`${path}/syscall`) ?? "");
      const timesScheduled = readProc(`${path}/schedstat`)?.trim().split(" ")[2];
      // Any state but S may end by itself: R runs, D waits for a disk inside read(), T waits for SIGCONT.
      if (!call || writesToPipe(pid, call) || timesScheduled === undefined || state !== "S") return undefined;
      calls.push(call);
      scheduled.push(`${thread}:${call.call}:${call.fd}:${timesScheduled}`);
    }
  }
  // Whoever looks for the processes finds them in one order or another.
  return calls.length > 0 ? { signature: scheduled.sort().join(";"), calls } : undefined;
}

/** A thread runs, or waits for a processor. */
export function wantsProcessor(pids: readonly number[]): boolean {
  return pids.some((pid) =>
    listProc(`/proc/${pid}/task`).some((thread) => stateAt(`/proc/${pid}/task/${thread}`) === "R"),
  );
}

/** All threads stopped by SIGSTOP. */
export function isStopped(pids: readonly number[]): boolean {
  return pids.every((pid) =>
    listProc(`/proc/${pid}/task`).every((thread) =>
      [undefined, "T", "Z", "X"].includes(stateAt(`/proc/${pid}/task/${thread}`)),
    ),
  );
}

/** Of a thread, e.g. `R`; see proc_pid_stat(5). `undefined` when it is gone. */
function stateAt(path: string): string | undefined {
  const stat = readProc(`${path}/stat`);
  return stat?.charAt(stat.lastIndexOf(")") + 2);
}
