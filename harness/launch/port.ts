import { connect } from "node:net";
import { setTimeout as pollAgain } from "node:timers/promises";
import { type Address, formatAddress, isWildcard } from "../kernel/address.ts";
import { commandLine, holderOf } from "../kernel/processes.ts";
import { readSocketTable, type SocketRow, type Table } from "../kernel/socket-table.ts";
import { UserError } from "../user-error.ts";

/** A connection that is over needs a moment until both ends have said so; one that needs longer is not our doing. */
const SETTLED_MS = 2_000;
const ASK_AGAIN_MS = 1;

/**
 * Makes sure that nobody else holds the port before a launch, and that no connection of an earlier launch lingers there,
 * in TIME_WAIT or on its way to it, which would refuse the port to a program without SO_REUSEADDR (tcp(7), socket(7)).
 * Linux only; elsewhere the program itself meets a port that is taken.
 * @throws UserError `port-taken` naming the holder.
 */
export async function freePort(address: Address): Promise<void> {
  if (process.platform !== "linux") return;
  for (const deadline = performance.now() + SETTLED_MS; ; await pollAgain(ASK_AGAIN_MS)) {
    const rows = portRows(address.port);
    const holder = rows.find((row) => row.state === "LISTEN" && overlaps(row.local.host, address.host));
    if (holder) throw portTaken(address, holder);
    await Promise.all(rows.filter(({ state }) => state === "TIME_WAIT").map(endTimeWait));
    const orphaned = rows.some(({ state, inode }) => state !== "LISTEN" && state !== "TIME_WAIT" && inode === 0);
    if (!orphaned || performance.now() > deadline) return;
  }
}

/**
 * Ends what lingers in TIME_WAIT at clients' ends of connections to this address: it would refuse the connection to a
 * client that insists on one of their ports. Linux only.
 */
export async function freeWayTo({ port }: Address): Promise<void> {
  if (process.platform !== "linux") return;
  const lingering = allRows().filter(({ remote, state }) => remote.port === port && state === "TIME_WAIT");
  await Promise.all(lingering.map(endTimeWait));
}

export function timeWaitRows(port: number): SocketRow[] {
  return portRows(port).filter(({ state }) => state === "TIME_WAIT" || state === "FIN_WAIT2");
}

function portRows(port: number): SocketRow[] {
  return allRows().filter((row) => row.local.port === port);
}

function allRows(): SocketRow[] {
  const tables: Table[] = ["tcp", "tcp6"];
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

function portTaken(address: Address, row: SocketRow): UserError {
  const pid = holderOf(row.inode);
  const who = pid === undefined ? "another user's process" : `process ${pid} (${commandLine(pid).slice(0, 80)})`;
  const siapa = pid === undefined ? "proses milik pengguna lain" : `proses ${pid} (${commandLine(pid).slice(0, 80)})`;
  const where = formatAddress(address);
  return new UserError({
    code: "port-taken",
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
