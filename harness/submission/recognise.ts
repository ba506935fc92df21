import type { Protocol, Role } from "../assignment/assignment.ts";

const WORDS: Readonly<Record<Role, string>> = { server: "server|peladen|pelayan", client: "client|klien|pelanggan" };
const NAMED: Readonly<Record<Role, RegExp>> = {
  server: new RegExp(`${WORDS.server}|^srv`),
  client: new RegExp(`${WORDS.client}|^cli$`),
};
const ROLE_ALONE = new RegExp(`^(${WORDS.server}|${WORDS.client})$`);

/** What a file's name and source say about the program that it is. */
export interface Signs {
  readonly byName: Role | undefined;
  readonly bySource: Role | "both" | undefined;
  /** By its name and its folders, else by its source. */
  readonly protocol: Protocol | undefined;
}

/** Reads both signs. A name like `exits_after_first_client.py` does not count against a source that plainly listens. */
export function recognise(file: string, source: string): Signs {
  const byName = roleByName(file);
  const bySource = roleBySource(source);
  const contradicts = bySource !== undefined && bySource !== "both" && bySource !== byName;
  const isVague = distanceFromConvention(file) >= 2 && (isDecisive(source) || !saysItsRole(file));
  return {
    byName: contradicts && isVague ? undefined : byName,
    bySource,
    protocol: protocolByName(file) ?? protocolBySource(source),
  };
}

/** The protocol in a file's own name, else in that of the nearest folder that says one: `udp_server.py`, `udp/server.py`. */
export function protocolByName(file: string): Protocol | undefined {
  const parts = file.toLowerCase().split("/").reverse();
  for (const part of parts) {
    const [tcp, udp] = [part.includes("tcp"), part.includes("udp")];
    if (tcp !== udp) return tcp ? "tcp" : "udp";
  }
  return undefined;
}

