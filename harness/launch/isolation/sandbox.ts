import { existsSync } from "node:fs";
import { chmod, chown, mkdtemp, rm } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as pollAgain } from "node:timers/promises";
import { execa } from "execa";
import { descendants, proportionalBytes, readProc, readStat, residentBytes } from "../../kernel/processes.ts";
import { type Python, python } from "../../submission/python.ts";
import { UserError } from "../../user-error.ts";
import { openKeyboard } from "../keyboard.ts";
import { COMMON_ENVIRONMENT, cannotStart } from "../plain-launcher.ts";
import { type Child, hasEnded, kill, ProcessSubject, type ProcessTree, SPAWNED } from "../process-subject.ts";
import type { Exit, Launcher, LaunchPlan } from "../subject.ts";
import { close, FOLDER_BYTES, isOwn, type OwnFolder, ownFolder, readOnly } from "./own-folder.ts";
import { seccompFilter } from "./seccomp.ts";

/** How a sandbox is built on this machine. */
export interface SandboxPlan {
  /** The user and group that programs run as, seen from outside: where we are root, somebody who is nobody. */
  readonly user?: number;
  /** Files and folders of the interpreters, where they do not lie in /usr. */
  readonly interpreters: readonly string[];
  /** The one that can be used inside; a machine without Python grades what needs none. */
  readonly python?: Python;
}

const NOBODY = 60_001;
const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const MIB = 1 << 20;
/** What one program may use. Far above what an echo server or client needs, far below what hurts the machine. */
const LIMITS = {
  processes: 512,
  /** Of one process, whether used or not. */
  memoryBytes: 1024 * MIB,
  /** Each thread sets as much apart for its stack; the usual 8 MiB leave no room for more than 120 of them. */
  stackBytes: 4 * MIB,
  /** Of all its processes together, really used. */
  residentBytes: 1024 * MIB,
  fileBytes: FOLDER_BYTES,
  openFiles: 1024,
  cpuSeconds: 60,
  tmpBytes: 32 * MIB,
  sharedMemoryBytes: MIB,
};

/** What look-ups of names, numbers and users need to know, and nothing of this machine. */
const ETC = {
  "/etc/hosts": "127.0.0.1 localhost sandbox\n::1 localhost\n",
  "/etc/passwd": "student:x:1000:1000:student:/tmp:/bin/sh\n",
  "/etc/group": "student:x:1000:\n",
  "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\nprotocols: files\nservices: files\n",
  "/etc/protocols": "ip 0 IP\nicmp 1 ICMP\ntcp 6 TCP\nudp 17 UDP\nipv6 41 IPv6\nipv6-icmp 58 IPv6-ICMP\n",
  "/etc/services": "echo 7/tcp\necho 7/udp\ndiscard 9/tcp\ndiscard 9/udp\nssh 22/tcp\nhttp 80/tcp\nhttps 443/tcp\n",
};

const LOOK_AT_MEMORY_MS = 50;
/** The kernel sends no event when the program is started in its sandbox. */
const ASK_AGAIN_MS = 1;

/** Descriptors of bubblewrap: the filter, its reports, and the files of /etc in their order. */
const FILTER_FD = 3;
const STATUS_FD = 4;
const FIRST_FILE_FD = 5;

/**
 * The command that runs `command` in a sandbox of bubblewrap (bwrap(1)): no files but the system's programs, the
 * interpreters and `readable`; nothing writable but a small /tmp, `writable` and `own`, the program's folder; no rights, no
 * other processes; of the network what the caller has.
 */
