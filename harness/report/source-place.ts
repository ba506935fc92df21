import { posix } from "node:path";
import type { CheckResult } from "../checks/verdict.ts";
import type { ProgramRun, SubmissionResult } from "../grade/result.ts";
import { lineInStderr } from "../trace/stderr-line.ts";
import { decidingTranscript } from "./story.ts";

/** A line of the student's own program; it locates and never convicts. */
export interface SourcePlace {
  /** With `/`, relative to where Gema was started when the submission was given so, else to the submission. */
  readonly file: string;
  /** Counted from 1; 1 when nothing points to a line. */
  readonly line: number;
}

/** Where a viewer should take the reader for this check; undefined when no program was handed in. */
export function sourcePlace(result: SubmissionResult, run: ProgramRun, check: CheckResult): SourcePlace | undefined {
  if (run.file === undefined) return undefined;
  return { file: sourceFile(result.path, run.file), line: lineInStderr(decidingTranscript(check), run.file) ?? 1 };
}

function sourceFile(path: string, file: string): string {
  const given = slashes(path);
  const inside = slashes(file);
  const absolute = given.startsWith("/") || /^[A-Za-z]:/.test(given);
  if (absolute) return inside;
  const alone = given === inside || given.endsWith(`/${inside}`);
  return posix.normalize(alone ? given : posix.join(given, inside));
}

function slashes(path: string): string {
  return path.replaceAll("\\", "/");
}
