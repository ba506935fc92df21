import { connect } from "node:net";
import { setTimeout as pollAgain } from "node:timers/promises";
import { execa } from "execa";
import type { Protocol } from "../assignment/assignment.ts";
import { type Address, formatAddress, isWildcard } from "../kernel/address.ts";
import { commandLine, holderOf, readProc } from "../kernel/processes.ts";
import { readSocketTable, type SocketRow, type Table } from "../kernel/socket-table.ts";
import { UserError } from "../user-error.ts";

/** TIME_WAIT lasts 60 s, and so does an end that waits for the other's FIN (tcp(7), tcp_fin_timeout). */
const LINGERS_AT_MOST_MS = 65_000;
/** What could not be ended by a connection attempt after this long is left to `ss`. */
const STUBBORN_MS = 50;
const ASK_AGAIN_MS = 1;

/**
 * Makes sure that the port may be had, that nobody else holds it before a launch, and that no connection of an earlier launch lingers there,
 * in TIME_WAIT or on its way to it, which would refuse the port to a program without SO_REUSEADDR (tcp(7), socket(7)).
 * Linux only; elsewhere the program itself meets a port that is taken.
 * @throws UserError `port-taken` naming the holder, or `port-privileged`.
 */
export async function freePort(address: Address, protocol: Protocol = "tcp"): Promise<void> {
  if (process.platform !== "linux") return;
  if (isPrivileged(address.port) && process.getuid?.() !== 0) throw portPrivileged(address);
  const refuse = (rows: readonly SocketRow[]): void => {
    const holder = rows.find(({ local }) => local.port === address.port && overlaps(local.host, address.host));
    if (holder) throw portTaken(address, holder);
  };
  if (protocol === "udp") refuse(rowsOf(["udp", "udp6"]));
  // What should be a UDP program may come with a TCP socket, and is told so if that can be bound.
  await endLingering(address, () => {
    const rows = portRows(address.port);
    if (protocol === "tcp") refuse(rows.filter(({ state }) => state === "LISTEN"));
    return rows;
  });
}

async function endLingering({ port }: Address, look: () => readonly SocketRow[]): Promise<void> {
  const start = performance.now();
  for (let forced = false; ; await pollAgain(ASK_AGAIN_MS)) {
    const lingering = look().filter(({ state, inode }) => state !== "LISTEN" && inode === 0);
    const waited = performance.now() - start;
    if (lingering.length === 0 || waited > LINGERS_AT_MOST_MS) return;
    await Promise.all(lingering.filter(({ state }) => state === "TIME_WAIT").map(endTimeWait));
    if (waited < STUBBORN_MS || forced) continue;
    forced = true;
    await endByForce(port);
  }
}

/**
 * Where both ends closed at the same moment both are in TIME_WAIT, and neither port can be bound for the attempt. ss(8)
 * ends them for whoever administers the network, root or a slot; for others only waiting helps.
 */
async function endByForce(port: number): Promise<void> {
  const either = ["(", "sport", "=", `:${port}`, "or", "dport", "=", `:${port}`, ")"];
  await killTimeWait(either);
}

async function killTimeWait(which: readonly string[]): Promise<void> {
  await execa("ss", ["--kill", "--tcp", "state", "time-wait", ...which], { reject: false, stdio: "ignore" });
}

/** Reading the table of the kernel takes 1 ms where it holds as many rows as this. */
const MANY = 100;

/** Ends what lingers anywhere in a network that is ours alone, where there is much of it: every look would walk over it. */
export async function sweepNetwork(): Promise<void> {
  if (readSocketTable("tcp").length < MANY) return;
  await killTimeWait([]);
}

/**
 * Ends what lingers at clients' ends of connections to this address: it would refuse one of their ports to a client that
 * insists on it. Linux only.
 */
export async function freeWayTo(address: Address): Promise<void> {
  if (process.platform !== "linux") return;
  await endLingering(address, () => allRows().filter(({ remote }) => remote.port === address.port));
}

export function timeWaitRows(port: number): SocketRow[] {
  return portRows(port).filter(({ state }) => state === "TIME_WAIT" || state === "FIN_WAIT2");
}

function portRows(port: number): SocketRow[] {
  return allRows().filter((row) => row.local.port === port);
}

function allRows(): SocketRow[] {
  return rowsOf(["tcp", "tcp6"]);
}

function rowsOf(tables: readonly Table[]): SocketRow[] {
  return tables.flatMap(readSocketTable);
}

function overlaps(a: string, b: string): boolean {
  return a === b || isWildcard(a) || isWildcard(b);
}

/**
 * A connection attempt from the port of the end that is gone is answered with an ACK for the old connection; our
 * kernel does not know it and answers RST, which ends the TIME_WAIT (RFC 1337, "TIME-WAIT assassination").
 */
function endTimeWait({ local, remote }: SocketRow): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: local.host, port: local.port, localAddress: remote.host, localPort: remote.port });
    // The SYN has made its round on loopback before connect(2) returns; nobody listens, so nothing else will come.
    socket.once("error", () => resolve());
    socket.once("close", () => resolve());
    setImmediate(() => socket.resetAndDestroy());
  });
}

/** Some ports are for root alone (ip(7), ip_unprivileged_port_start). */
function isPrivileged(port: number): boolean {
  return port < Number(readProc("/proc/sys/net/ipv4/ip_unprivileged_port_start") ?? 0);
}

function portPrivileged({ port }: Address): UserError {
  return new UserError({
    code: "port-privileged",
    what: {
      en: `Port ${port} is reserved: on this machine only root may listen there, so no program can be graded at it.`,
      id: `Port ${port} dicadangkan: di mesin ini hanya root yang boleh listen di sana, jadi tidak ada program yang bisa dinilai.`,
    },
    help: {
      en: "Use a port from 1024 on in the assignment, or gema grade, whose programs have a network of their own on Linux.",
      id: "Pakai port mulai dari 1024 di berkas tugas, atau pakai gema grade, yang memberi program jaringan sendiri di Linux.",
    },
    exit: 3,
  });
}
/** The code of the error for a port that somebody else holds. */
export const PORT_TAKEN = "port-taken";

function portTaken(address: Address, row: SocketRow): UserError {
  const pid = holderOf(row.inode);
  const who = pid === undefined ? "another user's process" : `process ${pid} (${commandLine(pid).slice(0, 80)})`;
  const siapa = pid === undefined ? "proses milik pengguna lain" : `proses ${pid} (${commandLine(pid).slice(0, 80)})`;
  const where = formatAddress(address);
  return new UserError({
    code: PORT_TAKEN,
    what: {
      en: `${where} is already in use by ${who}; a program graded now could not listen there.`,
      id: `${where} sedang dipakai oleh ${siapa}; program yang dinilai sekarang tidak bisa listen di sana.`,
    },
    help: {
      en: "End that process (perhaps your own server still runs in another terminal) and try again.",
      id: "Hentikan proses itu (mungkin server Anda masih berjalan di terminal lain), lalu coba lagi.",
    },
    exit: 3,
  });
}
