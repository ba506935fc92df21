import { type BlockedCall, blockedForever, type Rest } from "../kernel/blocked.ts";
import { socketInodes } from "../kernel/processes.ts";
import { findConnection, nothingUnderWay, readJoinedTables, type SocketRow } from "../kernel/socket-table.ts";
import type { Subject } from "../launch/subject.ts";
import type { DatagramProbe } from "./datagram-probe.ts";
import type { Probe } from "./probe.ts";
import type { ConnectionState } from "./transcript.ts";

/** Gema's ends of what is said in datagrams. */
export interface Datagrams {
  readonly probes: readonly DatagramProbe[];
  /** Those of sockets that hear everybody: somebody who is no probe yet may speak there. */
  readonly ports: readonly number[];
}

export interface Silence {
  readonly blocked: readonly BlockedCall[];
  readonly connections: readonly ConnectionState[];
}

/**
 * Proves from the kernel's tables that no byte, FIN or RST will come until somebody sends something:
 *
 * 1. every thread of the subjects' process trees sleeps in a call without a time limit, none ran between two looks, and
 *    all that was typed has been handed over;
 * 2. between those looks nothing was under way on any connection: what we sent was delivered, our FIN with it, what
 *    the subject sent was read by us, no connection waits for us to accept it, and what subjects send each other or
 *    themselves was delivered too. The same for datagrams.
 *
 * One attempt, a few milliseconds; `undefined` means "not proved", never "not silent". Linux only: `undefined` elsewhere.
 *
 * @param probes every probe that is connected or connecting
 * @param listenPorts ports on which Gema itself accepts connections of the subject
 */
export function proveSilence(
  subjects: readonly Subject[],
  probes: readonly Probe[],
  datagrams: Datagrams = { probes: [], ports: [] },
  listenPorts: readonly number[] = [],
): Silence | undefined {
  if (process.platform !== "linux" || isBeingTold(subjects, probes)) return undefined;
  const before = restOf(subjects, (subject) => subject.processes());
  if (!before) return undefined;
  const first = connectionStates(probes, listenPorts);
  const apart = datagramStates(datagrams);
  if (!first || !apart) return undefined;
  // Re-parented processes are seen only by the walk through all of them: once, when all else says silence.
  const after = restOf(subjects, (subject) => subject.allProcesses());
  if (after?.signature !== before.signature) return undefined;
  // A table is not read in one instant: a segment may reach us after our row was read and before its sender's row was.
  // At the second reading it lies in our queue. And bytes that lie in buffers are at rest if they are as many as before.
  const second = connectionStates(probes, listenPorts);
  if (JSON.stringify(second) !== JSON.stringify(first)) return undefined;
  const inner = innerTalk(subjects, probes);
  if (inner === "under way") return undefined;
  // What was delivered since the threads were looked at has woken one.
  const last = inner === "none" ? after : restOf(subjects, (subject) => subject.processes());
  if (last?.signature !== before.signature) return undefined;
  return {
    blocked: before.calls,
    connections: [...first.map(({ peer, accepted, unread }) => ({ peer, accepted, unread })), ...apart],
  };
}

/**
 * `undefined` while a datagram is under way to either end. Between two sockets of one machine it lies in an input queue
 * of the kernel's, and then in that of its receiver.
 */
function datagramStates(datagrams: Datagrams): ConnectionState[] | undefined {
  if (!datagramsHeard(datagrams)) return undefined;
  const open = datagrams.probes.filter(({ over }) => !over);
  const rows = open.length === 0 ? [] : datagramRows();
  return open.map(({ name, remote, sent }) => {
    const lying = rows.find(({ local }) => local.port === remote.port)?.rxQueue ?? 0;
    const said = sent.reduce((sum, { length }) => sum + length, 0);
    // The kernel counts the memory that they take.
    return { peer: name, accepted: true, unread: Math.min(lying, said) };
  });
}

/** All datagrams that were sent to these ends have been heard, and theirs have been delivered. One look. */
function datagramsHeard({ probes, ports }: Datagrams): boolean {
  const open = probes.filter(({ over }) => !over);
  const ours = [...ports, ...open.map(({ local }) => local.port)];
  if (ours.length === 0) return true;
  if (open.some(({ unsent }) => unsent > 0) || !nothingUnderWay()) return false;
  return datagramRows().every(({ local, rxQueue }) => !ours.includes(local.port) || rxQueue === 0);
}

function datagramRows(): SocketRow[] {
  return [...readJoinedTables("udp"), ...readJoinedTables("udp6")];
}

/** Something of what was typed, or a FIN, has been said and not handed to the kernel yet. */
export function isBeingTold(subjects: readonly Subject[], probes: readonly Probe[]): boolean {
  return subjects.some(({ isBeingTyped }) => isBeingTyped) || probes.some(({ leaving }) => leaving);
}

/** A subject that is gone altogether is at rest for ever; one whose end was not heard of yet is not. */
function restOf(subjects: readonly Subject[], processesOf: (subject: Subject) => readonly number[]): Rest | undefined {
  const rests = subjects.map((subject): Rest | undefined => {
    const pids = processesOf(subject);
    if (pids.length === 0 && subject.exit !== undefined) return { signature: "gone", calls: [] };
    return subject.plan.unseenLimits ? undefined : blockedForever(pids);
  });
  const known = rests.filter((rest) => rest !== undefined);
  if (known.length < rests.length) return undefined;
  return { signature: known.map(({ signature }) => signature).join("|"), calls: known.flatMap(({ calls }) => calls) };
}

