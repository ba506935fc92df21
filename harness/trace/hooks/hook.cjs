// Reports what happens at each socket, with the line of the program behind it, to a file beside this one. Node runs
// it before the program, by `--require` in NODE_OPTIONS: unlike `--import` that leaves the way to the program's own file
// as it is. It takes its marks away again, and whatever goes wrong here costs reports and nothing else.
"use strict";

const { Socket: Datagram } = require("node:dgram");
const { appendFileSync, constants, realpathSync } = require("node:fs");
const { findSourceMap } = require("node:module");
const { Server, Socket } = require("node:net");
const { join, sep } = require("node:path");
const { fileURLToPath } = require("node:url");

const CALLS = join(__dirname, "calls");
/** Whatever the program has put in its place, it does not make the program wait. */
const OPENED = constants.O_WRONLY | constants.O_APPEND | (constants.O_NONBLOCK ?? 0);
const ROOT = process.env.GEMA_TRACE ?? "";
/** Calls beyond these are only counted. */
const MOST_CALLS = 1000;
const DEEPEST = 50;

delete process.env.GEMA_TRACE;
for (const name of ["PYTHONPATH", "NODE_OPTIONS"]) {
  if (process.env[name]?.includes(__dirname)) delete process.env[name];
}

const roots = [ROOT];
quietly(() => roots.push(realpathSync(ROOT)));

let calls = 0;
/** What is remembered of a socket: its ports, and the line that asked for its data. */
const known = new WeakMap();

function quietly(act) {
  try {
    return act();
  } catch {
    return undefined; // the program goes on as if nobody listened
  }
}

function write(record) {
  const atMs = Number(process.hrtime.bigint()) / 1e6;
  appendFileSync(CALLS, `${JSON.stringify({ atMs, pid: process.pid, ...record })}\n`, { flag: OPENED });
}

/** The innermost line of the program's own files; `undefined` when Node acts by itself. */
function place() {
  return stack()
    .map(placeOf)
    .find((found) => found !== undefined);
}

/** The line that made the call, when it is the program's own. */
function ownCall() {
  const [caller] = stack();
  return caller && placeOf(caller);
}

/** Without the frames of this file. */
function stack() {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.prepareStackTrace = (_, sites) => sites;
  Error.stackTraceLimit = DEEPEST;
  const sites = new Error().stack;
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  return Array.isArray(sites) ? sites.filter((site) => ![__filename, null].includes(site.getFileName())) : [];
}

function placeOf(site) {
  const script = site.getFileName();
  if (typeof script !== "string" || script.startsWith("node:")) return undefined;
  const entry = findSourceMap(script)?.findEntry(site.getLineNumber() - 1, site.getColumnNumber() - 1);
  const [name, line] = entry ? [entry.originalSource, entry.originalLine + 1] : [script, site.getLineNumber()];
  if (typeof name !== "string") return undefined;
  const file = name.startsWith("file:") ? fileURLToPath(name) : name;
  const root = roots.find((one) => file.startsWith(one + sep));
  if (root === undefined || file.includes(`${sep}node_modules${sep}`)) return undefined;
  return {
    file: file
      .slice(root.length + 1)
      .split(sep)
      .join("/"),
    line,
  };
}

function memory(socket) {
  const before = known.get(socket) ?? {};
  const { localPort, remotePort } = socket;
  const now =
    typeof localPort === "number" && typeof remotePort === "number" ? { local: localPort, remote: remotePort } : {};
  const both = Object.assign(before, now);
  known.set(socket, both);
  return both;
}

function ends(socket) {
  const { local, remote } = memory(socket);
  return local === undefined ? {} : { local, remote };
}

/** Writes down a call that is over at once, as all of Node's are. */
function report(call, more, where = place()) {
  calls++;
  if (calls <= MOST_CALLS) return write({ number: calls, call, ...more, ...where, over: true });
  const leftOut = calls - MOST_CALLS;
  if ((leftOut & (leftOut - 1)) === 0) write({ leftOut });
}

/** Runs `before` ahead of a method, which keeps its name and its number of parameters. */
function ahead(prototype, name, before) {
  const original = prototype[name];
  function method(...args) {
    quietly(() => before(this, ...args));
    return Reflect.apply(original, this, args);
  }
  Object.defineProperty(method, "name", { value: original.name });
  Object.defineProperty(method, "length", { value: original.length });
  Object.defineProperty(prototype, name, { value: method, writable: true, configurable: true, enumerable: true });
}

function size(chunk, encoding) {
  if (typeof chunk === "string") return Buffer.byteLength(chunk, typeof encoding === "string" ? encoding : "utf8");
  return ArrayBuffer.isView(chunk) ? chunk.byteLength : undefined;
}

const READS = ["data", "readable"];

for (const name of ["on", "once", "addListener"]) {
  ahead(Socket.prototype, name, (socket, event) => {
    const seen = memory(socket);
    if (READS.includes(event)) seen.reads = place() ?? seen.reads;
    // Node itself listens for the end of every socket that is made.
    if (event === "end") seen.ends = ownCall() ?? seen.ends;
  });
  ahead(Server.prototype, name, (server, event) => {
    if (event !== "connection") return;
    const seen = memory(server);
    seen.accepts = place() ?? seen.accepts;
  });
}

