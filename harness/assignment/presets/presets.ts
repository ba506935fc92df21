import type { AssignmentFile } from "../schema.ts";
import { tcpEcho } from "./tcp-echo.ts";
import { tcpEchoLecture } from "./tcp-echo-lecture.ts";

/** Assignments that come with Gema, by name. */
export const PRESETS: ReadonlyMap<string, AssignmentFile> = new Map(
  [tcpEcho, tcpEchoLecture].map((preset): [string, AssignmentFile] => [preset.name, preset]),
);
