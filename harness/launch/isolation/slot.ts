import { closeSync } from "node:fs";
import { execa } from "execa";
import { listProc, readProc } from "../../kernel/processes.ts";

/** Megabytes for young objects, such as what comes through a socket: with the usual 16 a sixth of the time goes to V8's collector. */
const ROOM = "--max-semi-space-size=64";

/** How the commands below are run: with a network and a process table of their own. */
type World = readonly string[];

/**
 * A network within a network: the inner one has a table of connections of its own, small enough that reading
 * /proc/net/tcp takes 0.1 ms instead of 1 ms (tcp(7), tcp_child_ehash_entries, since Linux 6.1; the same without it
 * but for the time), and in which every port is anybody's (ip(7), ip_unprivileged_port_start). `sh` stays as the first process there, and reaps what a program leaves behind; when it ends, the
 * kernel ends them all.
 */
const UP = [
  "--",
  "sh",
  "-c",
  `echo 16384 2>/dev/null >/proc/sys/net/ipv4/tcp_child_ehash_entries
unshare --net -- sh -c 'ip link set lo up || exit
echo 0 2>/dev/null >/proc/sys/net/ipv4/ip_unprivileged_port_start
exec "$@"' sh "$@"
exit $?`,
  "sh",
];
const OWN = ["--net", "--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc"];
const WORLDS: readonly World[] = [
  ["unshare", ...OWN, ...UP],
  ["unshare", "--user", "--map-root-user", ...OWN, ...UP],
];

/**
 * How to start a process in a world of its own (unshare(1)): its ports are free whoever else uses them, no network but
 * its own loopback can be reached, no process outside can be seen or signalled. As root, else as a user who is root of a
 * namespace. `undefined` where neither works: only Linux can, and not everywhere. Tried, not guessed.
 */
export async function ownWorld(): Promise<World | undefined> {
  if (process.platform !== "linux") return undefined;
  for (const world of WORLDS) {
    const [command = "", ...args] = world;
    const { failed } = await execa(command, [...args, "true"], { reject: false });
    if (!failed) return world;
  }
  return undefined;
}

/** With the last words of the process. */
export class SlotEnded extends Error {
  /** It took too long. */
  readonly late: boolean;

  constructor(message: string, late: boolean) {
    super(message);
    this.late = late;
  }
}

/** A trusted process of ours in a world of its own, which answers one message at a time. */
export class Slot<Order extends object, Answer extends object> {
  readonly #process: ReturnType<typeof start>;

  /**
   * @param file a script that answers each message by `process.send`, and ends when its channel is closed
   * @param args for that script
   */
  constructor(world: World, file: string, args: readonly string[] = []) {
    this.#process = start(world, [file, ...args]);
  }

  /** @throws SlotEnded when the process ended, or was ended since it had no answer within `limitMs` */
  async ask(order: Order, limitMs: number): Promise<Answer> {
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      this.#process.kill("SIGKILL");
    }, limitMs);
    try {
      const answer = this.#process.getOneMessage();
      await this.#process.sendMessage({ ...order });
      return (await answer) as unknown as Answer;
    } catch {
      const { all, exitCode, signal } = await this.#process;
      throw new SlotEnded(`the slot ended with ${exitCode ?? signal}: ${all}`, late);
    } finally {
      clearTimeout(limit);
    }
  }

  /** Ends it, and every process in its world with it. */
  async close(): Promise<void> {
    // Killed in its first moments, unshare leaves a child behind: that one ends with its channel.
    if (this.#process.connected) this.#process.disconnect();
    this.#process.kill("SIGKILL");
    await this.#process;
  }
}

/** Programs that run as the same user can read it: nothing but what finding programs and folders takes. */
function ownEnvironment(): Record<string, string> {
  const kept = ["PATH", "HOME", "TMPDIR"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), LANG: "C.UTF-8" };
}

function start(world: World, script: readonly string[]) {
  const [command = "", ...args] = [...world, process.execPath, ROOM, ...script];
  // Ctrl-C is for this process; a slot ends with its channel.
  return execa(command, args, {
    extendEnv: false,
    env: ownEnvironment(),
    ipc: true,
    buffer: { ipc: false }, // answers are large, and there are thousands
    reject: false,
    all: true,
    detached: true,
    cleanup: false,
  });
}

/** O_CLOEXEC of open(2), as /proc/PID/fdinfo shows it. */
const CLOSED_ON_EXEC = 0o2000000;

/** Closes what this process was left open by those who started it, and would hand on to a stranger's program. */
export function closeInherited(): void {
  for (const fd of listProc("/proc/self/fd").map(Number)) {
    if (fd <= 2) continue;
    const flags = /^flags:\s*(\d+)/m.exec(readProc(`/proc/self/fdinfo/${fd}`) ?? "")?.[1];
    if (flags !== undefined && (Number.parseInt(flags, 8) & CLOSED_ON_EXEC) === 0) closeSync(fd);
  }
}
