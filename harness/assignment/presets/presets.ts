import type { AssignmentFile } from "../schema.ts";
import { echoAll } from "./echo-all.ts";
import { tcpEcho } from "./tcp-echo.ts";
import { tcpEchoLecture } from "./tcp-echo-lecture.ts";
import { udpEcho } from "./udp-echo.ts";

/** Assignments that come with Gema, by name. */
export const PRESETS: ReadonlyMap<string, AssignmentFile> = new Map(
  [tcpEcho, tcpEchoLecture, udpEcho, echoAll].map((preset): [string, AssignmentFile] => [preset.name, preset]),
);