const UDP_CALLS =
  /SOCK_DGRAM|\bdgram\b|\b(recvfrom|sendto)(_into)?\s*\(|create_datagram_endpoint|DatagramProtocol|DatagramRequestHandler|UDPServer/;
const TCP_CALLS =
  /SOCK_STREAM|["'](node:)?net["']|\.(listen|accept)\s*\(|\b(create_server|create_connection|start_server|open_connection)\s*\(|TCPServer|StreamRequestHandler/;

/** The protocol whose calls a source holds; `undefined` when it holds both or neither. */
export function protocolBySource(source: string): Protocol | undefined {
  const code = withoutComments(source);
  const [tcp, udp] = [TCP_CALLS.test(code), UDP_CALLS.test(code)];
  return tcp === udp ? undefined : tcp ? "tcp" : "udp";
}

/** Which program a file is by its own name, else by the nearest folder that says so; `src/server/index.ts`: a server. */
export function roleByName(file: string): Role | undefined {
  const parts = file.split("/");
  const last = parts.pop() ?? "";
  // handle_client.py is a server's module.
  if (/handl|helper|util/i.test(last)) return undefined;
  for (const part of [stem(last), ...parts.reverse().map(plain)]) {
    const server = NAMED.server.test(part);
    const client = NAMED.client.test(part);
    if (server !== client) return server ? "server" : "client";
    if (server && client) return undefined;
  }
  return undefined;
}

/**
 * How far a name is from the conventional one: 0 `server.py`, `tcp_echo_server.ts`; 1 `server/main.py`;
 * 2 `server_final.py`.
 */
export function distanceFromConvention(file: string): number {
  const name = stem(file.split("/").at(-1) ?? "");
  if (isRole(name)) return 0;
  return /^(main|index|app)$/.test(name) ? 1 : 2;
}

/** `udp_client_2.py`, `budi-server.js`: whoever begins or ends a name like that says what it is. */
function saysItsRole(file: string): boolean {
  const words = (file.split("/").at(-1) ?? "").replace(/\.[^.]+$/, "").split(/[^\p{L}]+/u);
  const telling = words.filter((word) => word.length > 1 && !/^(tcp|udp|echo)$/i.test(word) && !isRevised(word));
  return [telling.at(0), telling.at(-1)].some((word = "") => isRole(word.toLowerCase()));
}

/** `server`, `tcpechoserver`. */
function isRole(name: string): boolean {
  return ROLE_ALONE.test(name.replace(/tcp|echo|udp/g, ""));
}

/** Tests, settings and package files, which nobody hands in as the program. */
export function isBeside(file: string): boolean {
  const name = file.split("/").at(-1) ?? "";
  return /^(test_.*|.*_test|conftest|setup|__init__)\.py$|\.(test|spec|config|stories)\.[cm]?[jt]s$/i.test(name);
}

const REVISED =
  /(^|[^a-z])(final|fix|fixed|revisi|revised|rev|baru|terbaru|perbaikan|new|newest|latest|benar|akhir|updated?)\d*([^a-z]|$)/i;

/** A later version by its name, such as `server_final.py`, which `server.py` beside it may have been before. */
export function isRevised(file: string): boolean {
  return REVISED.test(file.split("/").at(-1) ?? "");
}

const SERVER_CALLS =
  /\.(listen|accept)\s*\(|\b(createServer|create_server|start_server)\s*\(|\bsocketserver\.\w|\bserve_forever\s*\(|\b(Threading|Forking)?(TCP|UDP)Server\s*\(|\bnew\s+([\w$]+\.)?\w*Server\s*\(/;
/** A UDP socket that is connected to a well-known host, for the address of this one: servers do that, too. */
const LEARNS_ITS_ADDRESS =
  /\bconnect\s*\([^)\n]{0,200}["'](8\.8\.8\.8|8\.8\.4\.4|1\.1\.1\.1|10\.25[45]\.25[45]\.25[45]|192\.255\.255\.255)["']/g;
/** What a server keeps, it may keep in a database. */
const CONNECTS_TO_A_DATABASE =
  /\b(sqlite3|aiosqlite|pymysql|MySQLdb|mysql\.connector|mariadb|psycopg2?|mongoose)\.connect\s*\(/g;
/** `promisify(socket.connect)` is as good as a call. */
const CLIENT_CALLS = /\bconnect(_ex)?\s*\(|\.connect\s*\)|\b(create_connection|open_connection|createConnection)\s*\(/;

/**
 * Which role a source looks like. It helps to choose a file and judges nobody.
 * `both` when it holds the calls of both.
 */
export function roleBySource(source: string): Role | "both" | undefined {
  const code = withoutComments(source).replace(LEARNS_ITS_ADDRESS, "").replace(CONNECTS_TO_A_DATABASE, "");
  const role = roleByCalls(code);
  if (role !== "both" || bindsToListen(code)) return role;
  return roleByCalls(withoutOwnMethods(code)) ?? role;
}

function roleByCalls(code: string): Role | "both" | undefined {
  const server = SERVER_CALLS.test(code);
  const client = CLIENT_CALLS.test(code);
  if (server && client) return "both";
  if (!server && protocolBySource(code) === "udp" && bindsToListen(code)) return "server";
  if (server || client) return server ? "server" : "client";
  if (bindsToListen(code)) return "server";
  // Its bind was forgotten.
  if (!/\.bind\s*\(/.test(code) && functionsOf(code).some((one) => order(one) === "hears first")) return "server";
  return /\.(sendto|send)\s*[()]|\bremote_addr\b/.test(code) ? "client" : undefined;
}

/** Its calls say which role it has: those of TCP, or a receive and a send whose order is known. */
function isDecisive(source: string): boolean {
  const code = withoutComments(source);
  return (
    SERVER_CALLS.test(code) ||
    CLIENT_CALLS.test(code) ||
    answersItsSenders(code) ||
    functionsOf(code).some((one) => order(one) !== undefined)
  );
}

/** A method that a student calls `connect` or `listen` says nothing, wherever it is called. */
const OWN_METHOD =
  /^\s*(?:(?:async\s+)?def|(?:(?:public|private|protected|static|async|override)\s+)*#?)\s*(connect|listen|accept)\s*\([^()]*\)\s*(?:->[^:\n]*)?(?::[^{};\n]*)?[:{]/gm;

function withoutOwnMethods(code: string): string {
  const names = [...code.matchAll(OWN_METHOD)].map(([, name]) => name);
  if (names.length === 0) return code;
  return code.replace(new RegExp(`\\b(${names.join("|")})\\s*\\(`, "g"), "own(");
}

/** Datagrams need neither call: a UDP server binds and answers, whatever else it does; a client may bind, too, and speaks. */
function bindsToListen(code: string): boolean {
  const binds = code.replace(BINDS_A_FUNCTION, "");
  return (
    BINDS_TO_A_PORT.some((to) => to.test(binds)) && !functionsOf(code).some((one) => order(one) === "speaks first")
  );
}

/** `console.error.bind(console)`, `promisify(socket.send).bind(socket)`: what stands before the name is given back to it. */
const BINDS_A_FUNCTION = /(?<![\w.])([\w.]{1,80})\.\w{1,80}\s{0,9}\)?\.bind\s*\(\s*\1\s*[,)]/g;
/** Port 0, or none, is any port: nobody listens there. `bind(this)` is a function's. */
const BINDS_TO_A_PORT = [
  /\.bind\s*\((?!\s*(\)|0\s*[,)]|(this|null|undefined)\s*[,)]|\(\s*\)\s*=>|function\b|\{[^{}]*\bport\s*:\s*0\b|\([^()]*,\s*0\s*\)))/,
  /\blocal_addr\b(?!\s*=\s*(None\b|\([^()]*,\s*0\s*\)))/,
  /\bcreate_datagram_endpoint\s*\([^,]+,\s*\((?![^()]*,\s*0\s*\))/,
];

/** `sendto(*recvfrom())` answers. `undefined` where either is missing. */
function order(code: string): "hears first" | "speaks first" | undefined {
  const [hears, speaks] = [/\.recv\w*\s*\(/, /\.send\w*\s*\((?!.{0,200}\.recv)/].map((call) => call.exec(code)?.index);
  if (hears === undefined || speaks === undefined) return undefined;
  return speaks < hears ? "speaks first" : "hears first";
}

/** Of what stands in the brackets of a call. */
const ARGUMENTS_AT_MOST = 300;

/** Whatever it sends goes where Node says that a datagram came from: `socket.send(message, from.port, from.address)`. */
function answersItsSenders(code: string): boolean {
  const sends = [...code.matchAll(/\.send\s*\(/g)].map(
    ({ index }) => code.slice(index, index + ARGUMENTS_AT_MOST).split(/;|\n\s*\n|=>|\bfunction\b/)[0],
  );
  return sends.length > 0 && sends.every((send) => /\w\.address\b(?!\s*\()/.test(send ?? ""));
}

/** What runs in the order in which it is written: each Python function without those inside it, and what is in none. */
function functionsOf(code: string): string[] {
  const whole = { indent: -1, lines: [] as string[] };
  const [all, open] = [[whole], [whole]];
  for (const line of code.split("\n").filter((one) => one.trim() !== "")) {
    const indent = line.search(/\S/);
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
    open.at(-1)?.lines.push(line);
    if (!/^\s*(async\s+)?def\s/.test(line)) continue;
    const inner = { indent, lines: [] };
    all.push(inner);
    open.push(inner);
  }
  return all.map(({ lines }) => lines.join("\n"));
}

function withoutComments(source: string): string {
  return source.replace(/^[^\S\n]*(#|\/\/).*$/gm, "");
}

function stem(name: string): string {
  return plain(name.replace(/\.[^.]+$/, ""));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
