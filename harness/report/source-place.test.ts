import { describe, expect, test } from "vitest";
import { attempt, check, notConfirmed, passing, same } from "../grade/sample-results.test-helper.ts";
import { sourcePlace } from "./source-place.ts";

function place(stderr: string, { path = "submissions/budi", file = "server.py" } = {}) {
  const failed = check("tcp-server/x", same("x"), {
    attempts: [attempt([{ atMs: 0, type: "stderr", text: stderr }], notConfirmed)],
  });
  const [run] = passing().programs;
  if (!run) throw new Error("the sample has a run");
  return sourcePlace({ ...passing(), path }, { ...run, file }, failed);
}

const PYTHON = `Traceback (most recent call last):
  File "/sub/server.py", line 12, in <module>
    main()
  File "/sub/server.py", line 7, in main
    data.decode()
  File "/usr/lib/python3.11/codecs.py", line 322, in decode
UnicodeDecodeError: x
`;
const NODE = `Error: read ECONNRESET
    at read (node:net:1)
    at onData (/sub/server.ts:9:11)
    at Socket.<anonymous> (/sub/server.ts:30:3)
`;

describe("sourcePlace", () => {
  test("takes the innermost frame of the student's own file", () => {
    expect(place(PYTHON)).toEqual({ file: "submissions/budi/server.py", line: 7 });
    expect(place(NODE, { file: "server.ts" })).toEqual({ file: "submissions/budi/server.ts", line: 9 });
  });

  test("points to the first line when nothing points anywhere", () => {
    expect(place("oops")?.line).toBe(1);
    expect(place('File "server.py", line 0\n')?.line).toBe(1);
  });

  test.each([
    ["server.py", "server.py", "server.py"],
    ["./work/server.py", "server.py", "work/server.py"],
    ["C:\\kelas\\budi", "server.py", "server.py"],
    ["/home/guru/budi", "src/server.py", "src/server.py"],
    ["kelas\\budi", "src\\server.py", "kelas/budi/src/server.py"],
  ])("of %s and %s makes %s", (path, file, expected) => {
    expect(place("", { path, file })?.file).toBe(expected);
  });
});
