import type { ProgramRun } from "../grade/result.ts";
import type { Language, Text } from "../text.ts";
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
import { columns, cut, wrap } from "./style.ts";
import { element, type Svg } from "./svg.ts";

export interface SvgDrawing extends Highlights {
  readonly language: Language;
  readonly program: RunOf;
  /** The student's end, e.g. `server.py`. */
  readonly file: string;
  readonly heading: string;
  /** Paragraphs below the heading. */
  readonly words: readonly string[];
}

type RunOf = ProgramRun["program"];

/** Pixels, from the left. `COLUMN` is the width of one character of the fonts below, rounded up. */
const COLUMN = 7.9;
const MARGIN = 20;
const TIME_END = 84;
const PROBE = 132;
const PROGRAM = 572;
const PLACES = PROGRAM + 14;
const LINE = 18;
const ROW = 34;
/** Characters between the two lanes. */
const BETWEEN = Math.floor((PROGRAM - PROBE - 60) / COLUMN);
const LONGEST_PLACE = 48;
const LONGEST_NAME = 28;
const COLOURS = 6;

/**
 * The conversation as a picture that stands alone: an SVG document without scripts, fonts or links, for light and dark
 * screens. It draws the same rows as the terminal: the probe's lane on the left, one colour and letter a connection, the
 * student's program on the right with its source lines, time in milliseconds running down. `<desc>` says it all in words.
 */
