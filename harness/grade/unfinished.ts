import type { Assignment } from "../assignment/assignment.ts";
import type { Check } from "../checks/check.ts";
import type { Isolation } from "../launch/subject.ts";
import type { Text } from "../text.ts";
import type { SubmissionResult } from "./result.ts";
import { summarize } from "./summarize.ts";

export interface Unfinished {
  readonly submission: string;
  /** As given. */
  readonly path: string;
  readonly assignment: Assignment;
  readonly seed: number;
  readonly isolation: Isolation;
  readonly wallMs: number;
}

/** The result of a submission that Gema began to grade and could not finish, and why. */
export function unfinishedResult(
  { wallMs, ...begun }: Unfinished,
  why: Text,
  checks: ReadonlyMap<string, Check>,
): SubmissionResult {
  const startedAt = new Date(Date.now() - wallMs).toISOString();
  const seen = { ...begun, startedAt, wallMs: Math.round(wallMs), programs: [], missing: [], notes: [why] };
  return summarize({ ...seen, unfinished: true }, checks, new Map());
}
