import type { Socket as UdpSocket } from "node:dgram";
import { createServer, type Server, type Socket } from "node:net";
import { setImmediate as nextTurn, setTimeout as pollAgain } from "node:timers/promises";
import type { Address } from "../kernel/address.ts";
import { Allowance } from "../kernel/allowance.ts";
import { asleep, isForEver, timeLimits } from "../kernel/blocked.ts";
import { queuedMs, ranMs, type ThreadTimes, threadTimes } from "../kernel/processes.ts";
import { connectionEnds, isKnownToKernel } from "../kernel/socket-table.ts";
import type { Subject } from "../launch/subject.ts";
import type { AnotherHost } from "./another-host.ts";
import { bindSocket, connectedProbe, type DatagramProbe, OpenSocket } from "./datagram-probe.ts";
import type { Patience } from "./patience.ts";
import { Probe } from "./probe.ts";
import type { Recorder } from "./recorder.ts";
import { allHeard, type Datagrams, isBeingTold, proveSilence, type Silence } from "./silence.ts";
import { typeText, untilAsleep } from "./typing.ts";

/**
 * `met`: what was waited for happened. `silent`: proved that it never will by itself. `late`: it did not happen before
 * the deadline, and silence could not be proved.
 */
export type Outcome = "met" | "silent" | "late";

const CONNECT_MS = 10_000;
/** The first look comes after this long; an echo on loopback takes a tenth of it. */
const FIRST_LOOK_MS = 3;
const LAST_LOOK_MS = 25;
/** Whoever has not answered by then is watched for how much it runs. */
const SURELY_NOT_AT_ONCE_MS = 50;
/** A program that has not slept for this long while nobody talks to it computes, polls or spins. */
const BUSY_MS = 500;
/** What a program that was found busy before is given the next time. */
const STILL_BUSY_MS = 10;
export const EXIT_MS = 8_000;
/** A program that tells its user what it does, such as the tries it makes, is waited for longer. */
const EXIT_AT_MOST_MS = 30_000;
/** A program that sends something now and then for ever is waited for this many deadlines. */
const DEADLINES_AT_MOST = 10;

/** Subjects that once would not come to rest. */
const busy = new WeakSet<Subject>();

/** Gema's side of everything that is said between its probes and one running subject. */
export class Conversation {
  readonly recorder: Recorder;
  readonly patience: Patience;
  readonly probes: Probe[] = [];
  readonly datagrams: DatagramProbe[] = [];
  readonly #openSockets: OpenSocket[] = [];
  readonly #servers: Server[] = [];
  /** Ports on which another host listens for us. */
  readonly #elsewhere: number[] = [];
  readonly #subjects: Subject[] = [];
  #linesToType: string[] = [];

  constructor(recorder: Recorder, patience: Patience) {
    this.recorder = recorder;
    this.patience = patience;
  }

  /** From now on this subject's output and end are written down, and what it may still do is waited for. */
  attach(subject: Subject): void {
    this.watch(subject);
    subject.listener = (event) => this.recorder.hear(event);
  }

  /** Like `attach`, for one of several subjects at once: what each says is kept apart. */
  attachAmongOthers(subject: Subject): void {
    this.watch(subject);
    subject.listener = (event) => this.recorder.hear(event, subject.pid);
  }

  /**
   * These lines are typed one after another, each when the subject attached last rests and has the whole answer to what it
   * sent before: a person types `quit` after the reply.
   */
  typeLater(lines: readonly string[]): void {
    this.#linesToType = [...lines];
    // Elsewhere nobody can tell whether it rests.
    while (process.platform !== "linux" && this.#linesToType.length > 0) this.#typeNext();
  }

  /** What this subject may still do is waited for. */
  watch(subject: Subject): void {
    this.#subjects.push(subject);
  }

  /** The subject attached last. */
  get subject(): Subject {
    const subject = this.#subjects.at(-1);
    if (!subject) throw new Error("no subject is attached to this conversation");
    return subject;
  }

  /** Connects a new client to the subject; returns once connected or refused. Never throws on a refusal. */
  async connect(name: string, address: Address): Promise<Probe> {
    const probe = this.#adopt(Probe.connect(name, address, this.recorder));
    await this.until(() => probe.connected || probe.refused, { atLeastMs: CONNECT_MS });
    return probe;
  }

  /** Like `connect`, from another host. `undefined` when refused, which is written down. */
  async connectFrom(host: AnotherHost, name: string, address: Address): Promise<Probe | undefined> {
    const socket = await host.connect(address, CONNECT_MS);
    if (typeof socket !== "string") return this.#adopt(new Probe(name, socket, this.recorder));
    this.recorder.add({ type: "not-connected", peer: name, code: socket });
    return undefined;
  }

  #adopt(probe: Probe): Probe {
    this.probes.push(probe);
    return probe;
  }

