import { execa } from "execa";
import type { ListeningSocket } from "./address.ts";
import { readProc, socketInodes } from "./processes.ts";
import { readSocketTable, type SocketRow, type Table } from "./socket-table.ts";

/** The sockets on which these processes wait: TCP in LISTEN, and bound UDP without a peer. */
export function listeningSockets(pids: readonly number[]): Promise<ListeningSocket[]> | ListeningSocket[] {
  switch (process.platform) {
    case "linux":
      return fromProc(pids);
    case "darwin":
      return fromLsof(pids);
    case "win32":
      return fromPowerShell(pids);
    default:
      throw new Error(`cannot find listening sockets on ${process.platform}`);
  }
}

function fromProc(pids: readonly number[]): ListeningSocket[] {
  const wanted = new Set(socketInodes(pids));
  const found: ListeningSocket[] = [];
  const tables: Table[] = ["tcp", "udp", "tcp6", "udp6"];
  for (const table of tables) {
    if (wanted.size === 0) break;
    for (const row of readSocketTable(table)) {
      if (!wanted.delete(row.inode) || !waits(row)) continue;
      found.push({ protocol: row.protocol, ...row.local });
    }
  }
  return found;
}

/** Set while a Unix socket listens: `__SO_ACCEPTCON` of `include/linux/net.h`. */
const ACCEPTS = 0x10000;

/** The files, as the processes named them, at which they listen by Unix sockets; see proc_pid_net(5). Linux only. */
export function listeningPaths(pids: readonly number[]): string[] {
  const wanted = new Set(socketInodes(pids));
  if (wanted.size === 0) return [];
  return (readProc(`/proc/${pids[0]}/net/unix`) ?? "").split("\n").flatMap((line) => {
    const [, flags, inode, path] = /^\S+ \S+ \S+ ([0-9A-F]+) \S+ \S+ +(\d+) (.+)$/.exec(line) ?? [];
    return path && wanted.has(Number(inode)) && Number.parseInt(flags ?? "", 16) & ACCEPTS ? [path] : [];
  });
}

function waits({ protocol, state, local }: SocketRow): boolean {
  return protocol === "tcp" ? state === "LISTEN" : state === "CLOSE" && local.port !== 0;
}

/** macOS: lsof(8) in its field format, children found by ps(1). Not run by our tests, which have Linux only. */
async function fromLsof(pids: readonly number[]): Promise<ListeningSocket[]> {
  const ps = await execa("ps", ["-axo", "pid=,ppid="]);
  const family = withChildren(pids, ps.stdout);
  const lsof = await execa("lsof", ["-nP", "-a", "-p", family.join(","), "-i", "-F", "PnT"], { reject: false });
  return parseLsof(lsof.stdout);
}

/** `table`: lines of `pid ppid`. */
export function withChildren(pids: readonly number[], table: string): number[] {
  const rows = table.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const family = [...pids];
  for (const parent of family)
    for (const [pid, ppid] of rows) if (pid !== undefined && ppid === parent) family.push(pid);
  return family;
}

/** Reads `P` (protocol), `n` (name) and `TST=` (TCP state) fields; a record begins with `f`. */
export function parseLsof(output: string): ListeningSocket[] {
  return output.split(/^f/m).flatMap((record) => {
    const protocol = /^P(TCP|UDP)$/m.exec(record)?.[1] === "UDP" ? "udp" : "tcp";
    // `->` stands between the two ends of a connection, which waits for nobody else.
    const name = /^n(?<host>[^\s>]+):(?<port>\d+)$/m.exec(record)?.groups;
    const listens = protocol === "udp" || /^TST=LISTEN$/m.test(record);
    if (!name?.host || !name.port || !listens) return [];
    const host = name.host === "*" ? "0.0.0.0" : name.host.replace(/^\[|\]$/g, "");
    return [{ protocol, host, port: Number(name.port) }];
  });
}

/** Windows: the NetTCPIP module, as CSV. Not run by our tests, which have Linux only. */
async function fromPowerShell(pids: readonly number[]): Promise<ListeningSocket[]> {
  const script = `$p=@(${pids.join(",")}); do { $n=$p.Count; $p=@($p + (Get-CimInstance Win32_Process | Where-Object { $p -contains $_.ParentProcessId }).ProcessId | Sort-Object -Unique) } while ($p.Count -ne $n); Get-NetTCPConnection -State Listen | Where-Object { $p -contains $_.OwningProcess } | ForEach-Object { "tcp,$($_.LocalAddress),$($_.LocalPort)" }; Get-NetUDPEndpoint | Where-Object { $p -contains $_.OwningProcess } | ForEach-Object { "udp,$($_.LocalAddress),$($_.LocalPort)" }`;
  const { stdout } = await execa("powershell", ["-NoProfile", "-Command", script], { reject: false });
  return parsePowerShell(stdout);
}

export function parsePowerShell(output: string): ListeningSocket[] {
  return output.split(/\r?\n/).flatMap((line) => {
    const [protocol, host, port] = line.split(",");
    return host && port && (protocol === "tcp" || protocol === "udp") ? [{ protocol, host, port: Number(port) }] : [];
  });
}
