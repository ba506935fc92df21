import { type BlockedCall, blockedForever, type Rest } from "../kernel/blocked.ts";
import { findConnection, readSocketTable, type SocketRow } from "../kernel/socket-table.ts";
import type { Subject } from "../launch/subject.ts";
import type { Probe } from "./probe.ts";
import type { ConnectionState } from "./transcript.ts";

/** The ports at which connections may begin. */
export interface Ports {
  /** Gema itself accepts here. */
  readonly own: readonly number[];
  /** One subject accepts here what another one opens; Gema is at neither end. */
  readonly between: readonly number[];
}

export interface Silence {
  readonly blocked: readonly BlockedCall[];
  readonly connections: readonly ConnectionState[];
}

/**
 * Proves from the kernel's tables that no byte, FIN or RST will come until somebody sends something:
 *
 * 1. every thread of the subjects' process trees sleeps in a call without a time limit, and none ran between two looks;
 * 2. between those looks nothing was under way on any connection: what we sent was delivered, what the subject sent
 *    was read by us, and no connection waits for us to accept it.
 *
 * One attempt, a few milliseconds; `undefined` means "not proved", never "not silent". Linux only: `undefined` elsewhere.
 *
 * @param probes every probe that is connected or connecting
 */
export function proveSilence(
  subjects: readonly Subject[],
  probes: readonly Probe[],
  ports: Ports = { own: [], between: [] },
): Silence | undefined {
  if (process.platform !== "linux") return undefined;
  const before = restOf(subjects, (subject) => subject.processes());
  if (!before) return undefined;
  const first = connectionStates(probes, ports);
  if (!first) return undefined;
  // Re-parented processes are seen only by the walk through all of them: once, when all else says silence.
  const after = restOf(subjects, (subject) => subject.allProcesses());
  if (after?.signature !== before.signature) return undefined;
  // A table is not read in one instant: a segment may reach us after our row was read and before its sender's row was.
  // At the second reading it lies in our queue. And bytes that lie in buffers are at rest if they are as many as before.
  const second = connectionStates(probes, ports);
  if (JSON.stringify(second) !== JSON.stringify(first)) return undefined;
  return {
    blocked: before.calls,
    connections: first.map(({ peer, accepted, unread }) => ({ peer, accepted, unread })),
  };
}

/** A subject that is gone altogether is at rest for ever. */
function restOf(subjects: readonly Subject[], processesOf: (subject: Subject) => readonly number[]): Rest | undefined {
  const pids = subjects.flatMap(processesOf);
  if (pids.length === 0 && subjects.every(({ exit }) => exit !== undefined)) return { signature: "gone", calls: [] };
  return blockedForever(pids);
}

/**
 * Whatever reached Gema's ends has been read, and every connection that was made is there at both ends. One look. Bytes
 * that were not acknowledged yet say nothing here: an acknowledgement may be delayed by 40 ms.
 */
export function allHeard(probes: readonly Probe[]): boolean {
  const open = probes.filter(({ connected, over, stalled }) => connected && !over && !stalled);
  const rows = connectionRows(open, { own: [], between: [] });
  return open.every(({ local, remote }) => {
    const ours = local && remote && findConnection(rows, local, remote);
    const theirs = local && remote && findConnection(rows, remote, local);
    return ours && theirs && theirs.state !== "SYN_RECV" && ours.state !== "CLOSE_WAIT" && ours.rxQueue === 0;
  });
}

type Observed = ConnectionState & { /** Bytes in any buffer of the connection. */ readonly lying: number };

/** `undefined` while something is under way. */
function connectionStates(probes: readonly Probe[], ports: Ports): Observed[] | undefined {
  const open = probes.filter((probe) => !probe.over);
  if (open.some(({ connected }) => !connected)) return undefined;
  const rows = connectionRows(open, ports);
  if (rows.some((row) => ports.own.includes(row.local.port) && row.inode === 0 && !isOver(row))) return undefined;
  const states: Observed[] = [];
  for (const probe of open) {
    const state = stateOf(probe, rows);
    if (!state) return undefined;
    states.push(state);
  }
  const between = rows.filter(({ local, remote }) => [local, remote].some(({ port }) => ports.between.includes(port)));
  return between.some((row) => isUnderWay(row, rows)) ? undefined : states;
}

/** Bytes or a FIN of this end have not been acknowledged, and the other end's full buffer is not the reason. */
function isUnderWay({ local, remote, state, txQueue }: SocketRow, rows: readonly SocketRow[]): boolean {
  if (state === "SYN_SENT" || state === "SYN_RECV" || state === "FIN_WAIT1") return true;
  return txQueue > 0 && (findConnection(rows, remote, local)?.rxQueue ?? 0) === 0;
}

/** IPv4 lives in `tcp`, also when the subject's end is an IPv6 socket: that end is then listed in `tcp6`. */
function connectionRows(probes: readonly Probe[], { own, between }: Ports): SocketRow[] {
  if (probes.length === 0 && own.length === 0 && between.length === 0) return [];
  const rows = readSocketTable("tcp");
  if (between.length > 0) return [...rows, ...readSocketTable("tcp6")];
  const missing = probes.some(({ local, remote }) => local && remote && !findConnection(rows, remote, local));
  return missing ? [...rows, ...readSocketTable("tcp6")] : rows;
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
  const sawOurFin = theirs.state === "CLOSE_WAIT" || theirs.state === "LAST_ACK" || theirs.state === "CLOSING";
  const windowShut = theirs.rxQueue > 0;
  if (ours.txQueue > 0 && !sawOurFin && !windowShut) return undefined;
  if (theirs.txQueue > 0 && !(probe.stalled && ours.rxQueue > 0)) return undefined;
  if (theirs.state === "SYN_RECV" || theirs.state === "FIN_WAIT1") return undefined;
  const lying = ours.txQueue + ours.rxQueue + theirs.txQueue;
  return { peer: probe.name, accepted: theirs.inode !== 0, unread: theirs.rxQueue, lying };
}
