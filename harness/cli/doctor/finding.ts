import type { Text } from "../../text.ts";

/** `ok`; `warning`: grading works with less; `problem`: grading is not possible. */
export type State = "ok" | "warning" | "problem";

export interface Finding {
  readonly state: State;
  /** One sentence or two. */
  readonly words: Text;
  /** Never empty but for `ok`. */
  readonly remedies: readonly Remedy[];
}

export interface Remedy {
  readonly words: Text;
  /** A command that does it, to be copied. */
  readonly run?: string;
}

export function ok(en: string, id = en): Finding {
  return { state: "ok", words: { en, id }, remedies: [] };
}

export function warning(words: Text, ...remedies: readonly Remedy[]): Finding {
  return { state: "warning", words, remedies };
}

export function problem(words: Text, ...remedies: readonly Remedy[]): Finding {
  return { state: "problem", words, remedies };
}

export function remedy(en: string, id: string, run?: string): Remedy {
  return { words: { en, id }, ...(run !== undefined && { run }) };
}

/** Whether a version such as `20.19.1` is at least `least`, number by number. */
export function atLeast(version: string, least: readonly number[]): boolean {
  const numbers = version.split(".").map(Number);
  for (const [place, wanted] of least.entries()) {
    const number = numbers[place] ?? 0;
    if (number !== wanted) return number > wanted;
  }
  return true;
}
