import { type Program, protocolOf, roleOf } from "../assignment/assignment.ts";
import type { CheckResult } from "../checks/verdict.ts";
import type { Text } from "../text.ts";
import type { TracedRun } from "../trace/source-calls.ts";
import type { Place } from "../trace/trace.ts";

/** What a signature looks at: the results of one program's checks by id. */
export interface Symptoms {
  readonly program: Program;
  readonly results: ReadonlyMap<string, CheckResult>;
}

/** What a signature answers when its mistake fits. */
export interface Diagnosis {
  /** 0..1; 1 means that nothing else explains what was seen. */
  readonly confidence: number;
  /** Ids of failed checks that the mistake explains. */
  readonly explains: readonly string[];
}

/** A few lines of a program, in both languages that Gema grades. */
export interface Fragment {
  readonly python: string;
  readonly typescript: string;
}

/** What a student is told of a mistake. */
export interface Lesson {
  readonly title: Text;
  /** What happened and why it matters, for a beginner. */
  readonly explanation: Text;
  readonly lookUp: Text;
  /** The lines that make it, as short as they can be. */
  readonly wrong: Fragment;
  readonly repair: Fragment;
}

/** The named cause behind a pattern of verdicts. One file each; the id is the file's name. */
export interface Mistake extends Lesson {
  /** Where it can be made; it is not looked for elsewhere. */
  readonly programs: readonly Program[];
  /** What is said otherwise to whoever made it in a client. */
  readonly inClient?: Partial<Lesson>;
  /** What is said otherwise to whoever made it in a UDP program. */
  readonly inUdp?: Partial<Lesson>;
  /** What is said otherwise, once more, to whoever made it in a UDP client. */
  readonly inUdpClient?: Partial<Lesson>;
  /** Called for its `programs` only. */
  diagnose(symptoms: Symptoms): Diagnosis | undefined;
  /** The line that is at fault for a failure it explains, in a run of that check with hooks. */
  readonly fault?: FindFault;
}

/** What is said of a mistake to whoever made it in this program. */
export function lessonFor(mistake: Mistake, program: Program): Lesson {
  return {
    ...mistake,
    ...(roleOf(program) === "client" && mistake.inClient),
    ...(protocolOf(program) === "udp" && mistake.inUdp),
    ...(program === "udp-client" && mistake.inUdpClient),
  };
}

/** `file` is the program that was run, relative to the submission. */
export type FindFault = (run: TracedRun & { readonly program: Program; readonly file: string }) => Place | undefined;

export interface NamedMistake extends Diagnosis {
  readonly id: string;
  readonly program: Program;
  readonly title: Text;
  /** The line at fault, where a trace showed it. */
  readonly place?: Place;
}
