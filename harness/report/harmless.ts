/**
 * Student names, bytes and output are shown, never obeyed: nothing of theirs may move a cursor, hide text, break out of
 * a format or speak to a CI system.
 */

/**
 * Controls (C0, DEL, C1), line separators, characters that reorder or hide text, non-characters and lone surrogates:
 * what a terminal might obey or XML 1.0 forbids.
 */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
  /[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\uffff\p{Cs}]|[\ufe00-\ufe0f]|[\u{e0000}-\u{e0fff}]/gu;

/** One line: what is unsafe, newlines too, becomes `\xNN`, or `\u{NNNN}` above 0xff. */
export function harmless(text: string): string {
  return defuse(text.replace(UNSAFE, escaped));
}

/** As `harmless`, but lines stay lines; tabs become two spaces. */
export function harmlessLines(text: string): string[] {
  return text.split(/\r\n|\n/).map((line) => harmless(line.replaceAll("\t", "  ")));
}

/**
 * Breaks what CI systems obey. The GitHub runner trims a line before it looks for `::command::`, and finds the older
 * `##[command]` anywhere in it, so that indenting alone protects nobody. Azure and TeamCity listen to `##vso[`, `##teamcity[`.
 */
export function defuse(line: string): string {
  return line.replace(/##(?=\w*\[)/g, "#\\x23").replace(LEADING_COMMAND, (start) => `${start.slice(0, -2)}\\x3a:`);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours may precede the line's first character
const LEADING_COMMAND = /^(?:\s|\x1b\[[0-9;]*m)*::/;

/** Bytes as one line of text: printable ASCII as it is, all else (backslash too) as `\xNN`. */
export function printableBytes(bytes: Uint8Array): string {
  return Array.from(bytes, printableByte).join("");
}

function printableByte(byte: number): string {
  const printable = byte >= 0x20 && byte <= 0x7e && byte !== 0x5c;
  return printable ? String.fromCharCode(byte) : `\\x${hex(byte)}`;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code <= 0xff ? `\\x${hex(code)}` : `\\u{${code.toString(16)}}`;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
