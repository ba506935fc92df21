import type { Transcript, TranscriptEvent } from "../wire/transcript.ts";
import type { Place, Trace, TracedCall } from "./trace.ts";

/** A launch that was listened to: what was seen from outside, and what the program's hooks said, on one clock. */
export interface TracedRun {
  readonly transcript: Transcript;
  readonly trace: Trace;
}

/** A call of the program that belongs to an event, with its line. */
export interface CallAtEvent {
  readonly call: TracedCall & { readonly place: Place };
  /** How many calls belong to the event; the first one is told. */
  readonly times: number;
  /** It had not returned yet at that moment. */
  readonly waiting: boolean;
}

type Calls = readonly TracedCall[];

const RECEIVES: Calls[number]["call"][] = [
  "recv",
  "recv_into",
  "recvfrom",
  "recvfrom_into",
  "recvmsg",
  "recvmsg_into",
  "data",
  "message",
];
const SENDS: Calls[number]["call"][] = ["send", "sendall", "sendto", "sendmsg", "write", "end"];
const ACCEPTS: Calls[number]["call"][] = ["accept", "connection"];
const CONNECTS: Calls[number]["call"][] = ["connect", "connect_ex"];
const FINISHES: Calls[number]["call"][] = ["shutdown", "end", "close", "destroy", "resetAndDestroy"];
const BINDS: Calls[number]["call"][] = ["bind", "listen"];

export const isReceive = ({ call }: TracedCall): boolean => RECEIVES.includes(call);
export const isSend = ({ call }: TracedCall): boolean => SENDS.includes(call);
export const isAccept = ({ call }: TracedCall): boolean => ACCEPTS.includes(call);
export const isConnect = ({ call }: TracedCall): boolean => CONNECTS.includes(call);
export const isFinish = ({ call }: TracedCall): boolean => FINISHES.includes(call);
export const isBind = ({ call }: TracedCall): boolean => BINDS.includes(call);

/** How many bytes it moved; 0 while it waits and when it failed. */
export function bytesOf({ asked, ended, ...call }: TracedCall): number {
  if (!ended || ended.error !== undefined) return 0;
  return ended.bytes ?? (isSend(call) ? (asked ?? 0) : 0);
}

/** The calls that had begun at this moment and not returned. */
export function waitingAt({ calls }: Trace, atMs: number): TracedCall[] {
  return calls.filter((call) => call.atMs <= atMs && (!call.ended || call.ended.atMs > atMs));
}

/** The calls on the connection of each probe, by its name. A probe's local port is the program's remote one. */
export function callsByPeer({ transcript, trace }: TracedRun): ReadonlyMap<string, Calls> {
  return new Map(
    transcript.flatMap((event) => {
      if (event.type !== "connected") return [];
      const { peer, local, remote } = event;
      return [[peer, trace.calls.filter((call) => call.remote === local.port && call.local === remote.port)] as const];
    }),
  );
}

/**
 * The program's own calls beside the events of a conversation, which may be another run of the same check: connections
 * are told by their probes' names, and bytes by their place in the stream, since pieces may be cut differently. Events
 * that no call is known for are left out. Pure.
 */
export function callsAtEvents(conversation: Transcript, run: TracedRun): ReadonlyMap<TranscriptEvent, CallAtEvent> {
  const connections = callsByPeer(run);
  const silences = run.transcript.filter(({ type }) => type === "silent");
  const moved = new Map<string, number>();
  let silence = 0;
  /** The bytes of a stream that this event carries. */
  const range = (stream: string, length: number): [number, number] => {
    const from = moved.get(stream) ?? 0;
    moved.set(stream, from + length);
    return [from, from + length];
  };
  const found = (event: TranscriptEvent): Calls => {
    if (event.type === "silent") return waiting(run, silences[silence++]);
    if (event.type === "listening" || event.type === "not-listening") return run.trace.calls.filter(isBind).slice(-1);
    if (!("peer" in event)) return [];
    const calls = connections.get(event.peer) ?? [];
    switch (event.type) {
      case "connected":
        return calls.filter((call) => isAccept(call) || isConnect(call)).slice(0, 1);
      case "sent":
      case "body-sent":
        return carrying(calls.filter(isReceive), range(`> ${event.peer}`, lengthOf(event)));
      case "received":
      case "body-received":
        return carrying(calls.filter(isSend), range(`< ${event.peer}`, lengthOf(event)));
      case "half-closed":
        return calls.filter((call) => isReceive(call) && call.ended?.bytes === 0).slice(0, 1);
      case "ended":
      case "reset":
        return calls.filter(isFinish).slice(0, 1);
      default:
        return [];
    }
  };
  return new Map(
    conversation.flatMap((event) => {
      const calls = found(event);
      const call = calls.find(hasPlace);
      return call ? [[event, { call, times: calls.length, waiting: event.type === "silent" }] as const] : [];
    }),
  );
}

export function hasPlace(call: TracedCall): call is TracedCall & { readonly place: Place } {
  return call.place !== undefined;
}

function lengthOf(event: { readonly bytes: Uint8Array } | { readonly length: number }): number {
  return "bytes" in event ? event.bytes.length : event.length;
}

/** The calls that moved some of these bytes of the stream. */
function carrying(calls: Calls, [from, to]: [number, number]): Calls {
  let end = 0;
  return [...calls].sort(byEnd).filter((call) => {
    const start = end;
    end += bytesOf(call);
    return start < to && end > from && end > start;
  });
}

function byEnd(a: TracedCall, b: TracedCall): number {
  return (a.ended?.atMs ?? Number.POSITIVE_INFINITY) - (b.ended?.atMs ?? Number.POSITIVE_INFINITY);
}

/** The one call that the program waits in; with several threads nobody knows which one is meant. */
function waiting({ trace }: TracedRun, silence: TranscriptEvent | undefined): Calls {
  const calls = silence ? waitingAt(trace, silence.atMs) : [];
  return calls.length === 1 ? calls : [];
}
