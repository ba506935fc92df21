import { describe, expect, test } from "vitest";
import type { EventWithoutTime, Transcript } from "../wire/transcript.ts";
import { fail, inconclusive, PASS } from "./reading.ts";
import { judgeInterrupted } from "./short-write.ts";

const record = (...events: EventWithoutTime[]): Transcript =>
  events.map((event, atMs) => ({ atMs, ...event }) as Transcript[number]);

const stopped = (value: 0 | 1): EventWithoutTime => ({ type: "measured", what: "stopped-in-send", value });
const ended: EventWithoutTime = { type: "ended", peer: "A" };
const reset: EventWithoutTime = { type: "reset", peer: "A" };
const exited = (code: number): EventWithoutTime => ({ type: "exited", exit: { code, signal: null } });
const same = (text: string) => ({ en: text, id: text });
const short = fail(same("all"), same("a part"));
const others = fail(same("all"), same("a part"), { at: 0, from: 0, expected: Buffer.of(1), observed: Buffer.of(2) });

describe("bytes that are missing after a send was to be short", () => {
  test.each<[string, EventWithoutTime[]]>([
    ["the send was interrupted", [stopped(1), ended]],
    ["the send was interrupted, and the program crashed", [stopped(1), exited(1)]],
    ["others came in their place before a reset", [stopped(1), reset]],
    ["it does not block, and finished as if all was sent", [stopped(0), ended]],
    ["it does not block, and ended as if all was sent", [stopped(0), exited(0)]],
  ])("are a failure, with its place: %s", (_, events) => {
    const finding = judgeInterrupted(record(...events), others);
    expect(finding).toMatchObject({ outcome: "fail", expected: same("all"), difference: { at: 0 } });
    expect(finding).toMatchObject({ observed: { en: expect.stringMatching(/ a part$/) } });
  });

  test.each<[string, EventWithoutTime[]]>([
    ["a reset", [stopped(0), reset]],
    ["a crash", [stopped(0), exited(1)]],
    ["no connection", [stopped(0), { type: "not-connected", peer: "A", code: "ECONNREFUSED" }]],
  ])("prove nothing when it was never seen in a send and there was %s", (_, events) => {
    expect(judgeInterrupted(record(...events), short)).toMatchObject({
      outcome: "inconclusive",
      observed: { en: "The program was never seen waiting in send(). a part" },
    });
  });
});

test("bytes that a reset may have thrown away prove nothing", () => {
  expect(judgeInterrupted(record(stopped(1), reset), short)).toEqual(inconclusive(same("all"), same("a part")));
});

test("a reset threw nothing away when all had come before", () => {
  const came = (length: number): EventWithoutTime => ({
    type: "body-received",
    peer: "A",
    length,
    sha256: "",
    difference: null,
  });
  const before: EventWithoutTime = { type: "measured", what: "bytes-before-echo", value: 4608 };
  expect(judgeInterrupted(record(stopped(1), before, reset, came(4608)), short)).toMatchObject({ outcome: "fail" });
  expect(judgeInterrupted(record(stopped(1), before, reset, came(4609)), short)).toMatchObject({
    outcome: "inconclusive",
  });
});

test("whatever else was found stands", () => {
  const unsure = inconclusive(same("brought about"), same("not delivered"));
  for (const value of [0, 1] as const) {
    expect(judgeInterrupted(record(stopped(value), ended), PASS)).toBe(PASS);
    expect(judgeInterrupted(record(stopped(value), reset), unsure)).toBe(unsure);
  }
});
