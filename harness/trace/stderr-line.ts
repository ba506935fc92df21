import { posix } from "node:path";
import type { Transcript } from "../wire/transcript.ts";

/** The innermost frame of the last traceback (Python) or stack (Node) that names the program's file. */
export function lineInStderr(transcript: Transcript, file: string): number | undefined {
  const stderr = transcript.map((event) => (event.type === "stderr" ? event.text : "")).join("");
  const name = posix.basename(file.replaceAll("\\", "/")).replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  // Not the end of another name: server.py is no part of socketserver.py.
  const python = [...stderr.matchAll(new RegExp(`["/\\\\]${name}", line (\\d{1,6})\\b`, "g"))].at(-1);
  const node = new RegExp(`(?:^|[/\\\\(\\s])${name}:(\\d{1,6})(?::\\d+)?\\)?$`, "m").exec(stderr);
  const line = Number((python ?? node)?.[1] ?? 0);
  return line > 0 ? line : undefined;
}
