import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventWithoutTime, Transcript } from "../wire/transcript.ts";
import {
  all,
  fail,
  firstDifference,
  has,
  inconclusive,
  join,
  last,
  lastWords,
  measured,
  peers,
  plural,
  printed,
  receivedFrom,
  sentTo,
  show,
} from "./reading.ts";

const record = (...events: EventWithoutTime[]): Transcript =>
  events.map((event, atMs) => ({ atMs, ...event }) as Transcript[number]);
const bytes = (text: string): Buffer => Buffer.from(text, "latin1");
const stderr = (text: string): Transcript => record({ type: "stderr", text });

describe("reading a transcript", () => {
  const transcript = record(
    { type: "sent", peer: "B", bytes: bytes("b1") },
    { type: "sent", peer: "A", bytes: bytes("a1") },
    { type: "received", peer: "A", bytes: bytes("r1") },
    { type: "stdout", text: "out" },
    { type: "received", peer: "B", bytes: bytes("x") },
    { type: "sent", peer: "A", bytes: bytes("a2") },
    { type: "received", peer: "A", bytes: bytes("r2") },
    { type: "stderr", text: "err" },
    { type: "stdout", text: "put" },
    { type: "measured", what: "body-bytes", value: 1 },
    { type: "measured", what: "open-sockets-before", value: 5 },
    { type: "measured", what: "body-bytes", value: 2 },
  );

  test("events by type and peer, in order", () => {
    expect(all(transcript, "sent").map(({ peer }) => peer)).toEqual(["B", "A", "A"]);
    expect(all(transcript, "sent", "A").map(({ atMs }) => atMs)).toEqual([1, 5]);
    expect(last(transcript, "sent", "A")?.atMs).toBe(5);
    expect(last(transcript, "sent", "C")).toBeUndefined();
    expect(has(transcript, "received", "B")).toBe(true);
    expect(has(transcript, "received", "C")).toBe(false);
    expect(has(transcript, "reset")).toBe(false);
    expect(peers(transcript)).toEqual(["B", "A"]);
  });

  test("bytes and output are joined", () => {
    expect(sentTo(transcript, "A").toString()).toBe("a1a2");
    expect(receivedFrom(transcript, "A").toString()).toBe("r1r2");
    expect(receivedFrom(transcript, "C")).toHaveLength(0);
    expect(printed(transcript, "stdout")).toBe("output");
    expect(printed(transcript, "stderr")).toBe("err");
  });

  test("of figures the last one counts", () => {
    expect(measured(transcript, "body-bytes")).toBe(2);
    expect(measured(transcript, "open-sockets-before")).toBe(5);
    expect(measured(transcript, "open-sockets-after")).toBeUndefined();
  });
});

describe("a program's last words", () => {
  test("are Python's exception", () => {
    const traceback =
      'Traceback (most recent call last):\n  File "s.py", line 3, in <module>\n    data.decode()\nUnicodeDecodeError: bad byte\n';
    expect(lastWords(stderr(traceback))).toBe("UnicodeDecodeError: bad byte");
  });

  test("are Node's error, before its stack, its properties and its version", () => {
    const crash = `node:events:495
      throw er; // Unhandled 'error' event
      ^

Error: read ECONNRESET
    at TCP.onStreamRead (node:internal/stream_base_commons:217:20) {
  errno: -104,
  code: 'ECONNRESET'
}

Node.js v20.20.2
`;
    expect(lastWords(stderr(crash))).toBe("Error: read ECONNRESET");
  });

  test("are the last line that says something, where there is no exception; of two exceptions the last", () => {
    expect(lastWords(stderr("usage: server.py\nneeds a port\n\n"))).toBe("needs a port");
    expect(lastWords(stderr("OSError: one\nValueError: two\ncleaning up\n"))).toBe("ValueError: two");
    expect(lastWords(stderr(""))).toBe("");
    expect(lastWords(record())).toBe("");
  });
});

describe("the first difference", () => {
  test.each([
    ["abc", "abd", 2, 0],
    ["abc", "ab", 2, 0],
    ["ab", "abc", 2, 0],
    ["", "x", 0, 0],
    ["x".repeat(40), `${"x".repeat(39)}y`, 39, 23],
  ])("of %j and %j is at %i, shown from %i", (expected, observed, at, from) => {
    const difference = firstDifference(bytes(expected), bytes(observed));
    expect(difference).toMatchObject({ at, from });
    expect(Buffer.from(difference?.expected ?? [])).toEqual(bytes(expected.slice(from, at + 16)));
    expect(Buffer.from(difference?.observed ?? [])).toEqual(bytes(observed.slice(from, at + 16)));
  });

  test("exists exactly when the bytes differ; before it they are equal", () => {
    const letters = fc.uint8Array({ max: 2, maxLength: 60 });
    fc.assert(
      fc.property(letters, letters, (a, b) => {
        const [expected, observed] = [Buffer.from(a), Buffer.from(b)];
        const difference = firstDifference(expected, observed);
        expect(difference === undefined).toBe(expected.equals(observed));
        if (!difference) return;
        const { at } = difference;
        expect(expected.subarray(0, at)).toEqual(observed.subarray(0, at));
        expect(expected[at]).not.toBe(observed[at]);
        expect(difference.expected.length).toBeLessThanOrEqual(32);
        expect(difference.observed.length).toBeLessThanOrEqual(32);
      }),
    );
  });
});

describe("words", () => {
  test.each([
    ["hello", '"hello"'],
    ["a\r\n\0\x7f\xff", '"a\\r\\n\\x00\\x7f\\xff"'],
    ['say "hi" \\', '"say \\"hi\\" \\\\"'],
    ["", '""'],
    ["x".repeat(48), `"${"x".repeat(48)}"`],
    [`${"a".repeat(24)}middle${"b".repeat(24)}`, `"${"a".repeat(24)}...${"b".repeat(24)}"`],
  ])("bytes %j are shown as %s", (text, shown) => {
    expect(show(bytes(text))).toBe(shown);
  });

  test("counts, findings and sentences", () => {
    expect([0, 1, 2, 1_048_576].map((count) => plural(count, "byte"))).toEqual([
      "0 bytes",
      "1 byte",
      "2 bytes",
      "1,048,576 bytes",
    ]);
    expect(plural(2, "reply", "replies")).toBe("2 replies");
    const [one, two] = [
      { en: "One.", id: "Satu." },
      { en: "Two.", id: "Dua." },
    ];
    expect(join(one, undefined, two)).toEqual({ en: "One. Two.", id: "Satu. Dua." });
    expect(inconclusive(one, two)).toEqual({ outcome: "inconclusive", expected: one, observed: two });
    expect(fail(one, two)).toEqual({ outcome: "fail", expected: one, observed: two });
    const difference = { at: 0, from: 0, expected: bytes("a"), observed: bytes("b") };
    expect(fail(one, two, difference)).toMatchObject({ outcome: "fail", difference });
  });
});
