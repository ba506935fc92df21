import { posix } from "node:path";
import type { CheckResult } from "../checks/verdict.ts";
import { causeOf } from "../grade/failures.ts";
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
  const traced = causeOf(result, { run, check })?.place;
  const line = traced?.line ?? lineInStderr(decidingTranscript(check), run.file) ?? 1;
  return { file: sourceFile(result.path, run.file, traced?.file ?? run.file), line };
}

/** @param program the file that was run, which may be all that was given; relative to the submission, as `file` is */
function sourceFile(path: string, program: string, file: string): string {
  const given = slashes(path);
  const inside = slashes(file);
  const absolute = given.startsWith("/") || /^[A-Za-z]:/.test(given);
  if (absolute) return inside;
  const alone = `/${given}`.endsWith(`/${slashes(program)}`);
  const folder = alone ? given.slice(0, given.length - program.length) : given;
  return posix.join(folder, inside);
}

function slashes(path: string): string {
  return path.replaceAll("\\", "/");
}
