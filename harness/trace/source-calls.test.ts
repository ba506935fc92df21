import { describe, expect, test } from "vitest";
import type { Transcript, TranscriptEvent } from "../wire/transcript.ts";
import { callsAtEvents, type TracedRun } from "./source-calls.ts";
import type { TracedCall } from "./trace.ts";

const PROBE = { host: "127.0.0.1", port: 40_000 };
const PROGRAM = { host: "127.0.0.1", port: 5000 };
const ENDS = { local: PROGRAM.port, remote: PROBE.port };

const bytes = (length: number): Uint8Array => new Uint8Array(length);
const at = (line: number) => ({ file: "server.py", line });

const accept: TracedCall = { atMs: 0, call: "accept", place: at(3), ...ENDS, ended: { atMs: 1 } };
const recv = (atMs: number, size: number): TracedCall => ({
  atMs,
  call: "recv",
  place: at(5),
  asked: 100,
  ...ENDS,
  ended: { atMs: atMs + 0.5, bytes: size },
});
const sendall = (atMs: number, size: number): TracedCall => ({
  atMs,
  call: "sendall",
  place: at(6),
  asked: size,
  ...ENDS,
  ended: { atMs: atMs + 0.5 },
});
const close: TracedCall = { atMs: 90, call: "close", place: at(8), ...ENDS, ended: { atMs: 91 } };

const connected: TranscriptEvent = { atMs: 1, type: "connected", peer: "A", local: PROBE, remote: PROGRAM };
const sent = (atMs: number, size: number): TranscriptEvent => ({ atMs, type: "sent", peer: "A", bytes: bytes(size) });
const received = (atMs: number, size: number): TranscriptEvent => ({
  atMs,
  type: "received",
  peer: "A",
  bytes: bytes(size),
});
const silent = (atMs: number): TranscriptEvent => ({
  atMs,
  type: "silent",
  proved: true,
  afterMs: 1,
  blocked: [],
  connections: [],
});

function run(calls: readonly TracedCall[], ...events: TranscriptEvent[]): TracedRun {
  return { transcript: [connected, ...events], trace: { calls, leftOut: 0 } };
}

/** For each event its call's line and how many calls there are; `undefined` without one. */
function linesAt(conversation: Transcript, traced: TracedRun) {
  const calls = callsAtEvents(conversation, traced);
  return conversation.map((event) => {
    const found = calls.get(event);
    return found && `${found.call.call}:${found.call.place.line}${found.waiting ? " waits" : ""} x${found.times}`;
  });
}

describe("the call beside an event", () => {
  test("is found by the connection and by the order of its bytes", () => {
    const talk = [connected, sent(2, 5), received(4, 5), sent(5, 7), received(8, 7)];
    const calls = [accept, recv(2, 5), sendall(3, 5), recv(6, 7), sendall(7, 7)];
    expect(linesAt(talk, run(calls))).toEqual([
      "accept:3 x1",
      "recv:5 x1",
      "sendall:6 x1",
      "recv:5 x1",
      "sendall:6 x1",
    ]);
  });

  test("is found for another run of the check, with other ports and pieces", () => {
    const other = { ...connected, local: { ...PROBE, port: 41_000 } } as TranscriptEvent;
    const calls = [accept, recv(2, 3), recv(3, 2), sendall(4, 5)];
    const talk = [other, sent(2, 5), received(3, 1), received(4, 4)];
    expect(linesAt(talk, run(calls))).toEqual(["accept:3 x1", "recv:5 x2", "sendall:6 x1", "sendall:6 x1"]);
  });

  test("is none where the program did not move these bytes", () => {
    const talk = [connected, sent(2, 5), sent(3, 5), received(4, 5)];
    expect(linesAt(talk, run([accept, recv(2, 5), sendall(3, 5)]))).toEqual([
      "accept:3 x1",
      "recv:5 x1",
      undefined,
      "sendall:6 x1",
    ]);
  });

  test("of another connection is not taken", () => {
    const foreign = { ...recv(2, 5), remote: 40_001 };
    expect(linesAt([connected, sent(2, 5)], run([accept, foreign]))).toEqual(["accept:3 x1", undefined]);
  });

  test("of the ends is the receive that says so, and the close", () => {
    const talk: Transcript = [
      connected,
      { atMs: 2, type: "half-closed", peer: "A" },
      { atMs: 3, type: "ended", peer: "A" },
    ];
    expect(linesAt(talk, run([accept, recv(2, 0), close]))).toEqual(["accept:3 x1", "recv:5 x1", "close:8 x1"]);
  });

  test("of a silence is the one call that waits at that moment, though it returned later", () => {
    const waits = recv(10, 0);
    const late = { ...waits, ended: { atMs: 50, bytes: 0 } };
    const talk = [connected, silent(20)];
    expect(linesAt(talk, run([accept, late], silent(20)))).toEqual(["accept:3 x1", "recv:5 waits x1"]);
    expect(linesAt(talk, run([accept, waits], silent(20)))).toEqual(["accept:3 x1", undefined]);
    const again: TracedCall = { atMs: 5, call: "accept", place: at(3) };
    expect(linesAt(talk, run([accept, late, again], silent(20)))).toEqual(["accept:3 x1", undefined]);
  });

  test("is left out where no line is known", () => {
    const { place: _, ...nowhere } = recv(2, 5);
    expect(linesAt([connected, sent(2, 5)], run([accept, nowhere]))).toEqual(["accept:3 x1", undefined]);
  });
});
