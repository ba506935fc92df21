import type { Level, Program } from "../assignment/assignment.ts";
import type { Verdict } from "../checks/verdict.ts";
import type { SandboxPlan } from "../launch/isolation/sandbox.ts";
import type { Isolation } from "../launch/subject.ts";
import type { Text } from "../text.ts";
import type { UserErrorOptions } from "../user-error.ts";

/** How a slot is to launch programs. */
export interface Inside {
  readonly isolation: Isolation;
  /** With full isolation. */
  readonly sandbox?: SandboxPlan;
}

interface Asked {
  /** A preset or a file, as given. */
  readonly assignment: string;
  readonly seed: number;
  readonly inside: Inside;
}

/** One submission of a class. */
export interface GradeOrder extends Asked {
  readonly name: string;
  /** The bytes of the path, a character each. */
  readonly path: string;
  /** Where there are several files: their names, and the bytes of their paths, a character each. */
  readonly files?: readonly { readonly name: string; readonly path: string }[];
  /** The lines at fault are not looked for. */
  readonly untraced?: true;
}

/** What `gema check` tries. */
export interface CheckRequest {
  /** A file or folder, as given. */
  readonly path: string;
  readonly program?: Program;
  readonly entry?: string;
  /** Only these checks, and those they depend on. */
  readonly only?: readonly string[];
  /** These before the others. */
  readonly first?: readonly string[];
  /** Conversations are made up, too: `true`, or for so many seconds. */
  readonly explore?: true | number;
  /** Nobody said what was asked: only what is there is checked. */
  readonly assumed: boolean;
  /** Where the program cannot be isolated as well as `inside` says, it is not run. */
  readonly insist: boolean;
}

export interface CheckOrder extends Asked {
  readonly check: CheckRequest;
}

/** What a slot is sent: one submission. */
export type SlotOrder = GradeOrder | CheckOrder;

/** One check that was tried; told at once to whoever waits for the whole. */
export interface SlotNews {
  readonly check: string;
  readonly title: Text;
  readonly verdict: Verdict;
  readonly level: Level;
}

export type SlotAnswer =
  /** `used`: something of the submission's is left in the slot's network, which is no place for another one. */
  | { readonly evidence: string; readonly used: boolean }
  | { readonly refused: UserErrorOptions }
  /** What broke in Gema. */
  | { readonly broke: string };
