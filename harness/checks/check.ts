import type { Contract, Level, Limits } from "../assignment/assignment.ts";
import type { Address } from "../kernel/address.ts";
import type { Text } from "../text.ts";
import type { Conversation } from "../wire/conversation.ts";
import type { DatagramProbe } from "../wire/datagram-probe.ts";
import type { Payload } from "../wire/payload.ts";
import type { Probe } from "../wire/probe.ts";
import type { Transcript } from "../wire/transcript.ts";
import type { Finding } from "./verdict.ts";

/** Where a behaviour is demanded, with the sentence quoted. */
export interface Citation {
  /** E.g. `RFC 862`, `RFC 9293 section 3.6`, `tcp(7)`, `lecture`. */
  readonly source: string;
  readonly quote: string;
}

/** What every check says of itself. Its id is its path: `tcp-server/echoes-a-message`. */
interface CheckBase<Scene> {
  readonly title: Text;
  /** Why it matters, for a beginner, in one or two sentences. */
  readonly why: Text;
  /** The requirement it counts for, unless the assignment lists it under another one. */
  readonly requirement: string;
  readonly cites: readonly Citation[];
  /** The level under a contract; `undefined` where the check does not apply. */
  level(contract: Contract): Level | undefined;
  /** Names of checks of the same program without which this one means nothing: skipped unless they passed. */
  readonly after?: readonly string[];
  /** Left out unless a requirement lists it by its id. */
  readonly onlyWhenAsked?: true;
  /** It changes settings of the network that the program is in: skipped unless that belongs to the program alone. */
  readonly needsOwnNetwork?: true;
  /** It comes over IPv6: skipped where the machine has none. */
  readonly needsIpv6?: true;
  /** It acts from a second host: skipped where none can be had. */
  readonly needsAnotherHost?: true;
  /**
   * What it does: acts on the subject and never judges. Or the source of the transcript that it only reads: `launch`,
   * or another check's name.
   */
  readonly stimulate: ((scene: Scene) => Promise<void>) | { readonly observes: string };
  /** Reads the transcript and never acts: same transcript, same finding, for ever. */
  judge(transcript: Transcript, contract: Contract): Finding;
}

/**
 * `shared`: a listening server, which is left listening. `ends`: a listening server, which is over afterwards.
 * `restarts`: whatever the check before left; a fresh server listens afterwards. `own`: launches by itself.
 */
export type ProcessNeed = "shared" | "ends" | "restarts" | "own";

export interface ServerCheck extends CheckBase<ServerScene> {
  readonly process?: ProcessNeed;
  /** Checks with a higher turn come later; within a turn by `after`, then by name. 0 when left out. */
  readonly turn?: number;
}

export interface ClientCheck extends CheckBase<ClientScene> {}
export interface PairCheck extends CheckBase<PairScene> {}
export type Check = ServerCheck | ClientCheck | PairCheck;

interface SceneBase {
  readonly contract: Contract;
  readonly payload: Payload;
  readonly conversation: Conversation;
}

/** What a check of a server can do. Connections, bytes and the program's own events are written down by themselves. */
export interface ServerScene extends SceneBase {
  /** Where the subject listens. */
  readonly address: Address;
  /** The most clients that one process of this server has met before. */
  readonly mostMet: number;
  /** A new client, named A, B, C, ... in this order. @param host where it connects to instead of `address.host` */
  connect(host?: string): Promise<Probe>;
  /** A new client on another host; `undefined` when it could not connect, which is written down. */
  connectFromAnotherHost(): Promise<Probe | undefined>;
  /** A new client of a UDP server, which hears only the server; named like that, too. */
  open(): Promise<DatagramProbe>;
  /** The same on another host. */
  openFromAnotherHost(): Promise<DatagramProbe>;
  readonly limits: Limits;
  /**
   * Starts the program again where it listened, or elsewhere; it becomes the subject. Writes down how that went.
   * `afresh`: where it listened, with nothing left there of earlier launches.
   */
  launch(where: "same-address" | "other-address" | "afresh"): Promise<void>;
  /** Acts in a conversation apart, with the server that runs or a fresh one. Nothing of it is written down here. */
  apart(act: (scene: ServerScene) => Promise<void>, server: "running" | "fresh"): Promise<Transcript>;
  /** What `find` finds at the first attempt, given again to those that confirm it. */
  found<T>(find: () => Promise<T>): Promise<T>;
  /** Occupies the address while `action` runs. */
  occupying(action: () => Promise<void>): Promise<void>;
}

/** What a check of a client can do: Gema is the server. */
export interface ClientScene extends SceneBase {
  /** What the client is told to send, without a line end; `undefined` when it sends a literal of its own. */
  readonly message: Buffer | undefined;
  /** Listens where the client will connect and calls `serve` for every connection. Before `run`. */
  serve(serve: (probe: Probe) => void): Promise<void>;
  /** The same elsewhere: at another address of this host, or on another host. The next `run` is told where. */
  serveElsewhere(where: "other-address" | "another-host", serve: (probe: Probe) => void): Promise<void>;
  /** The same for a UDP client: calls `serve` for every address that sends something. */
  serveDatagrams(serve: (probe: DatagramProbe) => void): Promise<void>;
  /** The same on another host. The next `run` is told where. */
  serveDatagramsOnAnotherHost(serve: (probe: DatagramProbe) => void): Promise<void>;
  /** Starts the client; `message` replaces the scene's own. Writes down how that went. */
  run(message?: Buffer): Promise<void>;
  /** Reserves the address without listening, so that a connection is refused. */
  refuse(): Promise<void>;
}

/** The student's clients meet the student's server. */
export interface PairScene extends SceneBase {
  readonly address: Address;
  /** Runs this many clients at the same time, each with a message of its own, until all have ended or stand still. */
  runClients(count: number): Promise<void>;
}

/** `must` under every contract. */
export const always = (level: Level) => (): Level => level;

/** One level a contract; leave one out where the check does not apply. */
export const byContract =
  (levels: Partial<Record<Contract["kind"], Level>>) =>
  ({ kind }: Contract): Level | undefined =>
    levels[kind];

export const MUST_ECHO = ["echoes-a-message", "echoes-without-newline"] as const;

/** What a UDP server must do before anything else about it means something. */
export const MUST_ANSWER = ["echoes-a-datagram", "answers-the-right-client", "keeps-datagrams-apart"] as const;

export const RFC862_UDP: Citation = {
  source: "RFC 862",
  quote: "When a datagram is received, the data from it is sent back in an answering datagram.",
};
export const RFC862: Citation = {
  source: "RFC 862",
  quote:
    "Once a connection is established any data received is sent back. This continues until the calling user terminates the connection.",
};
export const LECTURE: Citation = { source: "lecture", quote: "Menerima Data Klien dan Mengirimkannya Kembali" };
