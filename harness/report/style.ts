import { styleText } from "node:util";
import stringWidth from "string-width";
import type { Level } from "../assignment/assignment.ts";
import type { Verdict } from "../checks/verdict.ts";
import type { Language, Text } from "../text.ts";
import { defuse } from "./harmless.ts";

/** How a report for a terminal is to look. */
export interface TerminalStyle {
  readonly language: Language;
  /** Columns; usable from 40 on. */
  readonly width: number;
  /** `false`: not one escape sequence. */
  readonly color: boolean;
}

type Format = Parameters<typeof styleText>[0];

export function paint(style: TerminalStyle, format: Format, text: string): string {
  // Whether there is a terminal was decided by whoever set `color`.
  return style.color ? styleText(format, text, { validateStream: false }) : text;
}

interface Mark {
  /** Reads without colour. */
  readonly symbol: string;
  readonly word: Text;
  readonly format: Format;
}

const MARKS: Readonly<Record<Verdict | "warning" | "note", Mark>> = {
  pass: { symbol: "✓", word: { en: "passed", id: "lulus" }, format: "green" },
  fail: { symbol: "✗", word: { en: "failed", id: "gagal" }, format: "red" },
  inconclusive: { symbol: "?", word: { en: "could not tell", id: "belum pasti" }, format: "yellow" },
  skipped: { symbol: "-", word: { en: "skipped", id: "dilewati" }, format: "dim" },
  error: { symbol: "!", word: { en: "Gema's own error", id: "kesalahan Gema" }, format: "magenta" },
  warning: { symbol: "✗", word: { en: "warning", id: "peringatan" }, format: "yellow" },
  note: { symbol: "✗", word: { en: "note", id: "catatan" }, format: "dim" },
};

/** A failure below `must` is a warning, and below `should` a note. */
export function markOf(verdict: Verdict, level: Level = "must"): Mark {
  if (verdict !== "fail") return MARKS[verdict];
  return { must: MARKS.fail, should: MARKS.warning, info: MARKS.note }[level];
}

/**
 * Wraps at spaces, and inside words longer than a line. Only for text without escape sequences.
 * @param first stands before the first line, `rest` before the others; both count towards `width`.
 */
export function wrap(text: string, width: number, first = "", rest = first): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text
    .split(" ")
    .flatMap((word) => pieces(word, Math.max(8, width - Math.max(columns(first), columns(rest)))))) {
    const longer = empty ? line + word : `${line} ${word}`;
    if (!empty && columns(longer) > width) {
      lines.push(line);
      line = rest + word;
    } else {
      line = longer;
    }
    empty = false;
  }
  return [...lines, line].map((line) => defuse(line.trimEnd()));
}

/** Nearly all that is told is made of these; the library needs a hundred times as long to say so. */
const ONE_COLUMN_EACH = /^[ -~·…─│✓✗→]*$/;

/** How wide a text is in a terminal. */
export function columns(text: string): number {
  return ONE_COLUMN_EACH.test(text) ? text.length : stringWidth(text);
}

/** At most `width` columns; what is cut off leaves an ellipsis. */
export function cut(text: string, width: number): string {
  if (columns(text) <= width) return text;
  let kept = "";
  for (const character of text) {
    if (columns(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Cut or filled with spaces to exactly `width` columns. */
export function pad(text: string, width: number): string {
  const kept = cut(text, width);
  return kept + " ".repeat(Math.max(0, width - columns(kept)));
}

function pieces(word: string, width: number): string[] {
  if (columns(word) <= width) return [word];
  const parts: string[] = [];
  let part = "";
  for (const character of word) {
    if (columns(part + character) > width) {
      parts.push(part);
      part = "";
    }
    part += character;
  }
  return [...parts, part];
}

/** Points without a tail of zeros, at most two decimals. */
export function points(value: number): string {
  return String(Math.round(value * 100) / 100);
}
