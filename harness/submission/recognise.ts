import type { Program } from "../assignment/assignment.ts";

const NAMED: Readonly<Record<Program, RegExp>> = {
  "tcp-server": /server|peladen|pelayan|^srv/,
  "tcp-client": /client|klien|pelanggan|^cli$/,
};

/** What a file's name and source say about the program that it is. */
export interface Signs {
  readonly byName: Program | undefined;
  readonly bySource: Program | "both" | undefined;
}

/** Reads both signs. A name like `exits_after_first_client.py` does not count against a source that plainly listens. */
export function recognise(file: string, source: string): Signs {
  const byName = programByName(file);
  const bySource = programBySource(source);
  const plainly = bySource !== undefined && bySource !== "both" && bySource !== byName;
  return { byName: plainly && distanceFromConvention(file) >= 2 ? undefined : byName, bySource };
}

/** Which program a file is by its own name, else by the nearest folder that says so; `src/server/index.ts`: a server. */
export function programByName(file: string): Program | undefined {
  const parts = file.split("/");
  const last = parts.pop() ?? "";
  // handle_client.py is a server's module.
  if (/handl|helper|util/i.test(last)) return undefined;
  for (const part of [stem(last), ...parts.reverse().map(plain)]) {
    const server = NAMED["tcp-server"].test(part);
    const client = NAMED["tcp-client"].test(part);
    if (server !== client) return server ? "tcp-server" : "tcp-client";
    if (server && client) return undefined;
  }
  return undefined;
}

/**
 * How far a name is from the conventional one: 0 `server.py`, `tcp_echo_server.ts`; 1 `server/main.py`;
 * 2 `server_final.py`; 10 more for UDP.
 */
export function distanceFromConvention(file: string): number {
  const name = stem(file.split("/").at(-1) ?? "");
  const udp = name.includes("udp") ? 10 : 0;
  if (/^(server|peladen|pelayan|client|klien|pelanggan)$/.test(name.replace(/tcp|echo|udp/g, ""))) return udp;
  return udp + (/^(main|index|app)$/.test(name) ? 1 : 2);
}

/** Tests, settings and package files, which nobody hands in as the program. */
export function isBeside(file: string): boolean {
  const name = file.split("/").at(-1) ?? "";
  return /^(test_.*|.*_test|conftest|setup|__init__)\.py$|\.(test|spec|config|stories)\.[cm]?[jt]s$/i.test(name);
}

const SERVER_CALLS =
  /\.(listen|accept)\s*\(|\b(createServer|create_server|start_server)\s*\(|\bsocketserver\.\w|\bserve_forever\s*\(|\b(Threading|Forking)?(TCP|UDP)Server\s*\(|\bnew\s+(net\.)?Server\s*\(/;
const CLIENT_CALLS = /\bconnect(_ex)?\s*\(|\b(create_connection|open_connection|createConnection)\s*\(/;

/**
 * Which program a source looks like. It helps to choose a file and judges nobody.
 * `both` when it holds the calls of both.
 */
export function programBySource(source: string): Program | "both" | undefined {
  const code = source.replace(/^\s*(#|\/\/).*$/gm, "");
  const server = SERVER_CALLS.test(code);
  const client = CLIENT_CALLS.test(code);
  if (server && client) return "both";
  if (server || client) return server ? "tcp-server" : "tcp-client";
  // Datagrams need neither call: a UDP server binds and a UDP client only sends.
  if (/\.bind\s*\(/.test(code)) return "tcp-server";
  return /\.(sendto|send)\s*\(/.test(code) ? "tcp-client" : undefined;
}

function stem(name: string): string {
  return plain(name.replace(/\.[^.]+$/, ""));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
