import { describe, expect, test } from "vitest";
import type { Contract } from "../assignment/assignment.ts";
import type { EventWithoutTime, Transcript } from "../wire/transcript.ts";
import { check } from "./tcp-server/echoes-in-any-conversation.ts";
import type { Finding } from "./verdict.ts";

const CONTRACT: Contract = {
  kind: "stream",
  concurrent: false,
  bufferBytes: 65535,
  address: { host: "127.0.0.1", port: 5000, passed: { by: "fixed" } },
  client: { message: { by: "fixed" }, printsReply: true, mustTimeOut: false },
};

const here = { host: "127.0.0.1", port: 5000 };
const came = (peer: string): EventWithoutTime => ({ type: "connected", peer, local: here, remote: here });
const sent = (peer: string, text: string): EventWithoutTime => ({ type: "sent", peer, bytes: Buffer.from(text) });
const got = (peer: string, text: string): EventWithoutTime => ({ type: "received", peer, bytes: Buffer.from(text) });
const finished = (peer: string): EventWithoutTime => ({ type: "half-closed", peer });
const ended = (peer: string): EventWithoutTime => ({ type: "ended", peer });
const silent: EventWithoutTime = { type: "silent", proved: true, afterMs: 5, blocked: [], connections: [] };

function judge(events: readonly EventWithoutTime[], concurrent = false): Finding {
  const transcript = events.map((event, atMs) => ({ atMs, ...event }) as Transcript[number]);
  return check.judge(transcript, { ...CONTRACT, concurrent });
}

function failure(finding: Finding): Exclude<Finding, { outcome: "pass" }> {
  if (finding.outcome === "pass") throw new Error("it passed");
  return finding;
}

const BOTH = [came("A"), came("B")];
const END = [finished("A"), ended("A"), finished("B"), ended("B")];
/** B speaks while A, who came before, says nothing, and is answered when A has finished. */
const IN_TURN = [...BOTH, sent("B", "a"), silent, finished("A"), ended("A"), got("B", "a"), finished("B"), ended("B")];

describe("a conversation is right", () => {
  test.each<[string, readonly EventWithoutTime[]]>([
    ["when nobody was found to complain", [{ type: "measured", what: "conversations-held", value: 100 }]],
    [
      "however the echo is cut",
      [came("A"), sent("A", "abc"), got("A", "a"), got("A", "bc"), finished("A"), ended("A")],
    ],
    ["when one client waits for those before it", IN_TURN],
    [
      "when it ends with a reset",
      [came("A"), sent("A", "a"), got("A", "a"), finished("A"), { type: "reset", peer: "A" }],
    ],
    ["when both are answered", [...BOTH, sent("A", "a"), sent("B", "b"), got("B", "b"), got("A", "a"), ...END]],
  ])("%s", (_, events) => {
    expect(judge(events)).toEqual({ outcome: "pass" });
  });
});

describe("a conversation is wrong", () => {
  test.each<[string, readonly EventWithoutTime[], string, string]>([
    [
      "when the first client is left without its echo until it finishes",
      [came("A"), sent("A", "a"), silent, finished("A"), got("A", "a"), ended("A")],
      'A sends "a" (1 byte).',
      "Nothing came back.",
    ],
    [
      "when a client that came after those that have finished is left",
      [...BOTH, finished("A"), ended("A"), sent("B", "b"), silent, got("B", "b"), finished("B"), ended("B")],
      'A finishes (FIN), then B sends "b" (1 byte).',
      "Nothing came back.",
    ],
    [
      "when another client gets the echo, too",
      [...BOTH, sent("A", "a"), got("A", "a"), got("B", "a"), ...END],
      'A sends "a" (1 byte). Client B has sent nothing',
      'It got "a" (1 byte), which it never sent.',
    ],
    [
      "when what follows at once is lost",
      [came("A"), sent("A", "a"), sent("A", "b"), finished("A"), got("A", "a"), ended("A")],
      'A sends "a" (1 byte), and at once A sends "b" (1 byte), and at once A finishes (FIN).',
      'Only the first 1 of 2 bytes came back: "a".',
    ],
    [
      "when the connection stays open",
      [came("A"), sent("A", "a"), got("A", "a"), finished("A"), silent],
      'A sends "a" (1 byte).',
      "keeps the connection open",
    ],
    [
      "when the program ends with it",
      [came("A"), finished("A"), ended("A"), { type: "exited", exit: { code: 0, signal: null } }],
      "A finishes (FIN).",
      "The program ended (exit code 0).",
    ],
  ])("%s", (_, events, told, observed) => {
    const finding = failure(judge(events));
    expect(finding.outcome).toBe("fail");
    expect(finding.expected.en).toContain(`Shortest conversation: ${told}`);
    expect(finding.observed.en).toContain(observed);
    expect(finding.expected.id).toContain("Percakapan terpendek: ");
    expect(finding.observed.id).not.toBe(finding.observed.en);
  });

  test("when a client waits for another one, only where the assignment is about that", () => {
    expect(judge(IN_TURN).outcome).toBe("pass");
    expect(judge(IN_TURN, true).outcome).toBe("fail");
  });
});

test("what could not be tried accuses nobody", () => {
  expect(judge([came("A"), sent("A", "a"), { type: "not-achieved", why: "not-delivered" }]).outcome).toBe(
    "inconclusive",
  );
});
