import { closeSync, openSync } from "node:fs";
import type { Address } from "./address.ts";
import { readProc, readWhole } from "./processes.ts";

/** States of `include/net/tcp_states.h`; an unconnected UDP socket shows as `CLOSE`. */
const STATES = [
  "NONE",
  "ESTABLISHED",
  "SYN_SENT",
  "SYN_RECV",
  "FIN_WAIT1",
  "FIN_WAIT2",
  "TIME_WAIT",
  "CLOSE",
  "CLOSE_WAIT",
  "LAST_ACK",
  "LISTEN",
  "CLOSING",
  "NEW_SYN_RECV",
] as const;
export type SocketState = (typeof STATES)[number];

/** One line of `/proc/net/{tcp,tcp6,udp,udp6}`; see proc_pid_net(5). */
export interface SocketRow {
  readonly protocol: "tcp" | "udp";
  readonly local: Address;
  readonly remote: Address;
  readonly state: SocketState;
  /** Bytes sent and not yet acknowledged. */
  readonly txQueue: number;
  /** Bytes that arrived and were not yet read. */
  readonly rxQueue: number;
  /** 0 while no process holds it: not accepted yet, or closed by its process. */
  readonly inode: number;
}

const TABLES = ["tcp", "tcp6", "udp", "udp6"] as const;
export type Table = (typeof TABLES)[number];

/** The tables of one network, opened when they are first read. */
class Network {
  readonly #folder: string;
  readonly #descriptors = new Map<Table, number>();
  /** The last reading of each table: two looks at a program at rest find the same text. */
  readonly #lastRead = new Map<Table, { readonly text: string; readonly rows: readonly SocketRow[] }>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  read(table: Table): readonly SocketRow[] {
    let descriptor = this.#descriptors.get(table);
    if (descriptor === undefined) {
      descriptor = openSync(`${this.#folder}/${table}`, "r");
      this.#descriptors.set(table, descriptor);
    }
    const text = readWhole(descriptor);
    const last = this.#lastRead.get(table);
    if (last?.text === text) return last.rows;
    const rows = parseSocketTable(table, text);
    this.#lastRead.set(table, { text, rows });
    return rows;
  }

  close(): void {
    for (const descriptor of this.#descriptors.values()) closeSync(descriptor);
  }
}

const own = new Network("/proc/net");
const joined = new Map<number, Network>();

/** From now on connections are looked for in the network of this process, too. */
export function joinNetworkOf(pid: number): void {
  joined.set(pid, new Network(`/proc/${pid}/net`));
}

export function leaveNetworkOf(pid: number): void {
  joined.get(pid)?.close();
  joined.delete(pid);
}

/** Reads one of the kernel's tables as it is now. About 1 ms for `tcp`: the kernel walks its whole hash. */
export function readSocketTable(table: Table): readonly SocketRow[] {
  return own.read(table);
}

/** The same with the rows of all networks that were joined. */
export function readJoinedTables(table: Table): readonly SocketRow[] {
  return joined.size === 0 ? own.read(table) : [own, ...joined.values()].flatMap((network) => network.read(table));
}

/** The sockets of this network that some process holds. */
export function heldSockets(): SocketRow[] {
  return TABLES.flatMap((table) => readSocketTable(table).filter(({ inode }) => inode !== 0));
}

/**
 * A line: `  12: 0100007F:1388 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 ...` (number,
 * local and remote address, state, queues, timer, retransmits, user, timeout, inode, ...). Up to the user all columns
 * have fixed widths, but for the number. A table is read dozens of times a second.
 */
export function parseSocketTable(table: Table, text: string): SocketRow[] {
  const protocol = table.startsWith("tcp") ? "tcp" : "udp";
  const addressWidth = (table.endsWith("6") ? 32 : 8) + ":1388".length;
  const rows: SocketRow[] = [];
  for (let line = text.indexOf("\n") + 1; line > 0 && line < text.length; line = text.indexOf("\n", line) + 1) {
    const local = text.indexOf(":", line) + ": ".length;
    const remote = local + addressWidth + 1;
    const state = remote + addressWidth + 1;
    const queues = state + "0A ".length;
    const others = queues + "00000000:00000000 00:00000000 00000000 ".length;
    rows.push({
      protocol,
      local: parseAddress(text.slice(local, local + addressWidth)),
      remote: parseAddress(text.slice(remote, remote + addressWidth)),
      state: STATES[Number.parseInt(text.slice(state, state + 2), 16)] ?? "NONE",
      txQueue: Number.parseInt(text.slice(queues, queues + 8), 16),
      rxQueue: Number.parseInt(text.slice(queues + 9, queues + 17), 16),
      inode: inodeAt(text, others),
    });
  }
  return rows;
}

