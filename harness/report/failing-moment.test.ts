import { expect, test } from "vitest";
import type { ByteDifference, Finding } from "../checks/verdict.ts";
import {
  bytes,
  notConfirmed,
  oneEcho,
  secondMessageUnanswered,
  splitMessage,
} from "../grade/sample-results.test-helper.ts";
import type { Transcript, TranscriptEvent } from "../wire/transcript.ts";
import { failingMoment } from "./failing-moment.ts";

const local = { host: "127.0.0.1", port: 45576 };

function different(at: number, expected: string, observed: string, from = 0): Finding {
  return failed({ at, from, expected: bytes(expected), observed: bytes(observed) });
}

function failed(difference: ByteDifference): Finding {
  const words = { en: "a", id: "b" };
  return { outcome: "fail", expected: words, observed: words, difference };
}

test("is the silence in which the answer did not come, not our own end", () => {
  expect(failingMoment(secondMessageUnanswered, notConfirmed)).toBe(secondMessageUnanswered[5]);
  expect(failingMoment(splitMessage, different(1, "gema-1b2c", "g"))?.type).toBe("silent");
});

test("is the piece that brought the first wrong byte, whatever followed it", () => {
  const transcript: Transcript = [
    { atMs: 0, type: "connected", peer: "A", local, remote: local },
    { atMs: 1, type: "received", peer: "B", bytes: bytes("abcdef") },
    { atMs: 2, type: "received", peer: "A", bytes: bytes("abc") },
    { atMs: 3, type: "received", peer: "A", bytes: bytes("dXf") },
    { atMs: 4, type: "received", peer: "A", bytes: bytes("ghi") },
    { atMs: 5, type: "ended", peer: "A" },
  ];
  expect(failingMoment(transcript, different(4, "bcdef", "bcdXf", 1))).toBe(transcript[3]);
  expect(failingMoment(transcript, different(9, "abcdefghij", "abcdXfghi"))).toBe(transcript[5]);
});

test("is a large body that differs", () => {
  const difference = { at: 70_000, from: 69_999, expected: bytes("ab"), observed: bytes("aX") };
  const body = { length: 80_000, sha256: "0", peer: "A" } as const;
  const transcript: Transcript = [
    { atMs: 0, type: "body-sent", ...body },
    { atMs: 1, type: "body-received", ...body, difference },
    { atMs: 2, type: "ended", peer: "A" },
  ];
  expect(failingMoment(transcript, failed(difference))).toBe(transcript[1]);
});

test("is a figure where the judge had nothing else, and never where bytes were missing", () => {
  const idle: Transcript = [...oneEcho, { atMs: 99, type: "measured", what: "cpu-busiest-share", value: 0.98 }];
  expect(failingMoment(idle, notConfirmed)).toBe(idle.at(-1));
  expect(failingMoment(idle, different(9, "gema-91c2!", "gema-91c2"))?.type).toBe("ended");
  const before: Transcript = [...oneEcho, { atMs: 99, type: "measured", what: "open-sockets-before", value: 1 }];
  expect(failingMoment(before, notConfirmed)?.type).toBe("ended");
});

test("is the first refused connection, and the silence even if another client was served after it", () => {
  const refused = (peer: string): TranscriptEvent => ({ atMs: 9, type: "not-connected", peer, code: "ECONNREFUSED" });
  const transcript = [...oneEcho, refused("B"), refused("C")];
  expect(failingMoment(transcript, notConfirmed)).toBe(transcript.at(-2));
  const served: Transcript = [
    ...secondMessageUnanswered,
    { atMs: 120, type: "received", peer: "B", bytes: bytes("gema") },
    { atMs: 121, type: "closed", peer: "B", by: "fin" },
  ];
  expect(failingMoment(served, notConfirmed)?.type).toBe("silent");
});

test("is where a figure was reached first", () => {
  const busy = [0.1, 0.98, 0.98].map(
    (value, i): TranscriptEvent => ({ atMs: i, type: "measured", what: "cpu-busiest-share", value }),
  );
  expect(failingMoment(busy, notConfirmed)).toBe(busy[1]);
});

test("there is none in what passed, and none where the program did nothing", () => {
  expect(failingMoment(oneEcho, { outcome: "pass" })).toBeUndefined();
  expect(failingMoment(oneEcho, undefined)).toBeUndefined();
  expect(failingMoment([{ atMs: 0, type: "closed", peer: "A", by: "fin" }], notConfirmed)).toBeUndefined();
});
