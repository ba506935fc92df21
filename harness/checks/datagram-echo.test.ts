import { describe, expect, test } from "vitest";
import type { EventWithoutTime, Transcript } from "../wire/transcript.ts";
import { judgeAll, judgeDatagrams } from "./datagram-echo.ts";

const NOBODY = { host: "127.0.0.1", port: 5000 };

/** `>` before what we sent, `<` before what came back. */
function conversation(...said: readonly string[]): Transcript {
  const events = said.map((one): EventWithoutTime => {
    const type = one.startsWith(">") ? "sent" : "received";
    return { type, peer: "A", bytes: Buffer.from(one.slice(1)) };
  });
  const ready: EventWithoutTime = { type: "connected", peer: "A", local: NOBODY, remote: NOBODY, protocol: "udp" };
  return [ready, ...events].map((event, at) => ({ atMs: at, ...event }));
}

const observed = (transcript: Transcript, round = 1): string => {
  const finding = judgeDatagrams(transcript, "A", round);
  return finding.outcome === "pass" ? "" : finding.observed.en;
};

describe("passes", () => {
  test.each([
    ["an echo", [">one", "<one"]],
    ["an empty echo", [">", "<"]],
    ["the second try", [">one", ">two", "<two"]],
    ["a late reply to the first try", [">one", ">two", "<two", "<one"]],
    ["one after the other", [">one", "<one", ">two", "<two"]],
  ])("%s", (_, said) => {
    expect(judgeDatagrams(conversation(...said), "A")).toEqual({ outcome: "pass" });
  });

  test("a round in any order", () => {
    expect(judgeDatagrams(conversation(">one", ">two", "<two", "<one"), "A", 2).outcome).toBe("pass");
  });
});

describe("fails", () => {
  test.each([
    ["silence in all tries", [">one", ">two", ">three"], 1, "No datagram came back, in 3 tries."],
    ["the last turn unanswered", [">one", "<one", ">two"], 1, "No datagram came back"],
    ["a reply that is always one late", [">one", ">two", "<one", ">three", "<two"], 1, "No datagram came back"],
    ["a part of a round", [">one", ">two", "<one"], 2, "1 of 2 datagrams were not answered."],
    ["two in one", [">one", ">two", "<onetwo"], 2, 'What came back is different: "onetwo"'],
    ["a cut", [">message", "<mess"], 1, "Only the first 4 of 7 bytes came back"],
    ["an echo twice", [">one", "<one", "<one"], 1, "The same datagram came back more than once."],
    ["other bytes", [">one", "<ONE"], 1, "What came back is different"],
  ])("%s", (_, said, round, words) => {
    expect(observed(conversation(...said), round)).toContain(words);
  });
});

test("replies to nobody are told where they were as many as the datagrams in vain", () => {
  const astray = (value: number): Transcript => [
    ...conversation(">one", "<one", ">two", ">three"),
    { atMs: 9, type: "measured", what: "datagrams-astray", value },
  ];
  expect(observed(astray(2))).toContain("to a port where nobody waits");
  expect(observed(astray(1))).not.toContain("to a port where nobody waits");
});

test("an answer that waited for the next datagram is none, where that is proved", () => {
  const lagging = (proved: boolean): Transcript => {
    const [ready, first, ...rest] = conversation(">one", ">two", "<one", "<two");
    const silent = { type: "silent" as const, proved, afterMs: 5, blocked: [], connections: [] };
    return [ready, first, { atMs: 1, ...silent }, ...rest].flatMap((event) => event ?? []);
  };
  expect(judgeDatagrams(lagging(false), "A")).toEqual({ outcome: "pass" });
  expect(observed(lagging(true))).toContain("only after the next datagram had been sent");
});

test("what was never sent accuses nobody", () => {
  expect(judgeDatagrams(conversation(), "A").outcome).toBe("inconclusive");
});

test("of several clients the first that is wrong decides", () => {
  expect(judgeAll(conversation(">one", "<one"), ["A"]).outcome).toBe("pass");
  expect(judgeAll(conversation(">one", "<two"), ["A", "B"]).outcome).toBe("fail");
});
