import { measured } from "../checks/reading.ts";
import type { CheckResult } from "../checks/verdict.ts";
import { destinationOf } from "../kernel/address.ts";
import type { Transcript } from "../wire/transcript.ts";
import { clientSteps, type Step, serverSteps } from "./by-hand-steps.ts";
import { harmless } from "./harmless.ts";

interface Target {
  readonly host: string;
  readonly port: number;
}

/** A script with more steps teaches nobody; `gema check --only` repeats such a check. */
const MOST_STEPS = 16;
/** Longer payloads are replaced by as many `x`: what matters about them is their size. */
const LONGEST_LITERAL = 96;
const LONGEST_ARGUMENT = 1000;

/**
 * A command that does by hand what the probe did: one line of `printf | nc` for a single message, else a short
 * `python3 -c`; with UDP likewise. Lines may be indented when shown and still work when copied.
 * @returns undefined when the transcript holds nothing to repeat, or more than a person would.
 */
export function byHand(
  check: Pick<CheckResult, "check">,
  transcript: Transcript,
  address: Target,
): readonly string[] | undefined {
  // With ordinary buffers nothing would be seen, and on one computer no other one.
  if (measured(transcript, "stopped-in-send") !== undefined || check.check.endsWith("-another-host")) return undefined;
  const target = { ...address, host: destinationOf(address.host) };
  if (check.check.startsWith("tcp-client/")) return againstClient(transcript, target);
  if (check.check.startsWith("udp-")) return inDatagrams(check.check, transcript, target);
  if (!check.check.startsWith("tcp-server/")) return undefined;
  const steps = serverSteps(check.check === "tcp-server/echoes-a-message" ? untilUnanswered(transcript) : transcript);
  if (steps.length === 0) return startCommand(transcript);
  if (steps.length > MOST_STEPS) return undefined;
  return oneBody(steps, target) ?? oneMessage(steps, target) ?? script(steps, serverNames(steps), [], target);
}

/** Quotes one word for a POSIX shell; unsafe characters are shown, so such a name has to be typed by hand. */
export function shellWord(word: string): string {
  const shown = harmless(word);
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", `'\\''`)}'`;
}

function startCommand(transcript: Transcript): string[] | undefined {
  const started = transcript.find((event) => event.type === "started");
  if (!started) return undefined;
  const variables = Object.entries(started.env ?? {}).map(([name, value]) => `${name}=${argument(value)}`);
  return [[...variables, ...started.command.map(argument)].join(" ")];
}

/** A long message is told by its size, too. */
function argument(word: string): string {
  return word.length > LONGEST_ARGUMENT ? `"$(python3 -c 'print("x" * ${word.length})')"` : shellWord(word);
}

function againstClient(transcript: Transcript, target: Target): string[] | undefined {
  const command = startCommand(transcript);
  const steps = clientSteps(transcript);
  if (command === undefined || steps.length > MOST_STEPS) return undefined;
  if (steps.length === 0) return command;
  const names = serverNames(steps);
  return [
    ...script(steps, names, [`s = socket.create_server((${hostAndPort(target)}))`], target),
    "# 2nd terminal:",
    ...command,
  ];
}

/** With UDP nothing is connected: each datagram goes to an address, and says where it came from. */
function inDatagrams(check: string, transcript: Transcript, target: Target): string[] | undefined {
  const isServer = check.startsWith("udp-server/");
  const all = isServer ? serverSteps(untilUnanswered(transcript)) : clientSteps(transcript);
  // Whoever only answers, or only disturbs, is met by the same socket.
  const steps = all.filter(({ peer }) =>
    all.some((step) => step.peer === peer && step.do === (isServer ? "send" : "receive")),
  );
  const command = startCommand(transcript);
  if (steps.length === 0) return command;
  if (steps.length > MOST_STEPS) return undefined;
  const names = serverNames(steps);
  if (isServer) {
    const ask = (step: Step): string[] => asDatagramClient(step, names.get(step.peer) ?? "a", target);
    return oneDatagram(steps, target) ?? pythonScript(steps.flatMap(ask));
  }
  if (command === undefined) return undefined;
  const bound = ["s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)", `s.bind((${hostAndPort(target)}))`];
  return [...pythonScript([...bound, ...steps.flatMap(asDatagramServer)]), "# 2nd terminal:", ...command];
}

/** Whatever was tried again shows nothing new by hand. */
function untilUnanswered(transcript: Transcript): Transcript {
  const waiting = new Set<string>();
  const end = transcript.findIndex((event) => {
    if (event.type === "sent") waiting.add(event.peer);
    if (event.type === "received") waiting.delete(event.peer);
    return event.type === "silent" && waiting.size > 0;
  });
  return end < 0 ? transcript : transcript.slice(0, end + 1);
}

function oneDatagram(steps: readonly Step[], { host, port }: Target): string[] | undefined {
  const [send, another] = steps.filter((step) => step.do === "send");
  if (send === undefined || another || send.pieces.length > 1) return undefined;
  if (send.bytes.length === 0 || send.bytes.length > LONGEST_LITERAL) return undefined;
  return [`printf '${printfText(send.bytes)}' |`, `  nc -u -w1 ${host} ${port}`];
}

