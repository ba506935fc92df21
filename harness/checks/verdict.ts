import type { Level } from "../assignment/assignment.ts";
import type { Text } from "../text.ts";
import type { Transcript } from "../wire/transcript.ts";

/** What a judge says of one transcript. */
export type Finding =
  | { readonly outcome: "pass" }
  | {
      readonly outcome: "fail" | "inconclusive";
      readonly expected: Text;
      readonly observed: Text;
      /** Where echoed bytes first went wrong. */
      readonly difference?: ByteDifference;
    };

/** The bytes on both sides of the first difference. `expected` and `observed` are windows of at most 32 bytes. */
export interface ByteDifference {
  /** Offset of the first differing byte in the whole stream. */
  readonly at: number;
  /** Offset of the first byte of both windows. */
  readonly from: number;
  readonly expected: Uint8Array;
  readonly observed: Uint8Array;
}

/**
 * `inconclusive`: the stimulus was not achieved, or a failure was not confirmed.
 * `skipped`: what it depends on failed, or this machine cannot try it. `error`: our fault.
 */
export type Verdict = "pass" | "fail" | "inconclusive" | "skipped" | "error";

/** One run of a check: its transcript, and what the judge said of it. */
export interface Attempt {
  readonly transcript: Transcript;
  readonly finding: Finding;
  /** `true` when the check ran alone on a fresh process to confirm a failure. */
  readonly confirming: boolean;
}

export interface CheckResult {
  /** `<program>/<behaviour>`. */
  readonly check: string;
  readonly title: Text;
  readonly level: Level;
  readonly verdict: Verdict;
  /** The finding that the verdict rests on; absent for `skipped` and `error`. */
  readonly finding?: Finding;
  /** Why it was skipped, why it is inconclusive, or what broke. */
  readonly reason?: Text;
  /** Skipped since this machine cannot try it: that costs nothing. */
  readonly excused?: true;
  /** In the order they ran; empty for `skipped`. */
  readonly attempts: readonly Attempt[];
}
