import type { Address, ListeningSocket } from "../kernel/address.ts";
import type { BlockedCall } from "../kernel/blocked.ts";
import type { Exit } from "../launch/subject.ts";
import type { Text } from "../text.ts";

/** What the kernel says about one connection while nothing moves. */
export interface ConnectionState {
  readonly peer: string;
  /** The subject has called accept() for this connection. */
  readonly accepted: boolean;
  /** Bytes we sent that the subject has not read; with UDP at most as many. */
  readonly unread: number;
}

export type { Address, BlockedCall, Exit, ListeningSocket };

/**
 * One thing that happened. `peer` names a probe (`A`, `B`, ...). Events about the program itself have no peer.
 *
 * Two families need care. `silent` says that nothing more will come until somebody sends: `proved` from the kernel's
 * tables, or assumed because a deadline passed. `body-sent`/`body-received` stand for bodies too large to store. With
 * UDP each `sent` and `received` is one datagram.
 */
export type TranscriptEvent = {
  readonly atMs: number;
} /** The command as a person types it in the submission's folder. */ & (
  | {
      readonly type: "started";
      readonly command: readonly string[];
      /** Variables by which it was told its address. */
      readonly env?: Readonly<Record<string, string>>;
      readonly pid: number;
    }
  /** Where the program was told to listen or to connect, by this launch. */
  | { readonly type: "asked"; readonly address: Address }
  /** There was nothing to start: a mistake in the source, in words. */
  | { readonly type: "not-started"; readonly problem: Text }
  | { readonly type: "listening"; readonly sockets: readonly ListeningSocket[] }
  | {
      readonly type: "not-listening";
      readonly why: NotListening;
      readonly blocked: readonly BlockedCall[];
      /** It listens at these files, by Unix sockets. */
      readonly paths?: readonly string[];
    }
  /** With UDP nothing travels: our socket is ready, or it has heard from the subject for the first time. */
  | {
      readonly type: "connected";
      readonly peer: string;
      readonly local: Address;
      readonly remote: Address;
      readonly protocol?: "udp";
    }
  | { readonly type: "not-connected"; readonly peer: string; readonly code: string }
  | { readonly type: "sent"; readonly peer: string; readonly bytes: Uint8Array }
  | { readonly type: "received"; readonly peer: string; readonly bytes: Uint8Array }
  | ({ readonly type: "body-sent"; readonly peer: string } & BodyDigest)
  | ({
      readonly type: "body-received";
      readonly peer: string;
      readonly difference: BodyDifference | null;
      /** The very bytes that were sent, each as often, in another order. */
      readonly reordered?: true;
    } & BodyDigest)
  | { readonly type: "read-by-subject"; readonly peer: string; readonly bytes: number }
  /** We have finished sending: our FIN. */
  | { readonly type: "half-closed"; readonly peer: string }
  /** The subject has finished sending: its FIN. */
  | { readonly type: "ended"; readonly peer: string }
  /** A datagram of ours met no socket: the subject's host answered with ICMP "port unreachable". */
  | { readonly type: "unreachable"; readonly peer: string }
  /** The subject's end sent RST. */
  | { readonly type: "reset"; readonly peer: string }
  /** Our end was closed; `by` FIN or RST. */
  | { readonly type: "closed"; readonly peer: string; readonly by: "fin" | "rst" }
  | {
      readonly type: "silent";
      readonly proved: boolean;
      /** It was not silent: something still came now and then when the waiting ended. */
      readonly goesOn?: true;
      readonly afterMs: number;
      readonly blocked: readonly BlockedCall[];
      readonly connections: readonly ConnectionState[];
    }
  | { readonly type: "signalled"; readonly signal: string }
  | { readonly type: "typed"; readonly text: string }
  /** The program's stdin is at its end, as after Ctrl-D. */
  | { readonly type: "input-ended" }
  | ({ readonly type: "stdout" | "stderr"; readonly text: string } & OfLaunch)
  | ({ readonly type: "exited"; readonly exit: Exit } & OfLaunch)
  /** A figure that a judge compares; `what` says which, with its unit. */
  | { readonly type: "measured"; readonly what: Measure; readonly value: number }
  /** The stimulus could not be given; the judge says `inconclusive` with this reason. */
  | { readonly type: "not-achieved"; readonly why: NotAchieved }
);

/** The launch it belongs to, where several programs run at once. */
interface OfLaunch {
  readonly pid?: number;
}

export interface BodyDigest {
  readonly length: number;
  readonly sha256: string;
}

/** The first place where a large body differs from what was expected, with the bytes around it. */
export interface BodyDifference {
  readonly at: number;
  /** Offset of the first byte of `expected` and `observed`. */
  readonly from: number;
  readonly expected: Uint8Array;
  readonly observed: Uint8Array;
}

export type NotListening = "exited" | "blocked" | "deadline";
export type NotAchieved =
  /** The kernel did not say that each piece was read on its own. */
  "segmentation-not-seen" | "not-delivered" | "needs-linux" | "port-not-free";

export type Measure =
  /** The largest share of one processor that the program wanted while nobody talked to it. */
  | "cpu-busiest-share"
  /** What it printed while nobody talked to it, the most in one such moment, where that was a flood. */
  | "idle-output-characters"
  | "open-sockets-before"
  | "open-sockets-after"
  | "resident-before-bytes"
  | "resident-peak-bytes"
  | "body-bytes"
  /** How many conversations were tried before the one that follows, if any. */
  | "conversations-held"
  /** Connections that a listener was given, or datagrams that were sent, while the clients ran. */
  | "contacts-made"
  /** 1 when the program was stopped and continued while it slept in a send, 0 when it was not seen in one. */
  | "stopped-in-send"
  /** 1 when Python catches the SIGINT that comes next, for the program or by itself; 0 when that ends it. */
  | "catches-interrupt"
  /** What a client had sent when it did nothing more and nothing had been sent back yet. */
  | "bytes-before-echo"
  /** 1 when the kernel still holds an end of the closed connection in TIME_WAIT, 0 after a RST. */
  | "left-in-order"
  /** Datagrams that went to ports where nobody waits, while a program lived and did not answer. */
  | "datagrams-astray"
  /** How often a client that came to no server of Gema's knocked where nobody listens. */
  | "knocks-in-vain";

type WithoutTime<E> = E extends unknown ? Omit<E, "atMs"> : never;
export type EventWithoutTime = WithoutTime<TranscriptEvent>;
export type EventOf<T extends TranscriptEvent["type"]> = Extract<TranscriptEvent, { type: T }>;

/** The ordered record of everything that happened, on one monotonic clock: the only evidence. */
export type Transcript = readonly TranscriptEvent[];
