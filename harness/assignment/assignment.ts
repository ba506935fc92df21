import type { Text } from "../text.ts";

/** The programs Gema knows how to grade. A check's id begins with one of these, or with a pair. */
export const PROGRAMS = ["tcp-server", "tcp-client", "udp-server", "udp-client"] as const;
export type Program = (typeof PROGRAMS)[number];
export type Protocol = "tcp" | "udp";
export type Role = "server" | "client";

/** Both programs of one protocol, run against each other where both are asked for. */
export const PAIRS = ["pair", "udp-pair"] as const;
export type Pair = (typeof PAIRS)[number];

export function isProgram(run: Program | Pair): run is Program {
  return PROGRAMS.some((program) => program === run);
}

export function protocolOf(program: Program | Pair): Protocol {
  return program.startsWith("udp-") ? "udp" : "tcp";
}

export function roleOf(program: Program): Role {
  return program.endsWith("server") ? "server" : "client";
}

/** Those of `programs`, and the pairs they make. */
export function withPairs(programs: readonly Program[]): (Program | Pair)[] {
  const made = PAIRS.filter((pair) => programs.filter((one) => protocolOf(one) === protocolOf(pair)).length === 2);
  return [...programs, ...made];
}

/**
 * `must` costs the requirement its points; `should` is a warning; `info` is shown and never scored.
 */
export type Level = "must" | "should" | "info";

/** How an echo must behave; see `ContractKind`. Everything a judge may know besides the transcript. */
export interface Contract {
  readonly kind: ContractKind;
  /** A silent client must not keep the others waiting. */
  readonly concurrent: boolean;
  /** The largest message in bytes that a one-shot or a UDP server receives at once. */
  readonly bufferBytes: number;
  readonly address: AddressRule;
  readonly client: ClientRule;
}

/**
 * `one-shot`: accept, one receive, send it back, close that connection, accept the next.
 * `stream`: RFC 862, echo every byte until the client has finished.
 */
export type ContractKind = "one-shot" | "stream";

/** Where a server listens and a client connects, and how the program learns it. */
export interface AddressRule {
  /** An IPv4 or IPv6 address, or `localhost`. */
  readonly host: string;
  /** 1..65535; for every way but `fixed` Gema picks a free port for each launch. */
  readonly port: number;
  readonly passed: AddressPassing;
  /** The server must answer over IPv4 and over IPv6. */
  readonly dualStack?: boolean;
  /** `network`: programs on another host must be met, too; `host` is a wildcard then. `host` when left out. */
  readonly reach?: Reach;
}

/** Where the other end of a connection may be: on the same host, or on any in the network. */
export type Reach = "host" | "network";

export type AddressPassing =
  /** Hard-coded in the program. */
  | { readonly by: "fixed" }
  /** Positional arguments; elements may hold `{host}` and `{port}`. */
  | { readonly by: "argv"; readonly args: readonly string[] }
  /** Option flags, e.g. `["--host", "{host}", "--port", "{port}"]`. */
  | { readonly by: "flags"; readonly args: readonly string[] }
  /** Environment variables, e.g. `{ "PORT": "{port}" }`. */
  | { readonly by: "env"; readonly variables: Readonly<Record<string, string>> }
  /** Lines typed at the program's prompts, e.g. `["{host}", "{port}"]`. */
  | { readonly by: "stdin"; readonly lines: readonly string[] }
  /** A whole command, e.g. `["python3", "server.py", "-p", "{port}"]`; may hold `{message}` for a client. */
  | { readonly by: "command"; readonly command: readonly string[] };

export interface ClientRule {
  /** How the client learns its address, where that is not as `AddressRule` says. */
  readonly passed?: AddressPassing;
  readonly message: MessageRule;
  /** The client must show the reply that it received on stdout. */
  readonly printsReply: boolean;
  /** The client is expected to give up by itself when no reply ever comes. */
  readonly mustTimeOut: boolean;
}

/** How the message that a client sends is chosen. */
export type MessageRule =
  /** The client sends a literal; `text` when the assignment says which. */
  | { readonly by: "fixed"; readonly text?: string }
  /** Gema passes it as arguments; elements may hold `{message}`. */
  | { readonly by: "argv"; readonly args: readonly string[] }
  /**
   * Gema types it as a line on stdin; a trailing newline on the wire is allowed. Lines after the one that holds it are typed
   * once it was answered.
   */
  | { readonly by: "stdin"; readonly lines: readonly string[] };

/** A numbered sentence of the handout. Points live here, never on checks. */
export interface Requirement {
  readonly id: string;
  readonly text: Text;
  /** When given, every check below has this level; when left out each keeps the level its contract gives it. */
  readonly level?: Level;
  /** Not negative. */
  readonly points: number;
  /** Check ids, e.g. `tcp-server/echoes-a-message`; when left out, the checks that name this requirement themselves. */
  readonly checks?: readonly string[];
}

export interface ProgramRule {
  /** The file to run, relative to the submission; found by convention when left out. */
  readonly file?: string;
}

export interface Limits {
  /** Seconds until a program must be listening; at least 10 (32 launches on 2 cores took 1.6 s at the median). */
  readonly startSeconds: number;
  /** Bytes of each of stdout and stderr that are kept: half from the beginning, half from the end. */
  readonly keptOutputBytes: number;
  /** How long `tcp-server/echoes-in-any-conversation` looks for one that fails; when left out, it tries a fixed number. */
  readonly exploreSeconds?: number;
}

/** What was asked. */
export interface Assignment {
  /** Kebab-case. */
  readonly name: string;
  readonly title: Text;
  readonly programs: Readonly<Partial<Record<Program, ProgramRule>>>;
  readonly contract: Contract;
  readonly requirements: readonly Requirement[];
  readonly limits: Limits;
  /** A `node_modules` that programs may import from, as written: relative to the assignment's file. */
  readonly nodeModules?: string;
}
