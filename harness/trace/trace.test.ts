import { expect, test } from "vitest";
import { readTrace } from "./trace.ts";

const lines = (...records: object[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join("");

test("a call and its end make one, on the transcript's clock", () => {
  const text = lines(
    { atMs: 1005.25, pid: 7, number: 1, call: "accept", file: "server.py", line: 3 },
    { atMs: 1006, pid: 8, number: 1, call: "recv", asked: 100, local: 5000, remote: 40000 },
    { atMs: 1007.5, pid: 7, ended: 1, local: 5000, remote: 40000 },
    { atMs: 1008, pid: 8, ended: 1, error: "TimeoutError" },
    { atMs: 1009, pid: 7, number: 2, call: "data", bytes: 5, over: true },
  );
  expect(readTrace(text, 1000).calls).toEqual([
    {
      atMs: 5.25,
      call: "accept",
      place: { file: "server.py", line: 3 },
      local: 5000,
      remote: 40000,
      ended: { atMs: 7.5 },
    },
    { atMs: 6, call: "recv", asked: 100, local: 5000, remote: 40000, ended: { atMs: 8, error: "TimeoutError" } },
    { atMs: 9, call: "data", ended: { atMs: 9, bytes: 5 } },
  ]);
});

test("a call that waits has no end", () => {
  expect(readTrace(lines({ atMs: 1, pid: 7, number: 1, call: "recv" }), 0).calls).toEqual([{ atMs: 1, call: "recv" }]);
});

test("what was only counted is added up over the processes", () => {
  const text = lines({ pid: 7, leftOut: 1 }, { pid: 7, leftOut: 2 }, { pid: 8, leftOut: 4 });
  expect(readTrace(text, 0)).toEqual({ calls: [], leftOut: 6 });
});

test("whatever is no report is left out", () => {
  const junk = [
    "",
    "null",
    "[]",
    '{"atMs":1,"pid":1,"number":1,"call":"recv"',
    '{"atMs":"1","pid":1,"number":1,"call":"recv"}',
    '{"atMs":1,"pid":1,"number":1,"call":"unlink"}',
    '{"atMs":1,"pid":1,"number":1,"call":"recv","asked":-1}',
    '{"atMs":1,"pid":1,"number":1,"call":"recv","more":true}',
    `{"atMs":1,"pid":1,"number":1,"call":"recv","file":"${"x".repeat(300)}","line":1}`,
    '{"atMs":1,"pid":1,"ended":9}',
    "\0\ufffd",
  ];
  expect(readTrace(junk.join("\n"), 0)).toEqual({ calls: [], leftOut: 0 });
});

test("no more is read than the hooks write", () => {
  const text = Array.from({ length: 10_000 }, (_, i) => lines({ atMs: 1, pid: 7, number: i, call: "send" })).join("");
  expect(readTrace(text, 0).calls.length).toBeLessThanOrEqual(4000);
});