  /** Listens as the server that a client under test will meet; every connection becomes a probe named A, B, ... */
  async listen(address: Address, onConnection: (probe: Probe) => void): Promise<Address> {
    const server = createServer({ allowHalfOpen: true }, this.#accept(onConnection));
    this.#servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ ...address }, () => resolve());
    });
    const bound = server.address();
    return { host: address.host, port: typeof bound === "object" && bound !== null ? bound.port : address.port };
  }

  /** Like `listen`, on another host. */
  async listenOn(host: AnotherHost, address: Address, onConnection: (probe: Probe) => void): Promise<Address> {
    const bound = await host.listen(address, this.#accept(onConnection));
    this.#elsewhere.push(bound.port);
    return bound;
  }

  #accept(onConnection: (probe: Probe) => void): (socket: Socket) => void {
    return (socket) => onConnection(this.#adopt(new Probe(this.#nextName(), socket, this.recorder)));
  }

  /** A new client that hears nobody but `address`. */
  open(address: Address): Promise<DatagramProbe> {
    return this.#open(address);
  }

  /** Like `open`, from another host. */
  async openFrom(host: AnotherHost, address: Address): Promise<DatagramProbe> {
    return this.#open(host.meets(address), await host.bind({ ...address, port: 0 }));
  }

  async #open(address: Address, socket?: UdpSocket): Promise<DatagramProbe> {
    const probe = await connectedProbe(this.#nextName(), address, this.recorder, socket);
    this.datagrams.push(probe);
    return probe;
  }

  /** A new client that hears everybody: whoever else sends to it becomes a probe, too. */
  async openToAll(address: Address): Promise<DatagramProbe> {
    const own = { host: address.host, port: 0 };
    return this.#openSocket(await bindSocket(own), () => {}).to(address);
  }

  /** Waits for datagrams as the server that a client under test will meet; every address becomes a probe. */
  async listenForDatagrams(address: Address, onProbe: (probe: DatagramProbe) => void): Promise<void> {
    this.#openSocket(await bindSocket(address), onProbe);
  }

  /** Like `listenForDatagrams`, on another host. Returns the address there. */
  async listenForDatagramsOn(
    host: AnotherHost,
    address: Address,
    onProbe: (probe: DatagramProbe) => void,
  ): Promise<Address> {
    const socket = await host.bind(address);
    this.#openSocket(socket, onProbe);
    return { host: socket.address().address, port: socket.address().port };
  }

  #openSocket(bound: UdpSocket, onProbe: (probe: DatagramProbe) => void): OpenSocket {
    const met = (probe: DatagramProbe): void => {
      this.datagrams.push(probe);
      onProbe(probe);
    };
    const socket = new OpenSocket(bound, this.recorder, () => this.#nextName(), met);
    this.#openSockets.push(socket);
    return socket;
  }

  #nextName(): string {
    return probeName(this.probes.length + this.datagrams.length);
  }

  /**
   * Waits until `done`. Events wake it; in between it tries to prove silence. Progress (whatever happens but output) starts
   * the deadline anew. However busy the machine is, a subject that has computed for long enough is late, and the time that
   * it waited for a processor does not count. Silence and deadlines are written into the transcript.
   *
   * @param options.mayComputeMs how long a subject may compute, where that is not as long as it may sleep: `atLeastMs`.
   *   If it is longer, computing is no sleep
   * @param options.outlastMs a time limit with which the subject is seen to wait in the end is outlasted once, where it is
   *   no longer than this
   */
  async until(
    done: () => boolean,
    options: {
      atLeastMs?: number;
      mayComputeMs?: number;
      atMostMs?: number;
      outlastMs?: number;
      progress?: () => number;
    } = {},
  ): Promise<Outcome> {
    const start = performance.now();
    let progressed = start;
    let seen = options.progress?.() ?? this.recorder.progress;
    let look = FIRST_LOOK_MS;
    let before: ThreadTimes | undefined;
    let outlasts: number | undefined;
    for (;;) {
      if (done()) return "met";
      const happened = await this.recorder.change(look);
      if (done()) return "met";
      const now = performance.now();
      const progress = options.progress?.() ?? this.recorder.progress;
      if (progress !== seen) [seen, progressed, before, outlasts] = [progress, now, undefined, undefined];
      else if (now - progressed > SURELY_NOT_AT_ONCE_MS) before ??= this.#times();
      if (!happened && this.#subjects.length > 0 && this.#isLineDue()) await this.#typeOnceAsleep();
      else if (!happened && this.#subjects.length > 0) {
        const silence = await this.#silence();
        if (silence && !done()) {
          this.recorder.add({ type: "silent", proved: true, afterMs: Math.round(now - start), ...silence });
          return "silent";
        }
        look = Math.min(look * 1.3, LAST_LOOK_MS);
      }
      const limit = Math.max(options.atLeastMs ?? 0, this.patience.replyMs);
      const run = Math.max(options.mayComputeMs ?? options.atLeastMs ?? 0, this.patience.runMs);
      const atMost = options.atMostMs ?? limit * DEADLINES_AT_MOST;
      const times = before && now - progressed > Math.min(run, limit) ? this.#times() : undefined;
      const ran = times ? ranMs(times, before) : 0;
      // Of several subjects one may run while another has no processor.
      const hadItsTime = this.#subjects.length === 1 && ran > run;
      const awayMs = (times ? queuedMs(times, before) : 0) + (run > limit ? ran : 0);
      const { isOver } = this.patience;
      const stands = now - progressed - awayMs > limit + (outlasts ?? 0);
      if (stands && outlasts === undefined && options.outlastMs !== undefined && !isOver) {
        outlasts = longestLimit(this.#pids(), options.outlastMs);
        if (outlasts > 0) continue;
      }
      if (isOver || hadItsTime || stands || now - start > atMost) {
        if (!isOver && !hadItsTime && (await this.patience.reconsider())) continue;
        const isSlow = !hadItsTime && !stands && options.atMostMs === undefined;
        this.recorder.add({
          type: "silent",
          proved: false,
          ...(isSlow && { goesOn: true }),
          afterMs: Math.round(now - start),
          blocked: [],
          connections: [],
        });
        return "late";
      }
    }
  }

  /** All that was sent has been answered, or will not be. Where Gema has stopped reading, it does not know how much that is. */
  #isLineDue(): boolean {
    if (this.#linesToType.length === 0 || this.subject.exit !== undefined) return false;
    if (isBeingTold(this.#subjects, this.probes)) return false;
    const isAnswered = this.probes.every(
      ({ over, halfClosed, stalled, sent, received }) => over || halfClosed || (!stalled && sent >= received),
    );
    return isAnswered && this.datagrams.every(({ over, sent, received }) => over || sent.length >= received.length);
  }

  /** Meanwhile it may have sent more. */
  async #typeOnceAsleep(): Promise<void> {
    await untilAsleep(this.subject);
    if (this.#isLineDue()) this.#typeNext();
  }

  #typeNext(): void {
    typeText(this.subject, `${this.#linesToType.shift()}\n`, this.recorder);
  }

  /** Of all subjects, with their children. */
  #pids(): number[] {
    return this.#subjects.flatMap((subject) => subject.processes());
  }

  #times(): ThreadTimes {
    return threadTimes(this.#pids());
  }

  /** Waits until `probe` has received `total` bytes in all, or nothing more can come. */
  receive(probe: Probe, total: number): Promise<Outcome> {
    return this.until(() => probe.received >= total || probe.over);
  }

  /** Waits for the subject's FIN or RST. */
  ending(probe: Probe): Promise<Outcome> {
    return this.until(() => probe.over);
  }

  /**
   * Whether an ended connection ended with FIN on both sides: then one end rests in TIME_WAIT, after a RST none does.
   * Node reports an end for both. `undefined` where the kernel cannot be asked.
   */
  leftInOrder({ local, remote }: Probe): boolean | undefined {
    if (process.platform !== "linux" || !local || !remote) return undefined;
    return isKnownToKernel(local, remote);
  }

  /** Waits until the subject has exited. A program that polls for its end may do so every few seconds. */
  exit(): Promise<Outcome> {
    return this.until(() => this.subject.exit !== undefined, {
      atLeastMs: EXIT_MS,
      mayComputeMs: 0,
      atMostMs: Math.max(EXIT_AT_MOST_MS, this.patience.replyMs),
      progress: () => this.recorder.events.length,
    });
  }

  /**
   * Waits until the subject has read all that `probe` sent: `met` when its echo shows it, or the kernel's receive queue
   * is empty. What was read is written down. `late` also where the kernel cannot be asked.
   */
  async read(probe: Probe): Promise<Outcome> {
    const deadline = performance.now() + this.patience.replyMs;
    const bytes = probe.sent;
    for (;;) {
      const happened = probe.received >= bytes || (await this.recorder.change(1));
      if (probe.received >= bytes || (!happened && process.platform === "linux" && hasRead(probe))) {
        this.recorder.add({ type: "read-by-subject", peer: probe.name, bytes });
        return "met";
      }
      if (probe.over) return "silent";
      if (performance.now() > deadline) return "late";
      if (happened) continue;
      const silence = await this.#silence();
      if (silence && !hasRead(probe)) {
        this.recorder.add({ type: "silent", proved: true, afterMs: 0, ...silence });
        return "silent";
      }
    }
  }

  /**
   * Says nothing for `ms`, as a slow client does. Shorter when something happens but output, or when no length of silence
   * can make a difference: the subject is proved to wait without a time limit.
   *
   * @param outlastMs also until the time limits have passed with which the subject is seen to wait, each once, where they
   *   are no longer than this
   */
  async sayNothing(ms: number, outlastMs = 0): Promise<void> {
    const start = performance.now();
    const before = this.recorder.progress;
    const seen = new Set<number>();
    let until = start + ms;
    for (let left = ms; left > 0; left = until - performance.now()) {
      const happened = await this.recorder.change(Math.min(left, LAST_LOOK_MS));
      if (this.recorder.progress !== before || (!happened && (await this.#silence()))) return;
      if (outlastMs === 0) continue;
      for (const limit of timeLimits(this.#pids())) {
        if (limit > outlastMs || seen.has(limit)) continue;
        seen.add(limit);
        // Who has many timers waits for one after the other.
        until = Math.max(until, Math.min(performance.now() + limit, start + outlastMs) + ms);
      }
    }
  }

  /**
   * Waits until the subject does nothing: every thread asleep and none scheduled between two looks, and nothing of
   * ours is on its way to it; or it is gone. That is enough to send a signal safely or to begin the next check.
   *
   * @param limitMs how long a busy program is waited for; the time that it waits for a processor does not count
   */
  readonly rest = (limitMs = BUSY_MS): Promise<"proved" | "asleep" | "busy"> => this.#rest(limitMs, () => true);

  /** Like `rest`, until all that the subject had to say has been heard, too. */
  allSaid(): Promise<"proved" | "asleep" | "busy"> {
    return this.#rest(BUSY_MS, () => allHeard(this.probes, this.#datagramEnds()));
  }

  async #rest(limitMs: number, heard: () => boolean): Promise<"proved" | "asleep" | "busy"> {
    const known = this.#subjects.some((subject) => busy.has(subject));
    const allowance = new Allowance(() => this.#pids(), known ? STILL_BUSY_MS : limitMs);
    let before: string | undefined;
    for (;;) {
      if (process.platform !== "linux") return "proved";
      const pids = this.#pids();
      if (pids.length === 0) {
        // Whoever asks next whether it runs must hear that it does not.
        await Promise.all(this.#subjects.map((subject) => subject.exited));
        return "proved";
      }
      const rest = asleep(pids);
      if (rest && rest.signature === before && heard() && !isBeingTold(this.#subjects, this.probes)) {
        const proved = isForEver(rest, pids) && !this.#subjects.some(({ plan }) => plan.unseenLimits);
        return proved ? "proved" : "asleep";
      }
      before = rest?.signature;
      if (allowance.isSpent) {
        if (!rest) for (const subject of this.#subjects) busy.add(subject);
        return "busy";
      }
      await pollAgain(1);
    }
  }

  /** Closes all that Gema holds open. The subject is not touched. */
  close(): void {
    for (const probe of [...this.probes, ...this.datagrams]) probe.close();
    for (const socket of this.#openSockets.splice(0)) socket.close();
    for (const server of this.#servers) server.close();
  }

  /** Stops accepting, so that the next connection is refused. */
  stopListening(): void {
    for (const server of this.#servers) server.close();
  }

  /** A proof that nothing will come, and that all that came before has been heard. */
  async #silence(): Promise<Silence | undefined> {
    const silence = proveSilence(this.#subjects, this.probes, this.#datagramEnds(), this.#ports());
    if (!silence) return undefined;
    // Last words lie in pipes until the event loop asks the kernel; its first turn may end without that.
    const { length } = this.recorder.events;
    await nextTurn();
    await nextTurn();
    return this.recorder.events.length === length ? silence : undefined;
  }

  #datagramEnds(): Datagrams {
    return { probes: this.datagrams, ports: this.#openSockets.map(({ port }) => port) };
  }

  #ports(): number[] {
    const here = this.#servers.flatMap((server) => {
      const bound = server.address();
      return typeof bound === "object" && bound !== null ? [bound.port] : [];
    });
    return [...here, ...this.#elsewhere];
  }
}

/** Of the time limits with which these processes wait, as far as they can be seen, and are no longer than this. */
function longestLimit(pids: readonly number[], atMostMs: number): number {
  return Math.max(0, ...timeLimits(pids).filter((limit) => limit <= atMostMs));
}

/** Names of probes: A to Z, then A1, B1, ... */
export function probeName(index: number): string {
  const round = Math.floor(index / 26);
  return String.fromCharCode(65 + (index % 26)) + (round === 0 ? "" : round);
}

/** The kernel says that everything we sent has arrived and been read. */
function hasRead(probe: Probe): boolean {
  if (!probe.local || !probe.remote || probe.unsent > 0) return false;
  const { ours, theirs } = connectionEnds(probe.local, probe.remote);
  return theirs !== undefined && theirs.inode !== 0 && theirs.rxQueue === 0 && (ours?.txQueue ?? 0) === 0;
}
