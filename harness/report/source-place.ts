import { posix } from "node:path";
import type { CheckResult } from "../checks/verdict.ts";
import type { ProgramRun, SubmissionResult } from "../grade/result.ts";
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
  return { file: sourceFile(result.path, run.file), line: lineInStderr(run.file, check) ?? 1 };
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

/** The innermost frame of the last traceback (Python) or stack (Node) that names the program's file. */
function lineInStderr(file: string, check: CheckResult): number | undefined {
  const stderr = decidingTranscript(check)
    .map((event) => (event.type === "stderr" ? event.text : ""))
    .join("");
  const name = posix.basename(slashes(file)).replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const python = [...stderr.matchAll(new RegExp(`${name}", line (\\d{1,6})\\b`, "g"))].at(-1);
  const node = new RegExp(`${name}:(\\d{1,6})(?::\\d+)?\\)?$`, "m").exec(stderr);
  const line = Number((python ?? node)?.[1] ?? 0);
  return line > 0 ? line : undefined;
}
