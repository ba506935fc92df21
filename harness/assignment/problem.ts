import type { Text } from "../text.ts";
import { nearest } from "./nearest.ts";

/** Something wrong in an assignment file, at a path of keys and indexes. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  /** Whether the key at the end of the path is wrong, or its value. */
  readonly at: "key" | "value";
  readonly what: Text;
  readonly help: Text;
}

/** `["requirements", 0, "id"]` as people write it: `requirements[0].id`. */
export function written(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");
}

/** "Did you mean" the nearest option, and the whole list when it is short enough to read. */
export function suggest(word: string, options: readonly string[]): Text {
  const near = nearest(word, options);
  const list = options.join(", ");
  const few = options.length <= 20;
  return {
    en:
      [near && `Did you mean ${near}?`, few && `Possible: ${list}.`].filter(Boolean).join(" ") ||
      "See the list of checks.",
    id:
      [near && `Maksud Anda ${near}?`, few && `Pilihannya: ${list}.`].filter(Boolean).join(" ") ||
      "Lihat daftar check.",
  };
}