/** What is said on connections of the subjects that Gema is no end of. */
function innerTalk(subjects: readonly Subject[], probes: readonly Probe[]): "none" | "under way" | "delivered" {
  const own = new Set(socketInodes(subjects.flatMap((subject) => subject.processes())));
  if (own.size === 0) return "none";
  const rows = [...readJoinedTables("tcp"), ...readJoinedTables("tcp6")];
  const ours = probes.flatMap(({ local }) => (local ? local.port : []));
  const ends = rows
    .filter(({ inode, state, remote }) => own.has(inode) && state !== "LISTEN" && !ours.includes(remote.port))
    .flatMap((row) => [row, findConnection(rows, row.remote, row.local) ?? row]);
  if (ends.length === 0) return "none";
  return ends.some((row) => isUnderWay(row, rows)) ? "under way" : "delivered";
}

/** Bytes or a FIN of this end have not been acknowledged, and the other end's full buffer is not the reason. */
function isUnderWay({ local, remote, state, txQueue }: SocketRow, rows: readonly SocketRow[]): boolean {
  if (state === "SYN_SENT" || state === "SYN_RECV" || state === "FIN_WAIT1") return true;
  return txQueue > 0 && (findConnection(rows, remote, local)?.rxQueue ?? 0) === 0;
}

/**
 * Whatever reached Gema's ends has been read, and every connection that was made is there at both ends. One look. Bytes
 * that were not acknowledged yet say nothing here: an acknowledgement may be delayed by 40 ms.
 */
export function allHeard(probes: readonly Probe[], datagrams: Datagrams = { probes: [], ports: [] }): boolean {
  if (!datagramsHeard(datagrams)) return false;
  const open = probes.filter(({ connected, over, stalled }) => connected && !over && !stalled);
  const rows = connectionRows(open, []);
  return open.every(({ local, remote }) => {
    const ours = local && remote && findConnection(rows, local, remote);
    const theirs = local && remote && findConnection(rows, remote, local);
    return ours && theirs && theirs.state !== "SYN_RECV" && ours.state !== "CLOSE_WAIT" && ours.rxQueue === 0;
  });
}

type Observed = ConnectionState & { /** Bytes in any buffer of the connection. */ readonly lying: number };

/** `undefined` while something is under way. */
function connectionStates(probes: readonly Probe[], listenPorts: readonly number[]): Observed[] | undefined {
  const open = probes.filter((probe) => !probe.over);
  if (open.some(({ connected }) => !connected)) return undefined;
  const rows = connectionRows(open, listenPorts);
  if (rows.some((row) => listenPorts.includes(row.local.port) && row.inode === 0 && !isOver(row))) return undefined;
  const states: Observed[] = [];
  for (const probe of open) {
    const state = stateOf(probe, rows);
    if (!state) return undefined;
    states.push(state);
  }
  return states;
}

/**
 * IPv4 lives in `tcp`, also when the subject's end is an IPv6 socket: that end is then listed in `tcp6`. A connection that
 * waits for Gema to accept it may stand in either.
 */
function connectionRows(probes: readonly Probe[], listenPorts: readonly number[]): readonly SocketRow[] {
  if (probes.length === 0 && listenPorts.length === 0) return [];
  const rows = readJoinedTables("tcp");
  const missing = ({ local, remote }: Probe) => local && remote && !findConnection(rows, remote, local);
  const both = listenPorts.length > 0 || probes.some(missing);
  return both ? [...rows, ...readJoinedTables("tcp6")] : rows;
}

/** Closed by its process, only its last segments or their memory remain. */
function isOver({ state }: SocketRow): boolean {
  return (
    state === "TIME_WAIT" ||
    state === "FIN_WAIT2" ||
    state === "LAST_ACK" ||
    state === "CLOSING" ||
    state === "FIN_WAIT1"
  );
}

function stateOf(probe: Probe, rows: readonly SocketRow[]): Observed | undefined {
  if (!probe.local || !probe.remote) return undefined;
  const ours = findConnection(rows, probe.local, probe.remote);
  const theirs = findConnection(rows, probe.remote, probe.local);
  // One end is gone: an event is on its way to us.
  if (!ours || !theirs) return undefined;
  const arrived = ours.state === "CLOSE_WAIT" || ours.state === "LAST_ACK" || ours.rxQueue > 0;
  if (arrived && !probe.stalled) return undefined;
  // The acknowledgement of our FIN may be delayed by 40 ms; that the subject's end is past it says enough.
  const sawOurFin = FIN_ARRIVED.has(theirs.state);
  const windowShut = theirs.rxQueue > 0;
  if (ours.txQueue > 0 && !sawOurFin && !windowShut) return undefined;
  if (theirs.txQueue > 0 && !(probe.stalled && ours.rxQueue > 0)) return undefined;
  if (theirs.state === "SYN_RECV" || theirs.state === "FIN_WAIT1") return undefined;
  const lying = ours.txQueue + ours.rxQueue + theirs.txQueue;
  return { peer: probe.name, accepted: theirs.inode !== 0, unread: unreadBytes(theirs), lying };
}

/** States of an end that a FIN has reached. */
export const FIN_ARRIVED: ReadonlySet<SocketRow["state"]> = new Set(["CLOSE_WAIT", "LAST_ACK", "CLOSING"]);

/** The kernel counts a FIN that the program has not come to as one byte. */
export function unreadBytes({ state, rxQueue }: SocketRow): number {
  return FIN_ARRIVED.has(state) ? Math.max(0, rxQueue - 1) : rxQueue;
}
