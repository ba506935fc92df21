import { chmodSync, closeSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pollAgain } from "node:timers/promises";
import { execa } from "execa";
import { descendants, listProc, readProc, readStat } from "../../kernel/processes.ts";

/** What a submission leaves behind is collected when there are megabytes of it. */
const SPACIOUS = "--initial-heap-size=128";
/**
 * Several slots keep every core at work: V8's helper threads would only get in their way. With this and the one above a
 * slot takes a third less processor time; but one alone is ready sooner with their help.
 */
const THRIFTY = "--single-threaded";

/** How the commands below are run: with a network and a process table of their own. */
type World = readonly string[];

/**
 * Many a program learns the address of its own machine by connecting a UDP socket to one of these, which sends nothing.
 * Here it gets an address that stands for no machine (RFC 5737); what is sent there ends at the loopback (ip-rule(8)).
 * Where the kernel has no such rules, it is told that there is no network, as by TCP.
 */
const FAR_AWAY = ["8.8.8.8", "8.8.4.4", "1.1.1.1", "10.254.254.254", "10.255.255.255", "192.255.255.255"];
const OWN_ADDRESS = "192.0.2.2";
const TABLE = 100;
const ROUTES = [
  `address add ${OWN_ADDRESS}/32 dev lo`,
  `rule add ipproto udp lookup ${TABLE}`,
  ...FAR_AWAY.map((host) => `route add ${host} dev lo src ${OWN_ADDRESS} table ${TABLE}`),
].join("\\n");

/**
 * A network within a network: the inner one has a table of connections of its own, small enough that reading
 * /proc/net/tcp takes 0.1 ms instead of 1 ms (tcp(7), tcp_child_ehash_entries, since Linux 6.1; the same without it
 * but for the time), and in which every port is anybody's (ip(7), ip_unprivileged_port_start). `sh` stays as the first
 * process there, and reaps what a program leaves behind; when it ends, the kernel ends them all.
 */
const UP = [
  "--",
  "sh",
  "-c",
  `echo 16384 2>/dev/null >/proc/sys/net/ipv4/tcp_child_ehash_entries
unshare --net -- sh -c 'ip link set lo up || exit
printf "${ROUTES}" | ip -batch - 2>/dev/null
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

/** What a slot without a world has left to end its programs in, before it is ended itself. */
const ENDS_WITHIN_MS = 15_000;

/** A trusted process of ours, in a world of its own where there is one, which answers one message at a time. */
export class Slot<Order extends object, Answer extends object, News = never> {
  readonly #process: ReturnType<typeof start>;
  readonly #hasWorld: boolean;
  readonly #room = newRoom();

  /**
   * @param world empty for a process among all others
   * @param file a script that answers each message by `process.send`, after any number of `{ news }`; its argument is a
   * folder for what is temporary. When its channel is closed, it ends what it started, removes the folder and ends
   * @param alone no other slot is at work
   */
  constructor(world: World, file: string, alone = false) {
    this.#process = start([...world, process.execPath, SPACIOUS, ...(alone ? [] : [THRIFTY]), file], this.#room);
    this.#hasWorld = world.length > 0;
  }

  /** @throws SlotEnded when the process ended, or was ended since it had no answer within `limitMs` */
  async ask(order: Order, limitMs: number, hear: (news: News) => void = () => {}): Promise<Answer> {
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      void this.close();
    }, limitMs);
    const listen = (message: object): void => {
      if ("news" in message) hear(message.news as News);
    };
    this.#process.on("message", listen);
    try {
      const answer = this.#process.getOneMessage({ filter: (message) => !("news" in (message as object)) });
      await this.#process.sendMessage({ ...order });
      return (await answer) as unknown as Answer;
    } catch {
      const { all, exitCode, signal } = await this.#process;
      throw new SlotEnded(`the slot ended with ${exitCode ?? signal}: ${all}`, late);
    } finally {
      this.#process.off("message", listen);
      clearTimeout(limit);
    }
  }

  /** Ends it, and every process in its world or of its programs with it. */
  async close(): Promise<void> {
    // Killed in its first moments, unshare leaves a child behind: that one ends with its channel.
    if (this.#process.connected) this.#process.disconnect();
    const force = setTimeout(() => this.#process.kill("SIGKILL"), ENDS_WITHIN_MS);
    const world = this.#hasWorld
      ? descendants(this.#process.pid ?? 0)
          .slice(1, 2)
          .flatMap(bornAs)
      : [];
    if (this.#hasWorld) this.#process.kill("SIGKILL");
    await this.#process;
    clearTimeout(force);
    while (world.some(lives)) await pollAgain(ASK_AGAIN_MS);
    await rm(this.#room, { recursive: true, force: true });
  }
}

/**
 * Works through `items` in several slots, each of which takes the next one when it is free.
 * @param work returns whether its slot can be used again; nothing is begun after it threw
 * @throws the first error of `work`, once all slots are closed
 */
export async function inSlots<Item, S extends Pick<Slot<object, object>, "close">>(
  items: Iterable<Item>,
  atOnce: number,
  open: () => S,
  work: (slot: S, item: Item) => Promise<boolean>,
): Promise<void> {
  const waiting = oneAfterAnother(items);
  const takeTurns = async (): Promise<void> => {
    let slot: S | undefined;
    try {
      for (let next = waiting.next(); !next.done; next = waiting.next()) {
        slot ??= open();
        if (await work(slot, next.value)) continue;
        await slot.close();
        slot = undefined;
      }
    } catch (error) {
      waiting.return();
      throw error;
    } finally {
      await slot?.close();
    }
  };
  const turns = await Promise.allSettled(Array.from({ length: atOnce }, takeTurns));
  const failed = turns.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}

/** For several that take from it, and any of which may end it. */
function* oneAfterAnother<Item>(items: Iterable<Item>): Generator<Item, void> {
  yield* items;
}

/** The first process of a world, which the kernel ends after all others there; it sends us no event. */
interface FirstProcess {
  readonly pid: number;
  readonly startTime: number;
}

const ASK_AGAIN_MS = 1;

function bornAs(pid: number): FirstProcess[] {
  const stat = readStat(pid);
  return stat ? [{ pid, startTime: stat.startTime }] : [];
}

function lives({ pid, startTime }: FirstProcess): boolean {
  const stat = readStat(pid);
  return stat !== undefined && stat.startTime === startTime && stat.state !== "Z";
}

/** A temporary folder of the slot's own, for it to leave behind whatever it wants; others may pass through. */
function newRoom(): string {
  const room = mkdtempSync(join(tmpdir(), "gema-slot-"));
  chmodSync(room, 0o711);
  return room;
}

/** Programs that run as the same user can read it: nothing but what finding programs and folders takes. */
function ownEnvironment(room: string): Record<string, string> {
  const kept = ["PATH", "HOME", "SystemRoot"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), LANG: "C.UTF-8", TMPDIR: room, TEMP: room };
}

function start([command = "", ...args]: readonly string[], room: string) {
  // Ctrl-C is for this process; a slot ends with its channel.
  return execa(command, [...args, room], {
    extendEnv: false,
    env: ownEnvironment(room),
    ipc: true,
    buffer: { ipc: false }, // answers are large, and there are thousands
    reject: false,
    all: true,
    detached: process.platform !== "win32",
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
