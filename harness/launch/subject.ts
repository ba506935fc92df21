import type { Mount } from "../submission/submission.ts";

/** How a process ended: by `exit(code)` or by a signal; exactly one of the two is not null. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  /** What it used too much of, when Gema ended it for that. */
  readonly limit?: Limit;
}

/** `memory`: all its processes together. `output`: what it printed. */
export type Limit = "memory" | "output";

/** All that is needed to run a program. */
export interface LaunchPlan {
  /** Never empty; the first element is an executable. */
  readonly command: readonly string[];
  readonly cwd: string;
  /** What the program has to read: in a sandbox it sees no other files but the system's. */
  readonly readable: readonly Mount[];
  /** Files of ours, absolute, that it may write to: a sandbox lets it write in its own folder and in /tmp alone. */
  readonly writable?: readonly string[];
  /** Added to the clean environment. */
  readonly env: Readonly<Record<string, string>>;
  /** It may limit its waits in a way that nobody sees: no look at its calls proves that it waits for ever. */
  readonly unseenLimits?: boolean;
  /** Something will be typed: its input is a pipe, as from a shell. */
  readonly isTyped?: boolean;
}

export type SubjectEvent =
  | { readonly type: "stdout" | "stderr"; readonly text: string }
  | { readonly type: "exited"; readonly exit: Exit };

/** A submission's program, running. */
export interface Subject {
  readonly pid: number;
  readonly plan: LaunchPlan;
  /** `undefined` while it runs. */
  readonly exit: Exit | undefined;
  readonly exited: Promise<Exit>;
  /** Told everything that happens from now on; the last one set wins. */
  listener: (event: SubjectEvent) => void;
  /** Living processes of the subject, quickly: descendants, and re-parented ones once `allProcesses` has seen them. */
  processes(): readonly number[];
  /** Living processes of the subject, re-parented daemons included; walks all of the machine's processes. */
  allProcesses(): readonly number[];
  /** As a terminal sends it: the program hears it, and the processes that it started and left in its group. */
  signal(name: "SIGINT" | "SIGTERM"): void;
  /** Stops every thread by SIGSTOP and returns once all stand still, or 2 s later when they wake each other. Not on Windows. */
  pause(): Promise<void>;
  resume(): void;
  /** Types text on the program's stdin. */
  type(text: string): void;
  /** Something was typed, or the end of it, that has not reached its stdin yet. */
  readonly isBeingTyped: boolean;
  /** Ends the program's stdin, as Ctrl-D does. */
  endInput(): void;
  /** Kills the whole process tree and returns once it is proved gone. Any number of calls. */
  stop(): Promise<void>;
}

/**
 * What keeps a program from the rest of the machine. `partial`: it has a network and a process table of its own, and runs
 * as the user who grades, with that user's files. `full`: it sees none of those, and has limits, too.
 */
export type Isolation = "none" | "partial" | "full";

/** The one door through which programs are started, so that isolation can stand behind it. */
export interface Launcher {
  readonly isolation: Isolation;
  /** Lets programs into a private folder of ours that holds what they have to read. */
  share(folder: string): Promise<void>;
  launch(plan: LaunchPlan): Promise<Subject>;
}
