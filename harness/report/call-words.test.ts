import { expect, test } from "vitest";
import type { TracedCall } from "../trace/trace.ts";
import { callWords } from "./call-words.ts";

const place = { file: "server.py", line: 14 };

function words(call: Partial<TracedCall>, { times = 1, waiting = false, language = "en" as "en" | "id" } = {}): string {
  return callWords({ call: { atMs: 1, call: "recv", ...call, place }, times, waiting }, language);
}

test.each([
  [{ asked: 65535, ended: { atMs: 2, bytes: 5 } }, "server.py:14 recv(65535) -> 5 bytes"],
  [{ asked: 65535, ended: { atMs: 2, bytes: 1 } }, "server.py:14 recv(65535) -> 1 byte"],
  [{ asked: 100, ended: { atMs: 2, error: "ConnectionResetError" } }, "server.py:14 recv(100) -> ConnectionResetError"],
  [{ call: "sendall", asked: 5, ended: { atMs: 2 } }, "server.py:14 sendall(5)"],
  [{ call: "data", ended: { atMs: 2, bytes: 5 } }, "server.py:14 'data' -> 5 bytes"],
  [{ call: "accept" }, "server.py:14 accept()"],
] as const)("%o is %s", (call, expected) => {
  expect(words(call)).toBe(expected);
});

test("a call that waits says so in both languages, and several are counted", () => {
  const call = { asked: 100, ended: { atMs: 9, bytes: 0 } };
  expect(words(call, { waiting: true })).toBe("server.py:14 recv(100) waits");
  expect(words(call, { waiting: true, language: "id" })).toBe("server.py:14 recv(100) menunggu");
  expect(words({ asked: 100, ended: { atMs: 9, bytes: 5 } }, { times: 3, language: "id" })).toBe(
    "server.py:14 recv(100) -> 5 byte x3",
  );
});