function sandboxed(
  { command, cwd, env, readable, writable = [] }: Pick<LaunchPlan, "command" | "cwd" | "env" | "readable" | "writable">,
  { user, interpreters }: SandboxPlan,
  own: OwnFolder,
): string[] {
  const ours = interpreters.map((path) => ({ path, source: path }));
  const others = readable.filter((one) => !isOwn(one, cwd));
  const mounts = [
    { path: "/tmp", args: ["--size", String(LIMITS.tmpBytes), "--tmpfs", "/tmp"] },
    { path: cwd, args: own.args },
    ...[...ours, ...others].map((one) => ({ path: one.path, args: readOnly(one) })),
    ...writable.map((path) => ({ path, args: ["--bind", path, path] })),
  ].sort(outerFirst);
  const environment = { PATH: SYSTEM_PATH, HOME: "/tmp", ...COMMON_ENVIRONMENT, ...env };
  const limits = [
    `--nproc=${LIMITS.processes}`,
    `--data=${LIMITS.memoryBytes}`,
    `--stack=${LIMITS.stackBytes}:`,
    `--fsize=${LIMITS.fileBytes}`,
    `--nofile=${LIMITS.openFiles}`,
    `--cpu=${LIMITS.cpuSeconds}`,
    "--core=0",
  ];
  return [
    ...[...becoming(user), "choom", "-n", "1000", "--", "nice", "-n", "10", "bwrap"],
    ...["--unshare-user", "--uid", "1000", "--gid", "1000", "--disable-userns"],
    ...[
      "--unshare-pid",
      "--unshare-ipc",
      "--unshare-uts",
      "--unshare-cgroup",
      "--hostname",
      "sandbox",
      "--new-session",
    ],
    "--clearenv",
    ...Object.entries(environment).flatMap(([name, value]) => ["--setenv", name, value]),
    ...["--ro-bind", "/usr", "/usr"],
    ...["/usr/lib/node_modules", "/usr/local/lib/node_modules"].filter(existsSync).flatMap(hidden),
    ...["bin", "sbin", "lib", "lib64"].flatMap((name) => ["--symlink", `usr/${name}`, `/${name}`]),
    ...Object.keys(ETC).flatMap((file, at) => ["--file", String(FIRST_FILE_FD + at), file]),
    ...["--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys", "--dev", "/dev"],
    ...["--size", String(LIMITS.sharedMemoryBytes), "--tmpfs", "/dev/shm", "--remount-ro", "/dev"],
    ...mounts.flatMap(({ args }) => args),
    ...["--chdir", cwd, "--remount-ro", "/"],
    ...(seccompFilter() ? ["--seccomp", String(FILTER_FD)] : []),
    ...["--json-status-fd", String(STATUS_FD)],
    ...["--", "prlimit", ...limits, "--", ...command],
  ];
}

/** A folder hides what was mounted in it before. */
function outerFirst(one: { readonly path: string }, other: { readonly path: string }): number {
  return one.path < other.path ? -1 : Number(one.path > other.path);
}

/** Packages of others, Gema's own among them. */
function hidden(folder: string): string[] {
  return ["--size", "4096", "--tmpfs", folder, "--remount-ro", folder];
}

/** What bubblewrap is handed beside its three pipes, in the order of the descriptors above. */
const HANDED = [
  seccompFilter() ?? new Uint8Array(),
  "pipe",
  ...Object.values(ETC).map((text) => Buffer.from(text)),
] as const;

function start(launch: LaunchPlan, plan: SandboxPlan, world: readonly string[] = [], input: number | "pipe" = "pipe") {
  const { cwd, readable } = launch;
  const own = ownFolder(
    cwd,
    readable.filter((one) => isOwn(one, cwd)),
    FIRST_FILE_FD + Object.keys(ETC).length,
  );
  try {
    const [file = "", ...args] = [...world, ...sandboxed(launch, plan, own)];
    return execa(file, args, {
      ...SPAWNED,
      cwd: "/",
      env: { PATH: process.env.PATH ?? "" },
      // Its types know descriptors of one digit only.
      stdio: [input as "pipe", "pipe", "pipe", ...HANDED, ...(own.descriptors as 3[])],
    });
  } finally {
    close(own);
  }
}