ahead(Server.prototype, "listen", () => report("listen", {}));
ahead(Server.prototype, "close", () => report("close", {}));
ahead(Server.prototype, "emit", (server, event, socket) => {
  if (event === "connection") report("connection", ends(socket), memory(server).accepts);
});
ahead(Socket.prototype, "connect", (socket) => {
  memory(socket).connects = place();
});
ahead(Socket.prototype, "emit", (socket, event, error) => {
  const { connects, remote } = memory(socket);
  if (event === "connect") {
    report("connect", ends(socket), connects);
    for (const { call, bytes, where } of memory(socket).waiting?.splice(0) ?? []) sent(socket, call, bytes, where);
  }
  if (event === "error" && remote === undefined) report("connect", { error: String(error?.code) }, connects);
});
ahead(Socket.prototype, "push", (socket, chunk) => {
  const { remote, reads, ends: finish } = memory(socket);
  if (remote === undefined) return;
  report(
    "data",
    { bytes: chunk === null ? 0 : size(chunk), ...ends(socket) },
    chunk === null ? (finish ?? reads) : reads,
  );
});
ahead(Socket.prototype, "write", (socket, chunk, encoding) => {
  sent(socket, "write", size(chunk, encoding), place() ?? memory(socket).reads);
});
ahead(Socket.prototype, "end", (socket, chunk, encoding) => {
  if (!socket.destroyed) sent(socket, "end", size(chunk, encoding), place());
});
for (const name of ["destroy", "resetAndDestroy"]) {
  ahead(Socket.prototype, name, (socket) => {
    if (memory(socket).remote !== undefined && !socket.destroyed) report(name, ends(socket));
  });
}

for (const name of ["setTimeout", "setEncoding"]) {
  ahead(Socket.prototype, name, (socket) => {
    if (memory(socket).remote !== undefined || socket.connecting) report(name, ends(socket));
  });
}

/** What is sent before the connection is there waits for it. */
function sent(socket, call, bytes, where) {
  const seen = memory(socket);
  if (socket.connecting) {
    seen.waiting ??= [];
    if (seen.waiting.length < MOST_CALLS) seen.waiting.push({ call, bytes, where });
  } else if (seen.remote !== undefined) report(call, { asked: bytes, bytes, ...ends(socket) }, where);
}

for (const name of ["on", "once", "addListener"]) {
  ahead(Datagram.prototype, name, (socket, event) => {
    if (event === "message") memory(socket).reads = place() ?? memory(socket).reads;
  });
}
ahead(Datagram.prototype, "bind", () => {
  // A socket that has no port yet binds itself when it connects or sends.
  if (stack()[0]?.getFileName() !== "node:dgram") report("bind", {});
});
ahead(Datagram.prototype, "connect", (socket) => {
  memory(socket).connects = place();
});
ahead(Datagram.prototype, "emit", (socket, event, first, sender) => {
  const { connects, reads } = memory(socket);
  const ends = portsOf(socket);
  if (event === "connect") report("connect", ends, connects);
  if (event === "error" && connects && ends.remote === undefined) {
    report("connect", { error: String(first?.code) }, connects);
  }
  const isHeard = socket.listenerCount(event) > 0;
  if (event === "message" && isHeard) report("message", { bytes: first.length, ...ends, remote: sender.port }, reads);
});
ahead(Datagram.prototype, "send", (socket, ...given) => {
  const ends = portsOf(socket);
  const { bytes, remote } = datagramOf(given, ends);
  const own = place();
  const seen = memory(socket);
  seen.waiting ??= [];
  // Without a port it keeps the datagram, and calls this again, without the program, once it has one.
  if (ends.local === undefined) {
    if (seen.waiting.length < MOST_CALLS) seen.waiting.push({ bytes, remote, where: own });
    return;
  }
  const kept = own ? -1 : seen.waiting.findIndex((one) => one.bytes === bytes && one.remote === remote);
  const where = own ?? seen.waiting.splice(0, kept + 1).at(-1)?.where;
  report("send", { asked: bytes, bytes, ...ends, remote }, where);
});
ahead(Datagram.prototype, "close", (socket) => {
  const seen = memory(socket);
  seen.closes = place() ?? seen.closes;
  const ends = portsOf(socket);
  if (ends.local !== undefined) report("close", ends, seen.closes);
});

/** The ports that a datagram socket has by now. */
function portsOf(socket) {
  const local = quietly(() => socket.address().port);
  const remote = quietly(() => socket.remoteAddress().port);
  return { ...(local !== undefined && { local }), ...(remote !== undefined && { remote }) };
}

/** The size of what `send` is given, whole or a part of it by offset and length, and the port that it goes to. */
function datagramOf([data, offset, length, port, address], ends) {
  const connected = ends.remote !== undefined;
  const part = connected ? typeof length === "number" : address || (port && typeof port !== "function");
  const pieces = Array.isArray(data) ? data : [data];
  const bytes = part ? length : pieces.reduce((sum, piece) => sum + (size(piece) ?? 0), 0);
  return { bytes, remote: connected ? ends.remote : Number(part ? port : offset) };
}
