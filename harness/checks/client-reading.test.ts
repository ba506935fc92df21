import { describe, expect, test } from "vitest";
import type { Contract } from "../assignment/assignment.ts";
import type { EventWithoutTime, Transcript } from "../wire/transcript.ts";
import {
  describeStay,
  exitOf,
  launchesAtOnce,
  leftUnread,
  showsInPieces,
  showsNotation,
  showsText,
  told,
} from "./client-reading.ts";
import { printed } from "./reading.ts";

const record = (...events: EventWithoutTime[]): Transcript =>
  events.map((event, atMs) => ({ atMs, ...event }) as Transcript[number]);

const contract = (client: Partial<Contract["client"]>, address: Partial<Contract["address"]> = {}): Contract => ({
  kind: "stream",
  concurrent: false,
  bufferBytes: 65535,
  address: { host: "127.0.0.1", port: 5000, passed: { by: "fixed" }, ...address },
  client: { message: { by: "fixed" }, printsReply: true, mustTimeOut: false, ...client },
});

describe("showing a reply", () => {
  const reply = Buffer.from("hUjk7");

  test.each(["hUjk7", "Received: hUjk7\n", "'hUjk7'", "b'hUjk7' = hUjk7", "\x1b[32mhUjk7\x1b[0m"])(
    "%j shows it",
    (output) => {
      expect(showsText(output, reply)).toBe(true);
    },
  );

  test.each(["b'hUjk7'", 'bytearray(b"hUjk7")', "<Buffer 68 55 6a 6b 37>"])(
    "%j shows it in notation only",
    (output) => {
      expect(showsText(output, reply)).toBe(false);
      expect(showsNotation(output, reply)).toBe(true);
    },
  );

  test("pieces in notation show it in notation, and an empty reply is nowhere", () => {
    const text = reply.toString();
    expect(showsNotation(`got b'${text.slice(0, 2)}'\ngot b"${text.slice(2)}"\n`, reply)).toBe(true);
    expect(showsNotation(`got b'${text.slice(0, 2)}'\n`, reply)).toBe(false);
    expect(showsNotation("got b'halo'", Buffer.alloc(0))).toBe(false);
  });

  test.each([
    ["a line end", "halo\nDunia\n", "rcv b'halo\\nDunia\\n'"],
    ["letters beyond ASCII", "Olá", "b'Ol\\xc3\\xa1'"],
    ["both quotes", `it's "so"`, `b'it\\'s "so"'`],
    ["a backslash", "a\\b", "b'a\\\\b'"],
  ])("%s stands in notation by its escape", (_, text, output) => {
    expect(showsNotation(output, Buffer.from(text))).toBe(true);
  });

  test.each(["", "OK", "HUJK7", "hUj", "b'other'"])("%j does not show it", (output) => {
    expect(showsText(output, reply)).toBe(false);
    expect(showsNotation(output, reply)).toBe(false);
  });

  test.each([
    ["a line for each message", "1: Pesan ke-1\n2: Pesan ke-2\n", "Pesan ke-1Pesan ke-2", true],
    [
      "what each receive brought",
      "got This is the mess\ngot age. It is long\n",
      "This is the message. It is long",
      true,
    ],
    ["one message of two", "1: Pesan ke-1\n", "Pesan ke-1Pesan ke-2", false],
    ["single letters", "T h i s", "This", false],
    ["another text", "a quite different text", "hUjk7pQ2xZ", false],
    ["a letter at the end, in a row", "Received: hUjk7pQ2\nReceived: x\nReceived: ZZ!\n", "hUjk7pQ2xZZ!", true],
    ["single letters in rows", "is a hat\n1> T\n2> h\n3> i\n10> s\ndone", "This", true],
    ["rows from which one is missing", "1> hUjk7\n2> Z\n", "hUjk7xZ", false],
    ["a letter a row, in quotes", 'got "T"\ngot "h"\ngot "i"\ngot "s"\nbye', "This", true],
    ["a row that brought no whole letter", 'got "Th"\ngot ""\ngot "is"\n', "This", true],
    ["rows in quotes from which one is missing", 'got "Th"\ngot "s"\n', "This", false],
    ["rows with a count behind them", "got Hi (2/9)\ngot you (6/9)\ngot .. (9/9)\n", "Hi you ..", true],
    ["letters in colours", "\u001b[31mT\u001b[0;1mh\u001b[mis\n", "This", true],
    ["nothing, as white space may", "got it\nand more\n", " \n", true],
    ["rows of other words", "got hUj\nlost k7x\n", "hUjk7x", false],
    ["spaces at the ends of rows", "got Hi \ngot you, \ngot it", "Hi you, it", true],
    ["spaces that were not printed", "got Hi\ngot you,\ngot it", "Hi you, it", true],
  ])("%s counts as shown in pieces: %s", (_, output, text, counts) => {
    expect(showsInPieces(output, Buffer.from(text))).toBe(counts);
  });

  test("a line end that came back need not be printed", () => {
    expect(showsText("got hUjk7!", Buffer.from("hUjk7\n"))).toBe(true);
  });
});

