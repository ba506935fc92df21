import type { Program } from "../assignment/assignment.ts";
import type { Text } from "../text.ts";

/** `command`: the assignment says how to start it, in whatever language. */
export type SourceLanguage = "python" | "node" | "command";

/** A program that was handed in: the file to run. */
export interface Entry {
  readonly program: Program;
  /** Relative to the submission's folder, with `/`; bytes that are no UTF-8 are written as `\xNN`. */
  readonly file: string;
  /** Absolute. A Buffer when the name is no UTF-8 and a string could not reach it. */
  readonly path: string | Buffer;
  readonly language: SourceLanguage;
  /** The submission's folder, absolute: the working directory of the program. */
  readonly root: string;
}

/** A file or folder that a program finds at `path`; what it reads there lies at `source`. Both absolute. */
export interface Mount {
  readonly path: string;
  readonly source: string;
}

/** What was handed in by one student. */
export interface Submission {
  /** The name of the folder or file. It may hold any character: reports escape it. */
  readonly name: string;
  /** As given. */
  readonly path: string;
  /** The folder, absolute; for a single file the folder that it lies in. */
  readonly root: string;
  /** The folder or file itself, and a copy of it where programs are to see no more than that. */
  readonly handedIn: Mount;
  readonly programs: Readonly<Partial<Record<Program, Entry>>>;
  /** Programs that were asked for and not found; always empty when one file or one program was pointed at. */
  readonly missing: readonly Program[];
  /** Those of the missing ones that several files may be. */
  readonly inDoubt?: readonly Program[];
  /** How a file was chosen, and what was left out. */
  readonly notes: readonly Text[];
}