const USER_TIMEOUT_INODE = / *\d+ +\d+ +(\d+)/y;

function inodeAt(text: string, others: number): number {
  USER_TIMEOUT_INODE.lastIndex = others;
  return Number(USER_TIMEOUT_INODE.exec(text)?.[1]);
}

/** Addresses as they were parsed before: they come again and again. */
const addresses = new Map<string, Address>();
const ADDRESSES_AT_MOST = 10_000;

function parseAddress(field: string): Address {
  const known = addresses.get(field);
  if (known) return known;
  const [host = "", port = ""] = field.split(":");
  const address = { host: host.length === 8 ? parseIpv4(host) : parseIpv6(host), port: Number.parseInt(port, 16) };
  if (addresses.size === ADDRESSES_AT_MOST) addresses.clear();
  addresses.set(field, address);
  return address;
}

/** The kernel prints each 32-bit word in the byte order of the machine; all of Node's platforms are little-endian. */
function wordBytes(hex: string): number[] {
  return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

function parseIpv4(hex: string): string {
  return wordBytes(hex).join(".");
}

function parseIpv6(hex: string): string {
  const bytes = [0, 8, 16, 24].flatMap((at) => wordBytes(hex.slice(at, at + 8)));
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (mapped) return bytes.slice(12).join(".");
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((bytes[2 * at] ?? 0) * 256 + (bytes[2 * at + 1] ?? 0)).toString(16),
  );
  return compressZeros(groups);
}

/** RFC 5952: the longest run of zero groups becomes `::`. */
function compressZeros(groups: readonly string[]): string {
  let best = { start: -1, length: 1 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === "0") length++;
    if (length > best.length) best = { start, length };
  }
  if (best.start < 0) return groups.join(":");
  return `${groups.slice(0, best.start).join(":")}::${groups.slice(best.start + best.length).join(":")}`;
}

/** The twelfth column of a processor's line in `/proc/net/softnet_stat`: packets in its input queue. */
const BACKLOG_COLUMN = 11;

/** No packet on its way between two sockets of this machine waits for a processor to deliver it. */
export function nothingUnderWay(): boolean {
  const processors = readProc("/proc/net/softnet_stat")?.trim().split("\n");
  return processors?.every((line) => /^0*$/.test(line.split(" ")[BACKLOG_COLUMN] ?? "")) ?? false;
}

/** The row of the TCP socket whose own end is `local` and whose peer is `remote`. */
export function findConnection(rows: readonly SocketRow[], local: Address, remote: Address): SocketRow | undefined {
  return rows.find((row) => row.protocol === "tcp" && same(row.local, local) && same(row.remote, remote));
}

/**
 * Both ends of a TCP connection of this machine, as they are now; `undefined` for one that the kernel has forgotten. Ends
 * of IPv4 stand in `tcp6` where their socket is one of IPv6: that is read only for an end which `tcp` does not show.
 */
export function connectionEnds(
  local: Address,
  remote: Address,
): { readonly ours: SocketRow | undefined; readonly theirs: SocketRow | undefined } {
  const rows = readJoinedTables("tcp");
  const find = (own: Address, peer: Address): SocketRow | undefined =>
    findConnection(rows, own, peer) ?? findConnection(readJoinedTables("tcp6"), own, peer);
  return { ours: find(local, remote), theirs: find(remote, local) };
}

/** Whether the kernel still holds either end of a TCP connection, be it in TIME_WAIT. */
export function isKnownToKernel(local: Address, remote: Address): boolean {
  const { ours, theirs } = connectionEnds(local, remote);
  return ours !== undefined || theirs !== undefined;
}

function same(a: Address, b: Address): boolean {
  return a.port === b.port && a.host === b.host;
}