describe("what the client was told", () => {
  const started = (...command: string[]): EventWithoutTime => ({ type: "started", command, pid: 1 });

  test("as the last of its arguments", () => {
    const rule = contract({ message: { by: "argv", args: ["-m", "<{message}>"] } });
    expect(
      told(
        record(started("python3", "c.py", "-m", "<old>"), started("python3", "c.py", "-m", "<héj>")),
        rule,
      )?.toString(),
    ).toBe("héj");
  });

  test("in a whole command", () => {
    const passed = { by: "command", command: ["run", "{message}", "{port}"] } as const;
    const rule = contract({ message: { by: "argv", args: ["{message}"] } }, { passed });
    expect(told(record(started("run", "abc", "5000")), rule)?.toString()).toBe("abc");
  });

  test("as a typed line, after those of the address", () => {
    const passed = { by: "stdin", lines: ["{port}"] } as const;
    const rule = contract({ message: { by: "stdin", lines: ["{message}", "quit"] } }, { passed });
    const typed = ["5000", "abc", "quit"].map((line): EventWithoutTime => ({ type: "typed", text: `${line}\n` }));
    expect(told(record(...typed), rule)?.toString()).toBe("abc");
    expect(told(record(...typed.slice(0, 2)), rule)?.toString()).toBe("abc");
    expect(told(record(...typed, started("python3", "c.py"), ...typed), rule)?.toString()).toBe("abc");
  });

  test("nothing, where it sends a literal that nobody knows", () => {
    expect(told(record(started("python3", "c.py")), contract({}))).toBeUndefined();
  });
});

describe("bytes left unread", () => {
  const sent: EventWithoutTime = { type: "sent", peer: "A", bytes: Buffer.from("12345") };
  const silent: EventWithoutTime = {
    type: "silent",
    proved: true,
    afterMs: 3,
    blocked: [{ call: "read", fd: 0 }],
    connections: [{ peer: "A", accepted: true, unread: 5 }],
  };

  test("are those that lie there while nothing moves", () => {
    expect(leftUnread(record(sent, silent), "A")).toBe(5);
    expect(leftUnread(record(sent, { type: "read-by-subject", peer: "A", bytes: 5 }, silent), "A")).toBe(0);
  });

  test("are not guessed from a RST", () => {
    expect(leftUnread(record(sent, { type: "reset", peer: "A" }), "A")).toBe(0);
  });

  test("a client that waits for its user is described so", () => {
    expect(describeStay(record(sent, silent)).en).toContain("typed");
  });
});

test("clients at once are told apart, however their output was interleaved", () => {
  const start = (pid: number, word: string): EventWithoutTime => ({ type: "started", command: ["c", word], pid });
  const rule = contract({ message: { by: "argv", args: ["{message}"] } });
  const transcript = record(
    start(1, "one"),
    start(2, "two"),
    { type: "stdout", text: "o", pid: 1 },
    { type: "stdout", text: "two", pid: 2 },
    { type: "exited", exit: { code: 0, signal: null }, pid: 2 },
    { type: "stdout", text: "ne", pid: 1 },
  );
  const seen = launchesAtOnce(transcript).map((own) => [
    told(own, rule)?.toString(),
    printed(own, "stdout"),
    exitOf(own),
  ]);
  expect(seen).toEqual([
    ["one", "one", undefined],
    ["two", "two", { code: 0, signal: null }],
  ]);
});
