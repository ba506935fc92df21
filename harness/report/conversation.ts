import stringWidth from "string-width";
import { formatAddress } from "../kernel/address.ts";
import type { Language, Text } from "../text.ts";
import type { EventOf, Transcript } from "../wire/transcript.ts";
import { type ArrowEvent, eventWords, type LoneEvent } from "./event-words.ts";
import { harmless, printableBytes } from "./harmless.ts";
import { cut, pad, wrap } from "./style.ts";

interface Drawing {
  readonly language: Language;
  readonly width: number;
  /** The student's end, e.g. `server.py`. */
  readonly program: string;
}

/** One row of the diagram; `bytes` adds up when rows are folded. */
type Row =
  | { readonly kind: "arrow"; readonly event: ArrowEvent; readonly read: boolean; readonly key: string }
  | { readonly kind: "note"; readonly event: LoneEvent; readonly key: string }
  | { readonly kind: "fold"; readonly count: number; readonly bytes: number };

/** Longer runs of rows of one kind are folded to their first and last. */
const LONGEST_RUN = 4;
/** Longer conversations lose their middle. */
const FIRST_ROWS = 10;
const LAST_ROWS = 16;
const WIDEST = 64;

/**
 * The conversation as a sequence diagram: the probe on the left, the student's program on the right, time running down
 * in milliseconds. Every line is indented, harmless and at most `width` columns wide (from 40 on).
 */
export function conversation(transcript: Transcript, drawing: Drawing): string[] {
  const peers = [...new Set(transcript.flatMap((event) => ("peer" in event ? [event.peer] : [])))];
  const lane = peers.length > 1 ? Math.min(4, Math.max(...peers.map((peer) => peer.length))) : 0;
  const lead = 2 + 7 + 1 + (lane === 0 ? 0 : lane + 1);
  const inner = Math.min(WIDEST, drawing.width - lead - 2);
  const start = transcript[0]?.atMs ?? 0;
  const rows = middleFolded(runsFolded(rowsOf(transcript)));
  const body = rows.flatMap((row) => drawn(row, { ...drawing, lane, lead, inner, start }));
  return [header(drawing, peers, lead, inner), ...body];
}

interface Lanes extends Drawing {
  readonly lane: number;
  readonly lead: number;
  readonly inner: number;
  readonly start: number;
}

function header({ program }: Drawing, peers: readonly string[], lead: number, inner: number): string {
  const probe = harmless(peers.length === 1 ? `gema ${peers[0]}` : "gema");
  const left = "ms".padStart(9).padEnd(lead);
  const right = cut(harmless(program), inner - probe.length);
  return `${left}${probe}${" ".repeat(Math.max(1, inner + 2 - stringWidth(probe) - stringWidth(right)))}${right}`;
}

function rowsOf(transcript: Transcript): Row[] {
  const rows: Row[] = [];
  for (const event of transcript) {
    if (event.type === "read-by-subject") markRead(rows, event.peer);
    else if (isArrow(event)) rows.push({ kind: "arrow", event, read: false, key: `${event.type} ${event.peer}` });
    else rows.push({ kind: "note", event, key: event.type });
  }
  return rows;
}

function isArrow(event: ArrowEvent | LoneEvent): event is ArrowEvent {
  return "peer" in event;
}

/** The kernel's word that a piece was read belongs to the arrow that carried it. */
function markRead(rows: Row[], peer: string): void {
  const index = rows.findLastIndex((row) => row.kind === "arrow" && row.event.peer === peer);
  const row = rows[index];
  if (row?.kind === "arrow" && row.event.type === "sent") rows[index] = { ...row, read: true };
}

function runsFolded(rows: readonly Row[]): Row[] {
  const folded: Row[] = [];
  for (let start = 0; start < rows.length; ) {
    let end = start + 1;
    while (end < rows.length && keyOf(rows[end]) === keyOf(rows[start])) end++;
    const run = rows.slice(start, end);
    folded.push(...(run.length > LONGEST_RUN ? [...run.slice(0, 1), fold(run.slice(1, -1)), ...run.slice(-1)] : run));
    start = end;
  }
  return folded;
}

function middleFolded(rows: readonly Row[]): Row[] {
  if (rows.length <= FIRST_ROWS + LAST_ROWS + 1) return [...rows];
  return [...rows.slice(0, FIRST_ROWS), fold(rows.slice(FIRST_ROWS, -LAST_ROWS)), ...rows.slice(-LAST_ROWS)];
}

