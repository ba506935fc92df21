import { closeSync, openSync, readdirSync, readlinkSync, readSync } from "node:fs";

/** Fields of `/proc/PID/stat`; see proc_pid_stat(5). */
export interface ProcessStat {
  readonly pid: number;
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly threads: number;
  /** Clock ticks since boot. */
  readonly startTime: number;
}

/** A program that forks without end must not keep us walking for ever. */
const WALKS_AT_MOST = 20;

/** `undefined` when the file or the process is gone, or is not ours to read. */
export function readProc(path: string): string | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, "r");
    return readWhole(descriptor);
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** A read of a seq_file ends early only at its end, or when the next line (under 256 bytes) does not fit its page. */
const SURELY_NOT_THE_END = 4096 - 256;
/** These files are read hundreds of times a second. */
const buffer = Buffer.alloc(1 << 16);

/** A file of the kernel's as it is now. @throws the error of read(2) */
export function readWhole(descriptor: number): string {
  let text = "";
  for (let position = 0; ; ) {
    const length = readSync(descriptor, buffer, 0, buffer.length, position);
    text += buffer.toString("latin1", 0, length);
    position += length;
    if (length < SURELY_NOT_THE_END) return text;
  }
}

/** Names in a folder of /proc; empty when it is gone or not ours to read. */
export function listProc(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

export function readStat(pid: number | string): ProcessStat | undefined {
  const text = readProc(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return {
    pid: Number(pid),
    state: fields[0] ?? "",
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    threads: Number(fields[17]),
    startTime: Number(fields[19]),
  };
}

/** The process and its descendants, following parents: quick, but blind to one that was re-parented. */
export function descendants(root: number): number[] {
  const found = [root];
  for (const pid of found) {
    for (const thread of listProc(`/proc/${pid}/task`)) {
      const children = readProc(`/proc/${pid}/task/${thread}/children`) ?? "";
      for (const child of children.split(" ")) if (child.trim() !== "") found.push(Number(child));
    }
  }
  return found;
}

/**
 * Every living process that the subject started, re-parented daemons included: it descends from `root`, shares its
 * session, carries `marker` in its environment, or was `known` before: one that is being ended loses its environment
 * first, then what it holds open. Zombies are left out: they hold nothing.
 */
export function processTree(root: number, marker: string, known: readonly ProcessStat[] = []): readonly ProcessStat[] {
  const everybody = census(readStat(root)?.startTime ?? 0, marker);
  const births = new Map(known.map(({ pid, startTime }) => [pid, startTime]));
  const members = new Set([root]);
  for (let before = 0; before !== members.size; ) {
    before = members.size;
    for (const { pid, parent, session, startTime, marked } of everybody) {
      const isMember = marked || session === root || members.has(parent) || births.get(pid) === startTime;
      if (isMember && pid !== process.pid) members.add(pid);
    }
  }
  return everybody.filter((one) => members.has(one.pid) && !isDead(one));
}

/** A process whose first thread has ended is a zombie only when its other threads have, too. */
function isDead({ state, threads }: ProcessStat): boolean {
  return state === "X" || (state === "Z" && threads <= 1);
}

/**
 * Every process of the machine; `marked`: it was born since `bornWith` with `marker` in its environment. Reading them
 * takes milliseconds, in which one may fork and end and show neither itself nor its child: who was born meanwhile is
 * looked at too.
 */
function census(bornWith: number, marker: string): (ProcessStat & { readonly marked: boolean })[] {
  const found = new Map<string, ReturnType<typeof census>[number] | undefined>();
  for (let walk = 0, newest: string | undefined; walk < WALKS_AT_MOST && newest !== newestId(); walk++) {
    newest = newestId();
    for (const name of listProc("/proc")) {
      if (!/^\d+$/.test(name) || found.has(name)) continue;
      const stat = readStat(name);
      found.set(name, stat && { ...stat, marked: stat.startTime >= bornWith && carries(stat.pid, marker) });
    }
  }
  return [...found.values()].filter((one) => one !== undefined);
}

/** The id that was given to a process or thread last; see proc_loadavg(5). */
function newestId(): string {
  return readProc("/proc/loadavg")?.trim().split(" ").at(-1) ?? "";
}

function carries(pid: number, marker: string): boolean {
  return readProc(`/proc/${pid}/environ`)?.includes(marker) ?? false;
}

/**
 * Inodes of all sockets that these processes hold open, one for each descriptor. Standard input and output are left
 * out: Node makes them of UNIX sockets, for which every table would be searched in vain.
 */
export function socketInodes(pids: readonly number[]): number[] {
  return pids.flatMap((pid) =>
    listProc(`/proc/${pid}/fd`).flatMap((descriptor) => {
      if (Number(descriptor) <= 2) return [];
      const inode = /^socket:\[(\d+)\]$/.exec(readLink(`/proc/${pid}/fd/${descriptor}`))?.[1];
      return inode === undefined ? [] : [Number(inode)];
    }),
  );
}

/** What an open descriptor leads to, e.g. `pipe:[7]` or `anon_inode:[timerfd]`; empty when it is gone or not ours to read. */
export function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

/** Resident memory of these processes together in bytes; pages that several of them share count several times. */
export function residentBytes(pids: readonly number[]): number {
  let pages = 0;
  for (const pid of pids) pages += Number(readProc(`/proc/${pid}/statm`)?.split(" ")[1] ?? 0);
  return pages * 4096;
}

/**
 * Memory of these processes together in bytes, where pages that several of them share count once; proc_pid_smaps(5).
 * Some milliseconds a process.
 */
export function proportionalBytes(pids: readonly number[]): number {
  let kib = 0;
  for (const pid of pids)
    kib += Number(/^Pss:\s+(\d+) kB/m.exec(readProc(`/proc/${pid}/smaps_rollup`) ?? "")?.[1] ?? 0);
  return kib * 1024;
}

/** Milliseconds that the living threads of these processes have run since they started. */
export function ranCpuMs(pids: readonly number[]): number {
  return ranMs(threadTimes(pids));
}

/** Milliseconds that the living threads of these processes have waited for a processor since they started. */
export function waitedCpuMs(pids: readonly number[]): number {
  return [...threadTimes(pids).values()].reduce((sum, { waitedMs }) => sum + waitedMs, 0);
}

/**
 * How long threads have run, and waited for a processor, since they started; by thread id. A wait is counted when it is
 * over.
 */
export type ThreadTimes = ReadonlyMap<string, { readonly ranMs: number; readonly waitedMs: number }>;

/**
 * Of all living threads of these processes; `/proc/PID/task/TID/schedstat`, Documentation/scheduler/sched-stats.rst of the
 * kernel.
 */
export function threadTimes(pids: readonly number[]): ThreadTimes {
  const times = new Map<string, { ranMs: number; waitedMs: number }>();
  for (const pid of pids) {
    for (const thread of listProc(`/proc/${pid}/task`)) {
      const [ran = "0", waited = "0"] = readProc(`/proc/${pid}/task/${thread}/schedstat`)?.split(" ") ?? [];
      times.set(thread, { ranMs: Number(ran) / 1e6, waitedMs: Number(waited) / 1e6 });
    }
  }
  return times;
}

/** What these threads ran since `before`, together, in milliseconds. */
export function ranMs(now: ThreadTimes, before: ThreadTimes = new Map()): number {
  return [...now].reduce((sum, [thread, time]) => sum + time.ranMs - (before.get(thread)?.ranMs ?? 0), 0);
}

/** What the thread that waited longest for a processor since `before` waited, in milliseconds. */
export function queuedMs(now: ThreadTimes, before: ThreadTimes = new Map()): number {
  const waits = [...now].map(([thread, { waitedMs }]) => waitedMs - (before.get(thread)?.waitedMs ?? 0));
  return Math.max(0, ...waits);
}

/** The command line of a process, for messages; empty when it is gone. */
export function commandLine(pid: number): string {
  return (readProc(`/proc/${pid}/cmdline`) ?? "").split("\0").join(" ").trim();
}

/** The process that holds a socket, if we may see it. */
export function holderOf(inode: number): number | undefined {
  return listProc("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => socketInodes([pid]).includes(inode));
}
