import type { Language } from "../text.ts";
import type { Transcript } from "../wire/transcript.ts";
import { arrowWords, foldWords } from "./arrow-words.ts";
import {
  conversationRows,
  type EventRow,
  type Highlights,
  isFromProgram,
  isReady,
  peersOf,
  type Row,
} from "./conversation-rows.ts";
import { type ArrowEvent, eventWords } from "./event-words.ts";
import { harmless } from "./harmless.ts";
import { columns, cut, pad, wrap } from "./style.ts";

interface Drawing extends Highlights {
  readonly language: Language;
  readonly width: number;
  /** The student's end, e.g. `server.py`. */
  readonly program: string;
}

/** Columns between the two lanes. */
const WIDEST = 64;
const NARROWEST = 30;
/** Columns for source lines: fewer would only show a file's name. */
const SHORTEST_PLACE = 16;

/**
 * The conversation as a sequence diagram: the probe on the left, the student's program on the right, time running down
 * in milliseconds, source lines beside the program's lane where they are known and there is room; `✗` marks the failing
 * moment. Every line is indented, harmless and at most `width` columns wide (from 40 on).
 */
export function conversation(transcript: Transcript, drawing: Drawing): string[] {
  const peers = peersOf(transcript);
  const lane = peers.length > 1 ? Math.min(4, Math.max(...peers.map((peer) => peer.length))) : 0;
  const lead = 2 + 7 + 1 + (lane === 0 ? 0 : lane + 1);
  const rows = conversationRows(transcript, drawing);
  const between = drawing.width - lead - 2;
  const places = roomForPlaces(rows, between - NARROWEST);
  const inner = Math.min(WIDEST, between - places);
  const start = transcript[0]?.atMs ?? 0;
  const body = rows.flatMap((row) => drawn(row, { ...drawing, lane, lead, inner, start, places }));
  return [header(drawing, peers, lead, inner), ...body];
}

interface Lanes extends Drawing {
  readonly lane: number;
  readonly lead: number;
  readonly inner: number;
  readonly start: number;
  readonly places: number;
}

function header({ program }: Drawing, peers: readonly string[], lead: number, inner: number): string {
  const probe = harmless(peers.length === 1 ? `gema ${peers[0]}` : "gema");
  const left = "ms".padStart(9).padEnd(lead);
  const right = cut(harmless(program), inner - probe.length);
  return `${left}${probe}${" ".repeat(Math.max(1, inner + 2 - columns(probe) - columns(right)))}${right}`;
}

/** Columns beside the program's lane, with the space before them; 0 where there is nothing to show, or no room. */
function roomForPlaces(rows: readonly Row[], room: number): number {
  const widths = rows.map((row) => (row.kind === "fold" || !row.place ? 0 : columns(harmless(row.place)) + 1));
  const longest = Math.max(0, ...widths);
  return room < SHORTEST_PLACE ? 0 : Math.min(longest, room);
}

function drawn(row: Row, lanes: Lanes): string[] {
  const { inner, language } = lanes;
  if (row.kind === "fold") return [`${" ".repeat(lanes.lead)}:${pad(` ${foldWords(row, language)}`, inner)}:`];
  const lead = leadOf(row, lanes);
  const place = placeOf(row, lanes);
  if (row.kind === "arrow" && isReady(row.event)) {
    return [`${lead}|${pad(` * ${arrowWords(row.event, row.read, inner - 4, language)}`, inner)}|${place}`];
  }
  if (row.kind === "arrow") return [`${lead}|${arrow(row.event, row.read, lanes)}|${place}`];
  const words = eventWords(row.event, language);
  const shortened = row.event.type === "stdout" || row.event.type === "stderr" ? cut(words, inner - 4) : words;
  return wrap(shortened, inner - 1, " * ", "   ").map((line, i) => {
    const first = i === 0;
    return `${first ? lead : " ".repeat(lanes.lead)}|${pad(line, inner)}|${first ? place : ""}`;
  });
}

function leadOf(row: EventRow, { start, lane }: Lanes): string {
  const ms = row.event.atMs - start;
  const time = (ms < 10_000 ? ms.toFixed(1) : ms.toFixed(0)).padStart(8);
  const peer = lane === 0 ? "" : `${pad(row.kind === "arrow" ? harmless(row.event.peer) : "", lane)} `;
  return `${row.failing ? "✗" : " "}${time} ${peer}`;
}

function placeOf({ place }: EventRow, { places }: Lanes): string {
  return place === undefined || places === 0 ? "" : ` ${cut(harmless(place), places - 1)}`;
}

function arrow(event: ArrowEvent, read: boolean, { inner, language }: Lanes): string {
  const label = arrowWords(event, read, inner - 8, language);
  const dashes = Math.max(2, inner - 3 - columns(label));
  const left = "─".repeat(Math.floor(dashes / 2));
  const right = "─".repeat(dashes - left.length);
  return isFromProgram(event) ? `<${left} ${label} ${right}` : `${left} ${label} ${right}>`;
}
