import type { UserErrorOptions } from "../user-error.ts";

/** What a slot is sent: one submission to grade. */
export interface SlotOrder {
  readonly name: string;
  /** The bytes of the path, a character each. */
  readonly path: string;
  /** Where there are several files: their names, and the bytes of their paths, a character each. */
  readonly files?: readonly { readonly name: string; readonly path: string }[];
  /** A preset or a file, as given. */
  readonly assignment: string;
  readonly seed: number;
}

export type SlotAnswer =
  | { readonly evidence: string }
  | { readonly refused: UserErrorOptions }
  /** What broke in Gema. */
  | { readonly broke: string };
