import { expect, test } from "vitest";
import type { Transcript } from "../wire/transcript.ts";
import { lineInStderr } from "./stderr-line.ts";

const stderr = (text: string): Transcript => [{ atMs: 0, type: "stderr", text }];

test.each<[string, string, string, number | undefined]>([
  ["the innermost line of the program's own", "server.py", traceback("/s/server.py", 8, "/s/server.py", 3), 3],
  ["none of a file whose name ends alike", "server.py", traceback("/usr/lib/socketserver.py", 233), undefined],
  ["the caller of such a file", "server.py", traceback("/s/server.py", 8, "/usr/lib/socketserver.py", 233), 8],
  ["a relative path", "src/server.py", traceback("server.py", 5), 5],
  ["a stack of Node", "server.mjs", "TypeError: no\n    at file:///s/server.mjs:12:5\n", 12],
  ["a function in a stack of Node", "server.js", "Error\n    at serve (/s/server.js:7:3)\n", 7],
  ["no file of Node whose name ends alike", "net.js", "Error\n    at listen (/s/mynet.js:7:3)\n", undefined],
])("finds %s", (_, file, text, line) => {
  expect(lineInStderr(stderr(text), file)).toBe(line);
});

function traceback(...frames: (string | number)[]): string {
  const lines = frames.flatMap((file, at) => (at % 2 === 0 ? `  File "${file}", line ${frames[at + 1]}, in x\n` : []));
  return `Traceback (most recent call last):\n${lines.join("")}OSError: no\n`;
}