/**
 * How sandboxes can be built here, tried with the interpreters. As root, programs run as nobody, who must be able to
 * read those: a Python in root's home gives way to the system's. Who is not root can make of no program more than himself.
 *
 * @param world how to start a process in the slot's world, since a sandbox is built there
 * @returns the last words of who failed where it does not work
 */
export async function findSandbox(world: readonly string[]): Promise<SandboxPlan | { readonly why: string }> {
  const user = process.getuid?.() === 0 ? NOBODY : undefined;
  const own = process.env.PATH ?? "";
  const found = (await pythonOn(own, user)) ?? (await pythonOn(SYSTEM_PATH, user)) ?? (await pythonOn(own));
  const interpreters = [process.execPath, ...(found?.folders ?? [])].filter((one) => !`${one}/`.startsWith("/usr/"));
  const plan = {
    ...(user !== undefined && { user }),
    interpreters: [...new Set(interpreters)],
    ...(found && { python: found }),
  };
  const why = await trySandbox(world, plan, [process.execPath, ...(found ? [found.executable] : [])]);
  return why === undefined ? plan : { why };
}

/** As this user finds it, who may not see all that we see. */
async function pythonOn(path: string, user?: number): Promise<Python | undefined> {
  return python(path, becoming(user)).catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
}

/** A command that runs another one as this user (setpriv(1)). */
function becoming(user: number | undefined): string[] {
  return user === undefined ? [] : ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups", "--"];
}

/** Runs nothing in a sandbox in which these files and a folder of ours must be seen; the last words of who failed. */
async function trySandbox(
  world: readonly string[],
  plan: SandboxPlan,
  files: readonly string[],
): Promise<string | undefined> {
  const test = ["sh", "-c", `for one; do test -x "$one" || { echo "$one is not to be seen" >&2; exit 1; }; done`, "sh"];
  const room = await mkdtemp(join(tmpdir(), "gema-try-"));
  try {
    await share(room, plan);
    const readable = ["/own", room].map((path) => ({ path, source: room }));
    const child = start({ command: [...test, ...files], cwd: "/own", env: {}, readable }, plan, world);
    child.stdin.end();
    const words = child.stderr.setEncoding("utf8").toArray();
    child.stdout.resume();
    return (await child).failed ? (await words).join("").trim() : undefined;
  } finally {
    await rm(room, { recursive: true });
  }
}

/** Lets those who run as nobody into a folder that is closed to others. */
async function share(folder: string, { user }: SandboxPlan): Promise<void> {
  if (user === undefined) return;
  await chown(folder, 0, user);
  await chmod(folder, 0o750);
}

/** Whether a sandbox holds the command that is to be run there, which is found as execvp(3) finds it. */
function isSeen(
  file: string,
  { cwd, env, readable }: Pick<LaunchPlan, "cwd" | "env" | "readable">,
  { interpreters }: SandboxPlan,
): boolean {
  const folders = file.includes("/") ? [cwd] : (env.PATH ?? SYSTEM_PATH).split(":");
  const system = ["/usr", "/bin", "/sbin", ...interpreters].map((path) => ({ path, source: path }));
  return folders.some((folder) => {
    const place = resolve(folder, file);
    return [...system, ...readable].some(({ path, source }) => {
      const within = relative(path, place);
      return !within.startsWith("..") && existsSync(join(source, within));
    });
  });
}