function keyOf(row: Row | undefined): string | undefined {
  return row?.kind === "fold" ? undefined : row?.key;
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

function drawn(row: Row, lanes: Lanes): string[] {
  if (row.kind === "fold") {
    const words = row.bytes > 0 ? MORE_BYTES[lanes.language](row) : MORE[lanes.language](row);
    return [`${" ".repeat(lanes.lead)}:${pad(` ... ${words}`, lanes.inner)}:`];
  }
  const lead = leadOf(row, lanes);
  if (row.kind === "arrow" && isReady(row.event)) return [`${lead}|${pad(readyWords(row.event), lanes.inner)}|`];
  if (row.kind === "arrow") return [`${lead}|${arrow(row.event, row.read, lanes)}|`];
  const words = eventWords(row.event, lanes.language);
  const shortened = row.event.type === "stdout" || row.event.type === "stderr" ? cut(words, lanes.inner - 4) : words;
  return wrap(shortened, lanes.inner - 1, " * ", "   ").map((line, i) => {
    return `${i === 0 ? lead : " ".repeat(lanes.lead)}|${pad(line, lanes.inner)}|`;
  });
}

function leadOf({ event }: { readonly event: ArrowEvent | LoneEvent }, { start, lane }: Lanes): string {
  const ms = event.atMs - start;
  const time = (ms < 10_000 ? ms.toFixed(1) : ms.toFixed(0)).padStart(9);
  const peer = lane === 0 ? "" : `${pad("peer" in event ? harmless(event.peer) : "", lane)} `;
  return `${time} ${peer}`;
}

function arrow(event: ArrowEvent, read: boolean, { inner, language }: Lanes): string {
  const label = labelOf(event, read, inner - 8, language);
  const dashes = Math.max(2, inner - 3 - stringWidth(label));
  const left = "─".repeat(Math.floor(dashes / 2));
  const right = "─".repeat(dashes - left.length);
  return isFromSubject(event) ? `<${left} ${label} ${right}` : `${left} ${label} ${right}>`;
}

/** With UDP nothing travels until somebody speaks. */
function isReady(event: ArrowEvent): event is ArrowEvent & { readonly type: "connected" } {
  return event.type === "connected" && event.protocol === "udp";
}

function readyWords({ local, remote }: EventOf<"connected">): string {
  return harmless(` * UDP ${formatAddress(local)} - ${formatAddress(remote)}`);
}

function isFromSubject({ type }: ArrowEvent): boolean {
  return (
    type === "received" || type === "body-received" || type === "ended" || type === "reset" || type === "unreachable"
  );
}

function labelOf(event: ArrowEvent, read: boolean, room: number, language: Language): string {
  switch (event.type) {
    case "connected":
      return "connect";
    case "unreachable":
      return UNREACHABLE[language];
    case "not-connected":
      return cut(harmless(`connect: ${event.code}`), room);
    case "sent":
    case "received":
      return quoted(event.bytes, room, size(event.bytes.length, language) + (read ? READ[language] : ""));
    case "body-sent":
    case "body-received":
      return size(event.length, language);
    case "half-closed":
    case "ended":
      return "FIN";
    case "reset":
      return "RST";
    case "closed":
      return event.by === "rst" ? "RST" : CLOSED[language];
  }
}

/** `'abc' 3 bytes, read`; the quoted part is shortened to what the room allows. */
function quoted(bytes: Uint8Array, room: number, size: string): string {
  // No byte takes more than four columns, none less than one: longer prefixes could not be shown anyway.
  const text = printableBytes(bytes.subarray(0, room));
  const shown = cut(text, Math.max(4, room - size.length - 3));
  return `'${shown}' ${size}`;
}

function size(length: number, language: Language): string {
  return `${length} byte${length === 1 || language === "id" ? "" : "s"}`;
}

const READ: Text = { en: ", read", id: ", dibaca" };
const UNREACHABLE: Text = { en: "nobody there (ICMP)", id: "tidak ada siapa pun (ICMP)" };
const CLOSED: Text = { en: "close", id: "tutup" };
const MORE = {
  en: ({ count }: { readonly count: number }) => `${count} more`,
  id: ({ count }: { readonly count: number }) => `${count} lagi`,
};
const MORE_BYTES = {
  en: ({ count, bytes }: { readonly count: number; readonly bytes: number }) => `${count} more, ${bytes} bytes`,
  id: ({ count, bytes }: { readonly count: number; readonly bytes: number }) => `${count} lagi, ${bytes} byte`,
};
