import { all, hungUp, peers } from "../checks/reading.ts";
import type { Transcript, TranscriptEvent } from "../wire/transcript.ts";

/** Bytes from Gema and what the program sent until Gema spoke again. The first turn may hold no bytes of ours. */
export interface Turn {
  readonly sent: Buffer;
  /** In how many pieces that was sent. */
  readonly pieces: number;
  readonly received: Buffer;
}

/** All that happened on one connection, from Gema's side. */
export interface Exchange {
  readonly peer: string;
  /** What Gema sent and received, large bodies left out. */
  readonly sent: Buffer;
  readonly received: Buffer;
  readonly turns: readonly Turn[];
  /** With large bodies. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** A large body came back with other bytes in it. */
  readonly bodyDiffers: boolean;
  /** It came back whole, in another order. */
  readonly bodyReordered: boolean;
  readonly connected: boolean;
  /** The program's FIN or RST. */
  readonly end: "fin" | "rst" | undefined;
  /** The program finished before Gema did. */
  readonly hungUp: boolean;
  /** Gema sent its FIN and went on reading. */
  readonly halfClosed: boolean;
  /** What came only after that FIN. */
  readonly afterOurFin: Buffer;
  /** By the last look while nothing moved; `undefined` when there was none. */
  readonly accepted: boolean | undefined;
  /** Bytes that the program had not read at that look. */
  readonly unread: number;
}

const known = new WeakMap<Transcript, readonly Exchange[]>();

/** The connections of a transcript in the order of their names' first appearance. */
export function exchanges(transcript: Transcript): readonly Exchange[] {
  const before = known.get(transcript);
  if (before) return before;
  const found = peers(transcript).map((peer) => exchangeOf(transcript, peer));
  known.set(transcript, found);
  return found;
}

/** These bytes hold what Gema said as another client. */
export function isFromAnother(transcript: Transcript, peer: string, bytes: Buffer): boolean {
  const others = exchanges(transcript).filter((other) => other.peer !== peer);
  // Whoever is not answered may have said several things in one turn.
  const said = others.flatMap((other) => [
    ...other.turns.map(({ sent }) => sent),
    ...all(transcript, "sent", other.peer).map(({ bytes: said }) => Buffer.from(said)),
  ]);
  return said.some((sent) => sent.length >= LONG_ENOUGH && bytes.includes(sent));
}

/** Bytes of a nonce that do not occur by chance. */
const LONG_ENOUGH = 6;

type PeerEvent = Extract<TranscriptEvent, { readonly peer: string }>;

function exchangeOf(transcript: Transcript, peer: string): Exchange {
  const events = transcript.filter((event): event is PeerEvent => "peer" in event && event.peer === peer);
  const at = (...types: PeerEvent["type"][]): number => events.findIndex(({ type }) => types.includes(type));
  const [ourFin, theirEnd] = [at("half-closed"), at("ended", "reset")];
  const turns = turnsOf(events);
  const sent = Buffer.concat(turns.map((turn) => turn.sent));
  const received = Buffer.concat(turns.map((turn) => turn.received));
  const bodies = bodiesOf(events);
  const end = events[theirEnd]?.type;
  return {
    peer,
    sent,
    received,
    turns,
    sentBytes: sent.length + bodies.sent,
    receivedBytes: received.length + bodies.received,
    bodyDiffers: bodies.differ,
    bodyReordered: bodies.reordered,
    connected: at("connected") >= 0,
    end: end === "ended" ? "fin" : end === "reset" ? "rst" : undefined,
    hungUp: hungUp(transcript, peer),
    halfClosed: ourFin >= 0,
    afterOurFin: ourFin < 0 ? Buffer.alloc(0) : bytesOf(events.slice(ourFin), "received"),
    ...stateOf(transcript, peer),
  };
}

function bytesOf(events: readonly PeerEvent[], type: "sent" | "received"): Buffer {
  return Buffer.concat(events.flatMap((event) => (event.type === type ? [event.bytes] : [])));
}

function turnsOf(events: readonly PeerEvent[]): Turn[] {
  const turns: { sent: Buffer[]; received: Buffer[] }[] = [];
  for (const event of events) {
    if (event.type !== "sent" && event.type !== "received") continue;
    const current = turns.at(-1);
    const begins = !current || (event.type === "sent" && current.received.length > 0);
    const turn = begins ? { sent: [], received: [] } : current;
    if (begins) turns.push(turn);
    turn[event.type].push(Buffer.from(event.bytes));
  }
  return turns.map(({ sent, received }) => ({
    sent: Buffer.concat(sent),
    pieces: sent.length,
    received: Buffer.concat(received),
  }));
}

function bodiesOf(events: readonly PeerEvent[]) {
  let [sent, received, differ, reordered] = [0, 0, false, false];
  for (const event of events) {
    if (event.type === "body-sent") sent += event.length;
    if (event.type !== "body-received") continue;
    received += event.length;
    differ ||= event.difference !== null && event.difference.at < event.length;
    reordered ||= event.reordered ?? false;
  }
  return { sent, received, differ, reordered };
}

function stateOf(transcript: Transcript, peer: string): Pick<Exchange, "accepted" | "unread"> {
  const states = transcript.flatMap((event) => (event.type === "silent" ? event.connections : []));
  const state = states.findLast((connection) => connection.peer === peer);
  return { accepted: state?.accepted, unread: state?.unread ?? 0 };
}
