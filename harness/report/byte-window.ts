import type { ByteDifference } from "../checks/verdict.ts";
import type { Language } from "../text.ts";

const LABEL = { expected: { en: "expected", id: "harusnya" }, observed: { en: "observed", id: "ternyata" } } as const;
const FIRST = {
  en: (at: number) => `first difference, at offset ${at}`,
  id: (at: number) => `beda pertama, pada offset ${at}`,
};
const ENDS = {
  en: (at: number) => `nothing more came after ${at} byte${at === 1 ? "" : "s"}`,
  id: (at: number) => `tidak ada lagi setelah ${at} byte`,
};

/**
 * The bytes around the first difference, in hex and in text, the expected row above the observed one, with a caret
 * under the byte. No line begins at column 0 or is wider than `width`.
 */
export function byteWindow(difference: ByteDifference, language: Language, width: number): string[] {
  const perRow = bytesPerRow(difference, width);
  const row = Math.floor(Math.max(0, difference.at - difference.from) / perRow);
  const lines: string[] = [];
  for (const shown of [row - 1, row, row + 1]) {
    if (!hasRow(difference, shown * perRow)) continue;
    if (shown > row && difference.observed.length <= shown * perRow) continue;
    lines.push(line("expected", difference, shown * perRow, perRow, language));
    lines.push(line("observed", difference, shown * perRow, perRow, language));
    if (shown === row) lines.push(...caret(difference, perRow, language, width));
  }
  return lines;
}

function hasRow({ expected, observed }: ByteDifference, start: number): boolean {
  return start >= 0 && start < Math.max(expected.length, observed.length, 1);
}

/** Columns before the hex part: indent, label, offset. */
function lead(difference: ByteDifference): number {
  return 2 + 8 + 2 + offsetDigits(difference) + 2;
}

function offsetDigits({ from }: ByteDifference): number {
  return Math.max(4, (from + 32).toString(16).length);
}

function bytesPerRow(difference: ByteDifference, width: number): number {
  // A row of n bytes takes lead + (3n - 1) + 3 + n + 1 columns.
  const fits = Math.floor((width - lead(difference) - 3) / 4);
  return fits >= 12 ? 12 : fits >= 8 ? 8 : Math.max(2, Math.min(4, fits));
}

function line(
  which: "expected" | "observed",
  difference: ByteDifference,
  start: number,
  perRow: number,
  language: Language,
): string {
  const bytes = difference[which].subarray(start, start + perRow);
  const offset = (difference.from + start).toString(16).padStart(offsetDigits(difference), "0");
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return `  ${LABEL[which][language]}  ${offset}  ${hex.padEnd(3 * perRow - 1)}  |${asText(bytes).padEnd(perRow)}|`;
}

function asText(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => (byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : ".")).join("");
  // `##[` speaks to CI systems from anywhere in a line, and an escape would not keep the columns.
  return text.replace(/##(?=\w*\[)/g, "#.");
}

function caret(difference: ByteDifference, perRow: number, language: Language, width: number): string[] {
  const { at, from, observed } = difference;
  const column = lead(difference) + 3 * ((at - from) % perRow);
  const words = at - from >= observed.length ? ENDS[language](at) : FIRST[language](at);
  const marked = `${" ".repeat(column)}^^`;
  const beside = `${marked} ${words}`;
  if (beside.length <= width) return [beside];
  return [marked, `${" ".repeat(Math.max(2, Math.min(column, width - words.length)))}${words}`];
}
