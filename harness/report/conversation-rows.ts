import type { Transcript, TranscriptEvent } from "../wire/transcript.ts";
import type { ArrowEvent, LoneEvent } from "./event-words.ts";

/** One event of the conversation; `read`: the kernel said that the program has read this piece. */
export type EventRow = (
  | { readonly kind: "arrow"; readonly event: ArrowEvent; readonly read: boolean }
  | { readonly kind: "note"; readonly event: LoneEvent }
) & {
  /** The check failed here. */
  readonly failing: boolean;
  /** The place in the student's program that did it, e.g. `server.py:14 recv(65535) -> 5 bytes`. */
  readonly place: string | undefined;
};

/** What a diagram of the conversation shows, from top to bottom; a fold stands for rows that are left out. */
export type Row = EventRow | { readonly kind: "fold"; readonly count: number; readonly bytes: number };

export interface Highlights {
  /** One of the transcript's events: where the check failed. It is never folded away. */
  readonly failing?: TranscriptEvent | undefined;
  /** The source line behind an event, where it is known. */
  readonly placeOf?: ((event: TranscriptEvent) => string | undefined) | undefined;
}

/** Longer runs of rows of one kind are folded to their first and last. */
const LONGEST_RUN = 4;
/** Longer conversations lose their middle. */
const FIRST_ROWS = 10;
const LAST_ROWS = 16;

/** The rows of a conversation, however it is drawn. */
export function conversationRows(transcript: Transcript, highlights: Highlights = {}): Row[] {
  return middleFolded(runsFolded(rowsOf(transcript, highlights)));
}

/** The probes of a conversation in the order in which they appear. */
export function peersOf(transcript: Transcript): string[] {
  return [...new Set(transcript.flatMap((event) => ("peer" in event ? [event.peer] : [])))];
}

/** The program's end did it; every other arrow starts at the probe. */
export function isFromProgram({ type }: ArrowEvent): boolean {
  return (
    type === "received" || type === "body-received" || type === "ended" || type === "reset" || type === "unreachable"
  );
}

/** With UDP nothing travels until somebody speaks: no arrow. */
export function isReady(event: ArrowEvent): boolean {
  return event.type === "connected" && event.protocol === "udp";
}

function rowsOf(transcript: Transcript, { failing, placeOf }: Highlights): EventRow[] {
  const rows: EventRow[] = [];
  for (const event of transcript) {
    const marks = { failing: event === failing, place: placeOf?.(event) };
    if (event.type === "read-by-subject") markRead(rows, event.peer, marks);
    else if ("peer" in event) rows.push({ kind: "arrow", event, read: false, ...marks });
    else rows.push({ kind: "note", event, ...marks });
  }
  return rows;
}

/** The kernel's word that a piece was read belongs to the arrow that carried it. */
function markRead(rows: EventRow[], peer: string, { failing, place }: Pick<EventRow, "failing" | "place">): void {
  const index = rows.findLastIndex((row) => row.kind === "arrow" && row.event.peer === peer);
  const row = rows[index];
  if (row?.kind !== "arrow" || row.event.type !== "sent") return;
  rows[index] = { ...row, read: true, failing: row.failing || failing, place: row.place ?? place };
}

function runsFolded(rows: readonly EventRow[]): Row[] {
  const folded: Row[] = [];
  for (let start = 0; start < rows.length; ) {
    const key = keyOf(rows[start]);
    let end = start + 1;
    while (end < rows.length && keyOf(rows[end]) === key) end++;
    const run = rows.slice(start, end);
    folded.push(...(run.length > LONGEST_RUN ? [...run.slice(0, 1), fold(run.slice(1, -1)), ...run.slice(-1)] : run));
    start = end;
  }
  return folded;
}

/** Rows of one kind follow from one cause: of one connection, or of all when nothing but an end is left to them. */
function keyOf(row: EventRow | undefined): string | undefined {
  if (!row) return undefined;
  const { type } = row.event;
  const peer = row.kind === "arrow" && type !== "closed" && type !== "not-connected" ? row.event.peer : "";
  return `${type} ${peer} ${row.failing}`;
}

function middleFolded(rows: readonly Row[]): Row[] {
  if (rows.length <= FIRST_ROWS + LAST_ROWS + 1) return [...rows];
  const failing = rows.findIndex((row) => row.kind !== "fold" && row.failing);
  const kept = (place: number): boolean =>
    place < FIRST_ROWS || place >= rows.length - LAST_ROWS || (failing >= 0 && Math.abs(place - failing) <= 1);
  const folded: Row[] = [];
  for (let start = 0; start < rows.length; ) {
    let end = start + 1;
    while (end < rows.length && kept(end) === kept(start)) end++;
    const part = rows.slice(start, end);
    folded.push(...(kept(start) || part.length === 1 ? part : [fold(part)]));
    start = end;
  }
  return folded;
}

function fold(rows: readonly Row[]): Row {
  const count = rows.reduce((sum, row) => sum + (row.kind === "fold" ? row.count : 1), 0);
  const bytes = rows.reduce((sum, row) => sum + rowBytes(row), 0);
  return { kind: "fold", count, bytes };
}

function rowBytes(row: Row): number {
  if (row.kind === "fold") return row.bytes;
  return row.kind === "arrow" && "bytes" in row.event ? row.event.bytes.length : 0;
}