/** Runs programs in sandboxes. Linux only, and where `trySandbox` found how. */
export function sandboxLauncher(plan: SandboxPlan): Launcher {
  return {
    isolation: "full",
    share: (folder) => share(folder, plan),
    async launch(launch) {
      const [file = ""] = launch.command;
      if (!isSeen(file, launch, plan)) throw cannotStart(file, "it is not to be found in the sandbox");
      const keyboard = launch.isTyped ? await openKeyboard() : undefined;
      const child = start(launch, plan, [], keyboard?.descriptor);
      keyboard?.handedOver();
      const keys = keyboard?.keys ?? child.stdin;
      const status = readStatus(child.stdio[STATUS_FD]);
      const tree = new SandboxTree();
      const subject = new ProcessSubject(
        child,
        keys,
        tree,
        launch,
        async () => exitOf(await status.exitCode) ?? KILLED,
      );
      const init = await status.init;
      if (init !== undefined) await tree.grow(init, child);
      if (!tree.pid && (await status.exitCode) === undefined) throw await cannotBuild(subject);
      watchMemory(subject, tree);
      return subject;
    },
  };
}

/** A limit of the kernel's holds for each process alone, and not for memory that they share. */
function watchMemory(subject: ProcessSubject, tree: ProcessTree): void {
  const look = setInterval(() => {
    const pids = tree.some();
    // The quick look first, which finds more than there is where processes share.
    const much = [residentBytes, proportionalBytes].every((count) => count(pids) > LIMITS.residentBytes);
    if (much) subject.endFor("memory");
  }, LOOK_AT_MEMORY_MS).unref();
  subject.exited.then(() => clearInterval(look));
}

/**
 * The reports of `--json-status-fd`: the first process of the sandbox, which waits for all others, and the exit code of
 * the program; `undefined` when it comes to that no more.
 */
function readStatus(pipe: Readable): { init: Promise<number | undefined>; exitCode: Promise<number | undefined> } {
  let text = "";
  const find = (pattern: RegExp): Promise<number | undefined> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = pattern.exec(text)?.[1];
        if (found !== undefined) resolve(Number(found));
      };
      pipe.on("data", look).once("close", () => resolve(undefined));
    });
  pipe.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
  });
  return { init: find(/"child-pid": (\d+)/), exitCode: find(/"exit-code": (\d+)/) };
}

/** bubblewrap reports the end by a signal as a shell does: 128 and the signal's number. */
function exitOf(code: number | undefined): Exit | undefined {
  if (code === undefined) return undefined;
  const [signal] = Object.entries(constants.signals).find(([, number]) => number === code - 128) ?? [];
  return signal ? { code: null, signal } : { code, signal: null };
}

/** Only an end that Gema brings goes unreported. */
const KILLED: Exit = { code: null, signal: "SIGKILL" };

async function cannotBuild(subject: ProcessSubject): Promise<Error> {
  let words = "";
  await subject.exited;
  subject.listener = (event) => {
    if (event.type === "stderr") words += event.text;
  };
  return new Error(`the sandbox could not be built: ${words.trim()}`);
}

/** All that lives in the sandbox's process table descends from its first process, whoever ended in between. */
class SandboxTree implements ProcessTree {
  /** 0 until the program was started, and when it had ended before anybody looked. */
  pid = 0;
  #init = 0;
  #born: number | undefined;

  /** Waits until the program was started. @param init the sandbox's first process, which waits for all others */
  async grow(init: number, child: Child): Promise<void> {
    this.#init = init;
    this.#born = readStat(init)?.startTime;
    while (!hasEnded(child)) {
      const [program] = (readProc(`/proc/${init}/task/${init}/children`) ?? "").trim().split(" ");
      this.pid = Number(program);
      if (program) return;
      await pollAgain(ASK_AGAIN_MS);
    }
  }

  some(): readonly number[] {
    return this.#lives() ? descendants(this.#init).slice(1) : [];
  }

  all(): readonly number[] {
    return this.some().filter((pid) => readStat(pid)?.state !== "Z");
  }

  kill(): void {
    if (this.#lives()) kill(this.#init, "SIGKILL");
  }

  /** Its id may belong to somebody else by now. */
  #lives(): boolean {
    const stat = this.#init === 0 ? undefined : readStat(this.#init);
    return stat !== undefined && stat.startTime === this.#born && stat.state !== "Z";
  }
}
