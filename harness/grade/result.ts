import type { Assignment, Pair, Program } from "../assignment/assignment.ts";
import type { CheckResult, Verdict } from "../checks/verdict.ts";
import type { Isolation } from "../launch/subject.ts";
import type { NamedMistake } from "../mistakes/mistake.ts";
import type { Text } from "../text.ts";
import type { TracedRun } from "../trace/source-calls.ts";

export interface RequirementResult {
  readonly id: string;
  readonly text: Text;
  readonly points: number;
  readonly earned: number;
  /** The worst verdict of its `must` checks, or of all where none could be tried or told; else `pass`. */
  readonly verdict: Verdict;
  /** Ids of the checks that cost the points. */
  readonly cost: readonly string[];
  readonly checks: readonly CheckResult[];
}

/** A failed check that ran once more, with hooks in the program: it locates, and is never judged. */
export interface CheckTrace extends TracedRun {
  readonly program: Program;
  readonly check: string;
}

export interface ProgramRun {
  readonly program: Program | Pair;
  /** The file that was run, relative to the submission; absent when none was handed in. */
  readonly file?: string;
  readonly command?: readonly string[];
  /** The checks in the order they ran. */
  readonly checks: readonly CheckResult[];
  readonly launches: number;
  readonly wallMs: number;
}

/** The result of one submission: everything a report needs, and all of it follows from the evidence. */
export interface SubmissionResult {
  readonly submission: string;
  /** The folder or file that was graded, as given. */
  readonly path: string;
  readonly assignment: Assignment;
  readonly seed: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly wallMs: number;
  readonly programs: readonly ProgramRun[];
  /** Programs that were asked for and not handed in. */
  readonly missing: readonly Program[];
  /** Those of the missing ones that several files may be: a person has to look. */
  readonly inDoubt?: readonly Program[];
  /** Gema could not finish grading it: the notes say why, and nothing was earned until a person has looked. */
  readonly unfinished?: true;
  readonly requirements: readonly RequirementResult[];
  readonly earned: number;
  readonly points: number;
  readonly verdict: Verdict;
  /** Something was inconclusive or our fault, or no program could be chosen. */
  readonly needsReview: boolean;
  /** What explains failures that cost points, most explaining first. */
  readonly mistakes: readonly NamedMistake[];
  /** What explains warnings alone, most explaining first: worth mending, and held against nobody. */
  readonly advice: readonly NamedMistake[];
  /** Things worth saying that cost nothing: type errors of TypeScript, how the entry was chosen. */
  readonly notes: readonly Text[];
  readonly isolation: Isolation;
  /** One for the failure that is shown for each of the leading mistakes. */
  readonly traces?: readonly CheckTrace[];
}