export function conversationSvg(transcript: Transcript, drawing: SvgDrawing): string {
  const peers = peersOf(transcript);
  const rows = conversationRows(transcript, drawing);
  const places = rows.map((row) => (row.kind === "fold" ? 0 : columns(placeOf(row))));
  const right = Math.max(PROGRAM + pillWidth(nameOf(drawing)) / 2, PLACES + Math.max(...places, 0) * COLUMN);
  const scene: Scene = { ...drawing, peers, start: transcript[0]?.atMs ?? 0, width: Math.ceil(right + MARGIN) };
  const top = headed(scene);
  const body = stacked(rows, scene, top.height + 22);
  const height = Math.ceil(body.height + MARGIN);
  const picture = element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      "xml:lang": drawing.language,
      "xml:space": "preserve",
      viewBox: `0 0 ${scene.width} ${height}`,
      width: scene.width,
      height,
      role: "img",
    },
    element("title", {}, `${drawing.heading} (${drawing.file})`),
    element("desc", {}, [...drawing.words, ...rows.map((row) => inWords(row, scene))].join(" · ")),
    { markup: `<style>${STYLE}</style>` },
    element("rect", { class: "paper", width: scene.width, height, rx: 8 }),
    ...top.parts,
    ...[PROBE, PROGRAM].map((x) => line("lane", x, top.height + 12, x, body.height)),
    ...body.parts,
    ...laneNames(scene, top.height),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${picture.markup}\n`;
}

interface Scene extends SvgDrawing {
  readonly peers: readonly string[];
  readonly start: number;
  readonly width: number;
}

/** Parts of the picture, and how far down they reach. */
interface Stack {
  readonly parts: readonly Svg[];
  readonly height: number;
}

function headed({ heading, words, width }: Scene): Stack {
  const columns = Math.floor((width - 2 * MARGIN) / COLUMN);
  const heads = wrap(harmless(heading), Math.floor(columns * 0.85));
  const lines = [
    ...heads.map((line) => ["head", line] as const),
    ...words.flatMap((word) => wrap(harmless(word), columns, "", "  ").map((line) => ["words", line] as const)),
  ];
  const parts = lines.map(([kind, line], i) => textAt(kind, MARGIN, MARGIN + 14 + i * (LINE + 2), line));
  return { parts, height: MARGIN + lines.length * (LINE + 2) + 18 };
}

function laneNames(scene: Scene, y: number): Svg[] {
  const probe = `Gema (${PROBE_IS[scene.program][scene.language]})`;
  return [lanePill(PROBE, y, probe), lanePill(PROGRAM, y, nameOf(scene))];
}

function nameOf({ file }: SvgDrawing): string {
  return cut(harmless(file), LONGEST_NAME);
}

function pillWidth(name: string): number {
  return Math.ceil(columns(name) * COLUMN) + 20;
}

function lanePill(x: number, y: number, name: string): Svg {
  const width = pillWidth(name);
  const left = Math.max(MARGIN, x - Math.round(width / 2));
  return element(
    "g",
    {},
    element("rect", { class: "pill", x: left, y: y - 14, width, height: 26, rx: 13 }),
    textAt("name", left + width / 2, y + 4, name),
  );
}

function stacked(rows: readonly Row[], scene: Scene, from: number): Stack {
  let height = from;
  const parts = rows.flatMap((row) => {
    const drawn = rowDrawn(row, scene, height);
    height = drawn.height;
    return drawn.parts;
  });
  return { parts, height };
}

function rowDrawn(row: Row, scene: Scene, y: number): Stack {
  if (row.kind === "fold") {
    const dots = [PROBE, PROGRAM].map((x) => line("fold", x, y + 4, x, y + ROW - 6));
    return { parts: [...dots, textAt("more", MIDDLE, y + 20, foldWords(row, scene.language))], height: y + ROW };
  }
  const from = row.failing ? y + LINE + 6 : y;
  const drawn =
    row.kind === "arrow" && !isReady(row.event)
      ? arrowDrawn(row.event, row.read, scene, from)
      : noteDrawn(row, scene, from);
  const time = textAt("time", TIME_END, from + 25, timeOf(row, scene));
  const place = row.place === undefined ? [] : [textAt("place", PLACES, from + 25, placeOf(row))];
  const mark = row.failing ? failingMark(scene, y, drawn.height) : [];
  return { parts: [...mark, time, ...drawn.parts, ...place], height: drawn.height + (row.failing ? 6 : 0) };
}

function failingMark({ width, language }: Scene, y: number, end: number): Svg[] {
  return [
    element("rect", { class: "band", x: MARGIN / 2, y: y + 2, width: width - MARGIN, height: end - y + 2, rx: 6 }),
    textAt("fails", MARGIN, y + 18, `✗ ${FAILS_HERE[language]}`),
  ];
}

function arrowDrawn(event: ArrowEvent, read: boolean, { peers, language }: Scene, y: number): Stack {
  const [from, to] = isFromProgram(event) ? [PROGRAM, PROBE] : [PROBE, PROGRAM];
  const kind = breaks(event) ? "broken" : `peer${Math.max(0, peers.indexOf(event.peer)) % COLOURS}`;
  const at = y + 24;
  const end = to - Math.sign(to - from) * 3;
  const head = breaks(event) ? cross(end, at) : point(end, at, Math.sign(to - from));
  const label = arrowWords(event, read, BETWEEN, language);
  const letter = peers.length > 1 ? [peerPill(event.peer, kind, at)] : [];
  const parts = [
    element("g", { class: kind }, line("shaft", from, at, end, at), head),
    textAt("label", MIDDLE, y + 17, label),
    ...letter,
  ];
  return { parts, height: y + ROW };
}

/** The connection ends here and now, or never began. */
function breaks(event: ArrowEvent): boolean {
  return (
    event.type === "reset" ||
    event.type === "unreachable" ||
    event.type === "not-connected" ||
    (event.type === "closed" && event.by === "rst")
  );
}

function peerPill(peer: string, kind: string, y: number): Svg {
  const name = cut(harmless(peer), 4);
  const width = Math.ceil(columns(name) * COLUMN) + 10;
  const left = PROBE - 4 - width;
  return element(
    "g",
    { class: kind },
    element("rect", { class: "peer", x: left, y: y - 9, width, height: 18, rx: 9 }),
    textAt("letter", left + width / 2, y + 4, name),
  );
}

function noteDrawn(row: EventRow, { language }: Scene, y: number): Stack {
  const words =
    row.kind === "note" ? eventWords(row.event, language) : arrowWords(row.event, row.read, BETWEEN, language);
  const said = row.event.type === "stdout" || row.event.type === "stderr";
  const lines = wrap(said ? cut(words, BETWEEN) : words, BETWEEN);
  const width = Math.ceil(Math.max(...lines.map((line) => columns(line))) * COLUMN) + 16;
  const height = lines.length * LINE + 6;
  const left = PROGRAM - 8 - width;
  const parts = [
    element("rect", { class: "note", x: left, y: y + 8, width, height, rx: 4 }),
    line("tie", PROGRAM - 8, y + 20, PROGRAM, y + 20),
    ...lines.map((line, i) => textAt("said", left + 8, y + 24 + i * LINE, line)),
  ];
  return { parts, height: y + 8 + height + 4 };
}

function inWords(row: Row, scene: Scene): string {
  const { language } = scene;
  if (row.kind === "fold") return foldWords(row, language);
  const lead = `${row.failing ? `✗ ${FAILS_HERE[language]}: ` : ""}${timeOf(row, scene)} ms`;
  const place = row.place === undefined ? "" : ` (${placeOf(row)})`;
  const name = nameOf(scene);
  if (row.kind === "note") return `${lead}, ${name}: ${eventWords(row.event, language)}${place}`;
  const probe = `Gema ${harmless(row.event.peer)}`;
  const [from, to] = isFromProgram(row.event) ? [name, probe] : [probe, name];
  return `${lead}, ${from} → ${to}: ${arrowWords(row.event, row.read, BETWEEN, language)}${place}`;
}

function timeOf({ event }: EventRow, { start }: Scene): string {
  return (event.atMs - start).toFixed(1);
}

function placeOf({ place }: EventRow): string {
  return cut(harmless(place ?? ""), LONGEST_PLACE);
}

const MIDDLE = (PROBE + PROGRAM) / 2;

function textAt(kind: string, x: number, y: number, text: string): Svg {
  return element("text", { class: kind, x: round(x), y: round(y) }, text);
}

function line(kind: string, x1: number, y1: number, x2: number, y2: number): Svg {
  return element("path", { class: kind, d: `M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}` });
}

function point(x: number, y: number, direction: number): Svg {
  return element("path", { class: "point", d: `M${x} ${y}l${-9 * direction} -5v10z` });
}

function cross(x: number, y: number): Svg {
  return element("path", { class: "shaft", d: `M${x - 6} ${y - 6}l12 12m0 -12l-12 12` });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const PROBE_IS: Readonly<Record<RunOf, Text>> = {
  "tcp-server": { en: "client", id: "klien" },
  "tcp-client": { en: "server", id: "server" },
  "udp-server": { en: "client", id: "klien" },
  "udp-client": { en: "server", id: "server" },
  pair: { en: "between them", id: "di tengah" },
  "udp-pair": { en: "between them", id: "di tengah" },
};
const FAILS_HERE: Text = { en: "it fails here", id: "gagal di sini" };

const STYLE = [
  "svg{--paper:#fff;--ink:#1c2128;--soft:#59636e;--rule:#c3cad2;--note:#f1f3f5;--fail:#b3261e;",
  "--p0:#0550ae;--p1:#1a6b32;--p2:#8250df;--p3:#8a4600;--p4:#0b6b70;--p5:#a0256b}",
  "@media(prefers-color-scheme:dark){svg{--paper:#14181d;--ink:#e8ecf1;--soft:#9aa5b1;--rule:#3c454f;--note:#232a32;",
  "--fail:#ff8a80;--p0:#79b8ff;--p1:#7ee2a0;--p2:#c9a5ff;--p3:#f0b072;--p4:#6fd6dc;--p5:#ff9fd0}}",
  "text{white-space:pre;font:13px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;fill:var(--ink)}",
  ".paper{fill:var(--paper)}.head{font-size:15px;font-weight:bold}.name{font-weight:bold;text-anchor:middle}",
  ".pill,.note{fill:var(--note);stroke:var(--rule)}.time,.more,.place{fill:var(--soft)}.time{text-anchor:end}",
  ".label,.more,.letter{text-anchor:middle}.letter{fill:var(--paper);font-size:12px;font-weight:bold}",
  ".lane,.tie,.fold{stroke:var(--rule);stroke-width:1.5}.fold{stroke:var(--paper);stroke-width:3;stroke-dasharray:2 4}",
  ".shaft{fill:none;stroke:var(--own);stroke-width:1.8}.point,.peer{fill:var(--own)}",
  ".band{fill:var(--fail);fill-opacity:.12}.fails{fill:var(--fail);font-weight:bold}.broken{--own:var(--fail)}",
  ...Array.from({ length: COLOURS }, (_, i) => `.peer${i}{--own:var(--p${i})}`),
].join("");