function asDatagramClient(step: Step, name: string, target: Target): string[] {
  switch (step.do) {
    case "connect":
      return [`${name} = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)`, `${name}.settimeout(5)`];
    case "send":
      return step.pieces.map((bytes) => `${name}.sendto(${literal(bytes)}, (${hostAndPort(target)}))`);
    case "receive":
      return [`print(${name}.recvfrom(65535))`];
    default:
      return [];
  }
}

function asDatagramServer(step: Step): string[] {
  if (step.do === "receive") return ["data, client = s.recvfrom(65535)", "print(data, client)"];
  return step.do === "send" ? step.pieces.map((bytes) => `s.sendto(${literal(bytes)}, client)`) : [];
}

function oneBody(steps: readonly Step[], { host, port }: Target): string[] | undefined {
  const bodies = steps.filter((step) => step.do === "body");
  const [body] = bodies;
  if (body === undefined) return undefined;
  if (bodies.length > 1 || steps.some((step) => step.do === "send")) return undefined;
  return [`head -c ${body.length} /dev/urandom > body;`, `  nc -N ${host} ${port} < body | cmp - body`];
}

/** A single message needs no script, unless something else happened on the connection. */
function oneMessage(steps: readonly Step[], { host, port }: Target): string[] | undefined {
  const sends = steps.filter((step) => step.do === "send");
  const peers = new Set(steps.map((step) => step.peer));
  const [send] = sends;
  const odd = steps.some((step) => step.do === "linger" || step.do === "body");
  if (send === undefined || sends.length > 1 || peers.size > 1 || odd) return undefined;
  if (send.pieces.length > 1 || send.bytes.length > LONGEST_LITERAL) return undefined;
  return [`printf '${printfText(send.bytes)}' |`, `  nc -q1 ${host} ${port}`];
}

function script(
  steps: readonly Step[],
  names: ReadonlyMap<string, string>,
  before: string[],
  target: Target,
): string[] {
  return pythonScript([...before, ...steps.map((step) => statement(step, names.get(step.peer) ?? "a", target))]);
}

function pythonScript(statements: readonly string[]): string[] {
  const imports = [
    "socket",
    ...["time", "struct"].filter((name) => statements.some((line) => line.includes(`${name}.`))),
  ];
  const lines = [`import ${imports.join(", ")}`, ...statements];
  // A backslash joins lines for Python, so that indenting them does not matter.
  return lines.map((line, i) => {
    const start = i === 0 ? "python3 -c '" : "  ";
    return `${start}${line}${i === lines.length - 1 ? "'" : "; \\"}`;
  });
}

/** `A` becomes `a`; other peers are numbered. */
function serverNames(steps: readonly Step[]): Map<string, string> {
  const peers = [...new Set(steps.map((step) => step.peer))];
  return new Map(peers.map((peer, i) => [peer, /^[A-RT-Z]$/.test(peer) ? peer.toLowerCase() : `c${i + 1}`]));
}

function statement(step: Step, name: string, target: Target): string {
  switch (step.do) {
    case "connect":
      return `${name} = socket.create_connection((${hostAndPort(target)}), 5)`;
    case "accept":
      return `${name} = s.accept()[0]`;
    case "send":
      return send(step.pieces, step.bytes, name);
    case "body":
      return `${name}.sendall(b"x" * ${step.length})`;
    case "receive":
      return `print(${name}.recv(65535))`;
    case "finish":
      return `${name}.shutdown(socket.SHUT_WR)`;
    case "close":
      return `${name}.close()`;
    case "linger":
      return `${name}.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))`;
  }
}

function send(pieces: readonly Uint8Array[], bytes: Uint8Array, name: string): string {
  if (pieces.length === 1) return `${name}.sendall(${literal(bytes)})`;
  const single = pieces.every((piece) => piece.length === 1);
  const each = single ? `bytes([x])) for x in ${literal(bytes)}` : `x) for x in (${pieces.map(literal).join(", ")})`;
  // A pause lets each piece be read on its own; the probe asks the kernel instead.
  return `[time.sleep(0.1) or ${name}.sendall(${each}]`;
}

function hostAndPort({ host, port }: Target): string {
  return `"${host}", ${port}`;
}

function literal(bytes: Uint8Array): string {
  const every = Buffer.from(bytes).indexOf(EVERY_BYTE);
  if (every >= 0) return aroundEveryByte(bytes, every);
  if (bytes.length > LONGEST_LITERAL) return `b"x" * ${bytes.length}`;
  const plain = (byte: number) => byte >= 0x20 && byte <= 0x7e && !`"'\\`.includes(String.fromCharCode(byte));
  const shown = Array.from(bytes, (byte) =>
    plain(byte) ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`,
  );
  return `b"${shown.join("")}"`;
}

const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

function aroundEveryByte(bytes: Uint8Array, at: number): string {
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at + EVERY_BYTE.length)];
  const parts = [before, after].map((part) => (part.length > 0 ? literal(part) : undefined));
  return [parts[0], "bytes(range(256))", parts[1]].filter((part) => part !== undefined).join(" + ");
}

function printfText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => {
    if (byte === 0x0a) return "\\n";
    if (byte === 0x25) return "%%";
    const plain = byte >= 0x20 && byte <= 0x7e && byte !== 0x27 && byte !== 0x5c;
    return plain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
  }).join("");
}
