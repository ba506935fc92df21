import { beforeAll, describe, expect, test } from "vitest";
import type { Level, Program } from "../assignment/assignment.ts";
import type { CheckResult, Verdict } from "../checks/verdict.ts";
import type { BlockedCall, EventWithoutTime, Transcript } from "../wire/transcript.ts";
import { allMistakes, nameMistakes } from "./find-mistakes.ts";
import type { Mistake } from "./mistake.ts";
import { losesAByte } from "./reply.ts";

let mistakes: ReadonlyMap<string, Mistake>;
beforeAll(async () => {
  mistakes = await allMistakes();
});

type Checks = Readonly<Record<string, readonly [Verdict, Transcript, Level?]>>;

function named(program: Program, checks: Checks): string[] {
  return nameMistakes(program, results(program, checks), mistakes).map(({ id }) => id);
}

function results(program: Program, checks: Checks): CheckResult[] {
  return Object.entries(checks).map(([name, [verdict, transcript, level = "must"]]) => {
    const text = { en: name, id: name };
    const finding =
      verdict === "pass" ? { outcome: "pass" as const } : { outcome: "fail" as const, expected: text, observed: text };
    const attempts = [{ transcript, finding, confirming: false }];
    return { check: `${program}/${name}`, title: text, level, verdict, finding, attempts };
  });
}

/** A conversation in which every event takes a millisecond. */
function events(...all: readonly (EventWithoutTime | readonly EventWithoutTime[])[]): Transcript {
  return all.flat().map((event, atMs) => ({ ...(event as EventWithoutTime), atMs }));
}

const address = { host: "127.0.0.1", port: 5000 };
const connected = (peer: string): EventWithoutTime => ({ type: "connected", peer, local: address, remote: address });
const sent = (peer: string, bytes: string | Buffer): EventWithoutTime => ({
  type: "sent",
  peer,
  bytes: Buffer.from(bytes),
});
const received = (peer: string, bytes: string | Buffer): EventWithoutTime => ({
  type: "received",
  peer,
  bytes: Buffer.from(bytes),
});
const ended = (peer: string): EventWithoutTime => ({ type: "ended", peer });
const closed = (peer: string, by: "fin" | "rst" = "fin"): EventWithoutTime => ({ type: "closed", peer, by });
const halfClosed = (peer: string): EventWithoutTime => ({ type: "half-closed", peer });
const stderr = (text: string): EventWithoutTime => ({ type: "stderr", text });
const stdout = (text: string): EventWithoutTime => ({ type: "stdout", text });
const exited = (code: number): EventWithoutTime => ({ type: "exited", exit: { code, signal: null } });
const asked = (port: number): EventWithoutTime => ({ type: "asked", address: { host: "127.0.0.1", port } });
const listening = (host: string, port: number, protocol: "tcp" | "udp" = "tcp"): EventWithoutTime => ({
  type: "listening",
  sockets: [{ host, port, protocol }],
});

/** Client A says these things one after the other and gets these replies. */
function talk(...turns: readonly (readonly [string | Buffer, string | Buffer])[]): EventWithoutTime[] {
  return [
    connected("A"),
    ...turns.flatMap(([said, reply]) =>
      reply.length > 0 ? [sent("A", said), received("A", reply)] : [sent("A", said)],
    ),
  ];
}

function silent(
  call: BlockedCall,
  state: { peer?: string; accepted?: boolean; unread?: number } = {},
): EventWithoutTime {
  const { peer = "A", accepted = true, unread = 0 } = state;
  return { type: "silent", proved: true, afterMs: 5, blocked: [call], connections: [{ peer, accepted, unread }] };
}

function silentFor(
  blocked: readonly BlockedCall[],
  connections: readonly { peer: string; accepted: boolean; unread: number }[],
): EventWithoutTime {
  return { type: "silent", proved: true, afterMs: 5, blocked, connections };
}

const receiving: BlockedCall = { call: "recvfrom", fd: 4 };
const accepting: BlockedCall = { call: "accept4", fd: 3 };
const keyboard: BlockedCall = { call: "read", fd: 0 };
const good = events(talk(["abcdefgh", "abcdefgh"]), closed("A"));

describe("single-recv", () => {
  test("leads for the lecture's one-shot server under the stream contract, and explains all that follows", () => {
    const checks: Checks = {
      "echoes-a-message": ["pass", events(talk(["abcdefgh\n", "abcdefgh\n"]), ended("A"))],
      "echoes-around-the-buffer": [
        "fail",
        events(talk(["a".repeat(65537), "a".repeat(65535)]), { type: "reset", peer: "A" }),
      ],
      "echoes-a-split-message": ["fail", events(talk(["a", "a"], ["b", ""]), ended("A"))],
      "echoes-a-split-character": [
        "fail",
        events(talk([Buffer.from([0xc3]), Buffer.from([0xc3])], [Buffer.from([0xa9]), ""]), ended("A")),
      ],
      "keeps-the-connection": ["fail", events(talk(["abcdefgh", "abcdefgh"], ["ijklmnop", ""]), ended("A"))],
      "does-not-wait-for-a-silent-client": [
        "fail",
        events(
          connected("A"),
          connected("B"),
          sent("B", "abcdefgh"),
          silent(receiving, { peer: "B", accepted: false }),
        ),
        "should",
      ],
    };
    const [first, ...others] = nameMistakes("tcp-server", results("tcp-server", checks), mistakes);
    expect(first?.id).toBe("single-recv");
    expect(first?.explains).toHaveLength(4);
    expect(others.map(({ id }) => id)).toEqual(["one-client-at-a-time"]);
  });

  test("is not named under the one-shot contract, where one receive is what was asked", () => {
    const checks: Checks = {
      "closes-after-its-echo": ["pass", events(talk(["abcdefgh", "abcdefgh"]), ended("A"))],
      "accepts-the-next-client": ["fail", events(talk(["abcdefgh", "abcdefgh"]), ended("A"), exited(0))],
    };
    expect(named("tcp-server", checks)).toEqual(["exits-after-first-client"]);
  });
});

const onlyEcho = (transcript: Transcript): Checks => ({
  "says-nothing-first": ["pass", good],
  "echoes-a-message": ["fail", transcript],
});

const startsNot = (words: string, code = 1): Checks => ({
  "starts-listening": [
    "fail",
    events({ type: "started", command: ["node", "s.js"], pid: 1 }, stderr(words), exited(code), {
      type: "not-listening",
      why: "exited",
      blocked: [],
    }),
  ],
});

describe.each<[string, string, Checks]>([
  ["adds-prefix", "every reply", onlyEcho(events(talk(["ab", "Echo: ab"])))],
  ["adds-prefix", "the message without its line end", onlyEcho(events(talk(["abcdefgh\n", "Echo: abcdefgh"])))],
  ["adds-prefix", "as many bytes as the message has", onlyEcho(events(talk(["abcdefghijkl", "Echo: abcdef"])))],
  ["adds-suffix", "the message without its line end", onlyEcho(events(talk(["abcdefgh\n", "abcdefgh - ok\n"])))],
  ["echoes-twice", "again and again", onlyEcho(events(talk(["abcdefgh\n", "abcdefgh\nabcdefgh\nabcdefgh\nab"])))],
  ["off-by-one", "the last byte", onlyEcho(events(talk(["abcdefgh", "abcdefg"])))],
  ["off-by-one", "the first byte", onlyEcho(events(talk(["abcdefgh\n", "bcdefgh\n"])))],
  ["transforms-data", "other line ends", onlyEcho(events(talk(["abcdefgh\n", "abcdefgh\r\n"])))],
  ["adds-suffix", "a line end", onlyEcho(events(talk(["abcd", "abcd\n"])))],
  ["transforms-data", "capitals", onlyEcho(events(talk(["abcd\n", "ABCD\n"])))],
  ["transforms-data", "UTF-16", onlyEcho(events(talk(["abcd\n", Buffer.from("\ufeffabcd\n", "utf16le")])))],
  ["transforms-data", "hexadecimal", onlyEcho(events(talk(["abcd\n", "616263640a"])))],
  ["transforms-data", "JSON", onlyEcho(events(talk(["abcd\n", '{"echo": "abcd\\n"}\n'])))],
  [
    "fixed-reply",
    "the same words for different messages",
    {
      "says-nothing-first": ["pass", events(talk(["abcdefgh", "diterima"]))],
      "echoes-a-message": ["fail", events(talk(["ijklmnop", "diterima"]))],
    },
  ],
  ["echoes-twice", "all of it", onlyEcho(events(talk(["abcdefgh\n", "abcdefgh\nabcdefgh\n"])))],
  [
    "speaks-http",
    "a web server's status instead of the message",
    onlyEcho(events(talk(["abcdefgh\n", "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"]), ended("A"))),
  ],
  [
    "speaks-http",
    "a status before the message",
    onlyEcho(events(talk(["abcdefgh\n", "HTTP/1.1 200 OK\r\n\r\nabcdefgh\n"]), ended("A"))),
  ],
  [
    "speaks-http",
    "a page that names the message",
    onlyEcho(events(talk(["abcdefgh\n", "<!DOCTYPE HTML>\n<p>Bad request syntax ('abcdefgh').</p>\n"]), ended("A"))),
  ],
  ["sends-str", "str(data)", onlyEcho(events(talk(["abcd", "b'abcd'"])))],
  [
    "sends-str",
    "TypeError",
    onlyEcho(events(talk(["abcd", ""]), stderr("TypeError: a bytes-like object is required, not 'str'\n"), exited(1))),
  ],
  [
    "sends-str",
    "TypeError that was caught",
    onlyEcho(events(talk(["abcd", ""]), stdout("Error: a bytes-like object is required, not 'str'\n"), ended("A"))),
  ],
  [
    "uses-a-closed-socket",
    "that was caught",
    onlyEcho(events(talk(["abcd", ""]), stdout("Error: [Errno 9] Bad file descriptor\n"), ended("A"))),
  ],
  ["no-echo", "printed only", onlyEcho(events(talk(["abcd", ""]), stdout("echo: abcd\n"), silent(receiving)))],
  [
    "no-echo",
    "and it ends with its only client",
    onlyEcho(events(talk(["abcd", ""]), silent(receiving), closed("A"), exited(0))),
  ],
  [
    "no-echo",
    "never accepted",
    onlyEcho(events(talk(["abcd", ""]), silent({ call: "pause" }, { accepted: false, unread: 4 }))),
  ],
  ["prompts-on-stdin", "for each reply", onlyEcho(events(talk(["abcd", ""]), silent(keyboard)))],
  [
    "waits-for-eof",
    "answered after our FIN",
    onlyEcho(
      events(
        talk(["abcd\n", ""]),
        silent(receiving),
        sent("A", "\r\n"),
        silent(receiving),
        halfClosed("A"),
        received("A", "abcd\n\r\n"),
        ended("A"),
      ),
    ),
  ],
  [
    "waits-for-newline",
    "answered after CR LF",
    onlyEcho(
      events(talk(["abcd\n", ""]), silent(receiving), sent("A", "\r\n"), received("A", "abcd\n\r\n"), closed("A")),
    ),
  ],
  [
    "banner",
    "before the client spoke",
    {
      "says-nothing-first": [
        "fail",
        events(connected("A"), received("A", "Hello"), sent("A", "abcd"), received("A", "abcd")),
      ],
    },
  ],
  [
    "waits-for-newline",
    "a line only",
    {
      "echoes-a-message": ["pass", good],
      "echoes-without-newline": ["fail", events(talk(["abcd", ""]), silent(receiving))],
    },
  ],
  [
    "waits-for-newline",
    "a line only, and it ends with its only client",
    {
      "echoes-a-message": ["pass", good],
      "echoes-without-newline": ["fail", events(talk(["abcd", ""]), silent(receiving), closed("A"), exited(0))],
    },
  ],
  [
    "decodes-text",
    "an exception",
    {
      "echoes-invalid-utf8": [
        "fail",
        events(talk([Buffer.from([0xc3]), ""]), stderr("UnicodeDecodeError: 'utf-8' codec\n"), exited(1)),
      ],
    },
  ],
  [
    "decodes-text",
    "U+FFFD",
    {
      "echoes-invalid-utf8": ["fail", events(talk([Buffer.from([0xc3]), "\ufffd"]))],
      "echoes-a-split-character": ["pass", good],
    },
  ],
  [
    "decodes-each-chunk",
    "U+FFFD twice",
    {
      "echoes-invalid-utf8": ["fail", events(talk([Buffer.from([0xc3]), "\ufffd"]))],
      "echoes-a-split-character": [
        "fail",
        events(talk([Buffer.from([0xc3]), "\ufffd"], [Buffer.from([0xa9]), "\ufffd"])),
      ],
    },
  ],
  [
    "strips-newline",
    "at the end",
    { "echoes-a-message": ["pass", good], "echoes-every-byte": ["fail", events(talk(["ab\xff\r\n", "ab\xff"]))] },
  ],
  [
    "needs-the-network",
    "an exception",
    { "starts-listening": ["fail", events(stderr("OSError: [Errno 101] Network is unreachable\n"), exited(1))] },
  ],
  [
    "crashes-on-reset",
    "an exception",
    {
      "survives-a-reset": [
        "fail",
        events(connected("A"), closed("A", "rst"), stderr("ConnectionResetError: [Errno 104]\n"), exited(1)),
      ],
    },
  ],
  [
    "unhandled-error-event",
    "Node's words",
    {
      "survives-a-reset": [
        "fail",
        events(
          connected("A"),
          closed("A", "rst"),
          stderr("Unhandled 'error' event\nError: read ECONNRESET\n"),
          exited(1),
        ),
      ],
    },
  ],
  [
    "closes-the-listener",
    "the next is refused",
    {
      "accepts-the-next-client": [
        "fail",
        events(talk(["abcd", "abcd"]), closed("A"), { type: "not-connected", peer: "B", code: "ECONNREFUSED" }),
      ],
    },
  ],
  [
    "no-close-at-eof",
    "all back, still open",
    {
      "flushes-before-closing": [
        "fail",
        events(talk(["abcd", "abcd"]), halfClosed("A"), silent({ call: "epoll_wait" })),
      ],
    },
  ],
  [
    "never-closes",
    "gone to accept",
    { "closes-after-its-echo": ["fail", events(talk(["abcd", "abcd"]), silent(accepting), closed("A"))] },
  ],
  [
    "no-close-after-echo",
    "receives again",
    { "closes-after-its-echo": ["fail", events(talk(["abcd", "abcd"]), silent(receiving), closed("A"))] },
  ],
  ["wrong-port", "5001", { "listens-where-asked": ["fail", events(asked(5000), listening("127.0.0.1", 5001))] }],
  [
    "wrong-address",
    "127.0.0.2",
    { "listens-where-asked": ["fail", events(asked(5000), listening("127.0.0.2", 5000))] },
  ],
  [
    "wrong-address-family",
    "IPv6 where IPv4 was agreed on",
    { "listens-where-asked": ["fail", events(asked(5000), listening("::1", 5000))] },
  ],
  [
    "wrong-address-family",
    "a socket that cannot read the address",
    {
      "starts-listening": [
        "fail",
        events(stderr("socket.gaierror: [Errno -9] Address family for hostname not supported\n"), exited(1)),
      ],
    },
  ],
  [
    "wrong-address-family",
    "IPv4 alone where both are asked for",
    {
      "answers-on-ipv6": [
        "fail",
        events(listening("0.0.0.0", 5000), { type: "not-connected", peer: "B", code: "ECONNREFUSED" }),
      ],
    },
  ],
  [
    "binds-loopback-only",
    "refused from another host",
    {
      "answers-another-host": [
        "fail",
        events(listening("127.0.0.1", 5000), { type: "not-connected", peer: "A", code: "ECONNREFUSED" }),
      ],
    },
  ],
  [
    "ignores-arguments",
    "its own port",
    {
      "listens-where-asked": [
        "fail",
        events(
          { type: "started", command: ["python3", "s.py", "40123"], pid: 1 },
          asked(40123),
          listening("127.0.0.1", 5000),
        ),
      ],
    },
  ],
  [
    "binds-everywhere",
    "0.0.0.0",
    { "listens-only-where-asked": ["fail", events(listening("0.0.0.0", 5000)), "should"] },
  ],
  ["wrong-socket-type", "UDP", { "stays-on-tcp": ["fail", events(listening("127.0.0.1", 5000, "udp"))] }],
  [
    "does-not-start",
    "a syntax error",
    {
      "starts-listening": [
        "fail",
        events(stderr("SyntaxError: expected ':'\n"), exited(1), { type: "not-listening", why: "exited", blocked: [] }),
      ],
    },
  ],
  [
    "needs-arguments",
    "an exception in Python",
    startsNot(
      '  File "s.py", line 7, in <module>\n    PORT = int(sys.argv[1])\n               ~~~~~~~~^^^\nIndexError: list index out of range\n',
    ),
  ],
  [
    "needs-arguments",
    "argparse",
    startsNot("usage: s.py [-h] port\ns.py: error: the following arguments are required: port\n", 2),
  ],
  ["needs-arguments", "its usage", startsNot("Usage: node server.js <port>\n", 0)],
  [
    "needs-arguments",
    "a port that is missing",
    startsNot(
      "RangeError [ERR_SOCKET_BAD_PORT]: options.port should be >= 0 and < 65536. Received type number (NaN).\n",
    ),
  ],
  [
    "needs-a-window",
    "no screen",
    startsNot("_tkinter.TclError: no display name and no $DISPLAY environment variable\n"),
  ],
  ["needs-a-window", "no library", startsNot("ModuleNotFoundError: No module named 'PyQt5'\n")],
  [
    "does-not-start",
    "a log elsewhere",
    startsNot("PermissionError: [Errno 13] Permission denied: '/var/log/echo.log'\n"),
  ],
  [
    "does-not-start",
    "a log elsewhere, in Node",
    startsNot("Error: EACCES: permission denied, open '/var/log/echo.log'\n"),
  ],
  ["windows-only", "a module", startsNot("ModuleNotFoundError: No module named 'msvcrt'\n")],
  ["windows-only", "a path", startsNot("FileNotFoundError: [Errno 2] No such file or directory: 'C:\\\\log.txt'\n")],
  ["windows-only", "a path, in Node", startsNot("Error: ENOENT: no such file or directory, open 'C:\\log.txt'\n")],
  ["windows-only", "a command", startsNot("Error: spawn cmd.exe ENOENT\n")],
  ["windows-only", "an option", startsNot("AttributeError: module 'socket' has no attribute 'SO_EXCLUSIVEADDRUSE'\n")],
  ["windows-only", "a name", startsNot("ImportError: cannot import name 'windll' from 'ctypes' (/usr/lib)\n")],
  [
    "does-not-start",
    "a path of any system",
    startsNot("FileNotFoundError: [Errno 2] No such file or directory: 'cmd/log'\n"),
  ],
  ["another-runtime", "Deno", startsNot("ReferenceError: Deno is not defined\n")],
  ["another-runtime", "an import of Bun's", startsNot("Error: Cannot find module 'bun:sqlite'\n")],
  [
    "another-runtime",
    "an import from the web",
    startsNot(
      "Error [ERR_UNSUPPORTED_ESM_URL_SCHEME]: Only URLs with a scheme in: file, data, and node are supported by the default ESM loader. Received protocol 'https:'\n",
    ),
  ],
  [
    "listens-at-a-file",
    "that an earlier run left",
    {
      "starts-listening": [
        "fail",
        events(stderr("  syscall: 'listen',\n  address: '127.0.0.1',\n  port: -1\n"), exited(1), {
          type: "not-listening",
          why: "exited",
          blocked: [],
        }),
      ],
    },
  ],
  [
    "prompts-on-stdin",
    "before it listens",
    { "starts-listening": ["fail", events({ type: "not-listening", why: "blocked", blocked: [keyboard] })] },
  ],
  [
    "broadcasts",
    "to all",
    {
      "serves-many-clients": [
        "fail",
        events(
          connected("A"),
          sent("A", "abcdefgh"),
          received("A", "abcdefgh"),
          connected("B"),
          sent("B", "ijklmnop"),
          [received("A", "ijklmnop"), received("B", "ijklmnop")],
        ),
      ],
    },
  ],
  [
    "no-interrupt-handler",
    "a traceback",
    { "stops-on-sigint": ["fail", events(stderr("KeyboardInterrupt\n"), exited(1)), "should"] },
  ],
])("%s", (id, how, checks) => {
  test(how, () => {
    expect(named("tcp-server", checks)).toEqual([id]);
  });
});

describe("what Gema did itself accuses nobody", () => {
  test("its own SIGKILL is no crash", () => {
    const killed: EventWithoutTime = { type: "exited", exit: { code: null, signal: "SIGKILL" } };
    const twoTurns = events(talk(["abcdefgh", "abcdefgh"], ["ijklmnop", ""]), ended("A"), killed);
    expect(named("tcp-server", { "keeps-the-connection": ["fail", twoTurns] })).toEqual(["single-recv"]);
  });

  test("a server's mistakes are not looked for in a client", () => {
    const clientSaysMore = events(connected("A"), received("A", "abcdefgh!"), sent("A", "abcdefgh"), exited(0));
    expect(named("tcp-client", { "closes-its-socket": ["fail", clientSaysMore] })).toEqual([]);
  });
});

describe("who waits for whom", () => {
  const queued = events(
    connected("A"),
    connected("B"),
    sent("B", "abcdefgh"),
    silentFor(
      [receiving],
      [
        { peer: "A", accepted: true, unread: 0 },
        { peer: "B", accepted: false, unread: 8 },
      ],
    ),
  );
  const together = events(
    talk(["abcdefgh", "abcdefgh"]),
    connected("B"),
    sent("B", "ijklmnop"),
    received("B", "ijklmnop"),
  );

  test("one client at a time", () => {
    expect(named("tcp-server", { "does-not-wait-for-a-silent-client": ["fail", queued] })).toEqual([
      "one-client-at-a-time",
    ]);
  });

  test("one client at a time, also when the program ends once the clients have left", () => {
    const ends = events(queued, closed("A"), closed("B"), stderr("ConnectionResetError: [Errno 104]\n"), exited(1));
    expect(named("tcp-server", { "does-not-wait-for-a-silent-client": ["fail", ends] })).toContain(
      "one-client-at-a-time",
    );
    const endsBefore = events(queued, exited(1), closed("A"), closed("B"));
    expect(named("tcp-server", { "does-not-wait-for-a-silent-client": ["fail", endsBefore] })).toEqual([]);
  });

  test("a slow one stalls all, when several are served together otherwise", () => {
    const checks: Checks = {
      "serves-many-clients": ["pass", together],
      "does-not-wait-for-a-silent-client": ["fail", queued],
    };
    expect(named("tcp-server", checks)).toEqual(["slow-client-stalls-all"]);
  });

  test("a short read is not the end", () => {
    const checks: Checks = {
      "echoes-around-the-buffer": ["pass", good],
      "keeps-the-connection": ["fail", events(talk(["abcdefgh", "abcdefgh"], ["ijklmnop", ""]), ended("A"))],
    };
    expect(named("tcp-server", checks)).toEqual(["closes-on-short-read"]);
  });
});

describe("answers-out-of-order", () => {
  const inPieces = events(
    connected("A"),
    ..."abcdefgh".split("").map((letter) => sent("A", letter)),
    received("A", "badc"),
    received("A", "efhg"),
  );
  const body = (more: { reordered?: true }): Transcript =>
    events(
      connected("A"),
      { type: "body-sent", peer: "A", length: 100, sha256: "aa" },
      {
        type: "body-received",
        peer: "A",
        length: 100,
        sha256: "bb",
        difference: { at: 50, from: 50, expected: Buffer.from("x"), observed: Buffer.from("y") },
        ...more,
      },
    );

  test("explains every reply that holds the same bytes, and nothing else does", () => {
    const checks: Checks = {
      "echoes-a-message": ["pass", good],
      "echoes-a-split-message": ["fail", inPieces],
      "echoes-a-split-character": ["fail", events(talk([Buffer.from([0xc3, 0xa9]), Buffer.from([0xa9, 0xc3])]))],
      "survives-a-stalled-reader": ["fail", body({ reordered: true })],
    };
    const [first, ...others] = nameMistakes("tcp-server", results("tcp-server", checks), mistakes);
    expect(first?.id).toBe("answers-out-of-order");
    expect(first?.explains).toHaveLength(3);
    expect(others).toEqual([]);
  });

  test("is not named for a body that holds other bytes, or where a single message comes back otherwise", () => {
    expect(named("tcp-server", { "survives-a-stalled-reader": ["fail", body({})] })).toEqual([]);
    const turned = events(talk(["abcdefgh", "hgfedcba"]), closed("A"));
    expect(named("tcp-server", { "echoes-a-message": ["fail", turned] })).toEqual(["transforms-data"]);
  });
});

describe("a word that ends the conversation", () => {
  const says = (peer: string, word: string, reply: string): EventWithoutTime[] => [
    connected(peer),
    sent(peer, word),
    ...(reply === "" ? [] : [received(peer, reply)]),
    ended(peer),
    closed(peer),
  ];
  const lecture = (word: string, reply: string): Checks => ({
    "echoes-a-quit-word": ["fail", events(says("A", "abcdefgh", "abcdefgh"), says("B", word, reply))],
  });

  test("is seen by the answer that is missing, or another, where every conversation is one message", () => {
    expect(named("tcp-server", lecture("quit", ""))).toEqual(["in-band-quit-word"]);
    expect(named("tcp-server", lecture("quit", "Sampai jumpa"))[0]).toBe("in-band-quit-word");
  });

  test("is no word that came back without its line end", () => {
    expect(named("tcp-server", lecture("exit\n", "exit"))).toEqual(["strips-newline"]);
  });

  test("is seen by the silence after it, where any other message is answered", () => {
    const ignored = events(talk(["abcdefgh", "abcdefgh"]), closed("A"), connected("B"), sent("B", "bye"), closed("B"));
    const checks: Checks = { "echoes-a-quit-word": ["fail", ignored] };
    expect(named("tcp-server", { ...checks, "keeps-the-connection": ["pass", good] })).toEqual(["in-band-quit-word"]);
    expect(named("tcp-server", checks)).toEqual([]);
  });

  test("is seen by the end that follows its echo, where conversations go on", () => {
    const ordinary = [...talk(["abcdefgh", "abcdefgh"], ["ijklmnop", "ijklmnop"]), closed("A")];
    const checks: Checks = { "echoes-a-quit-word": ["fail", events(ordinary, says("B", "exit\n", "exit\n"))] };
    expect(named("tcp-server", checks)).toEqual(["in-band-quit-word"]);
  });
});

describe("a UDP server that ends at odd datagrams", () => {
  const endsAt = (...datagrams: (string | Buffer)[]): Checks => ({
    "echoes-a-datagram": ["pass", events(connected("A"), sent("A", "abcd"), received("A", "abcd"))],
    "survives-bad-input": [
      "fail",
      events(
        connected("A"),
        datagrams.slice(0, -1).flatMap((one) => [sent("A", one), received("A", one)]),
        sent("A", datagrams.at(-1) ?? ""),
        exited(0),
      ),
    ],
  });
  const unanswered: Checks = { "echoes-an-empty-datagram": ["fail", events(connected("A"), sent("A", ""))] };

  test("knows a word for the end only if it ended at a word", () => {
    expect(named("udp-server", endsAt("", "quit"))).toEqual(["in-band-quit-word"]);
    const answersIt = events(connected("A"), sent("A", "exit"), received("A", "exit"), exited(0), sent("A", "close"));
    expect(named("udp-server", { "survives-bad-input": ["fail", answersIt] })).toEqual(["in-band-quit-word"]);
    expect(named("udp-server", endsAt("", "quit", Buffer.alloc(20_000, 7)))).toEqual([]);
    expect(named("udp-server", { ...unanswered, ...endsAt("exit\r\n") })).toContain("in-band-quit-word");
  });

  test("takes the empty one for the end only if it ended at that", () => {
    const explained = (checks: Checks): readonly string[] =>
      nameMistakes("udp-server", results("udp-server", checks), mistakes).find(
        ({ id }) => id === "ends-on-empty-datagram",
      )?.explains ?? [];
    expect(explained({ ...unanswered, ...endsAt("") })).toContain("udp-server/survives-bad-input");
    expect(explained({ ...unanswered, ...endsAt("", Buffer.from([0xff])) })).toEqual([
      "udp-server/echoes-an-empty-datagram",
    ]);
  });
});

describe("a server that has ended", () => {
  const next = events(talk(["abcdefgh", "abcdefgh"]), closed("A"), exited(0), {
    type: "not-connected",
    peer: "B",
    code: "ECONNREFUSED",
  });
  const explained = (name: string, transcript: Transcript): readonly string[] => {
    const checks: Checks = { "accepts-the-next-client": ["fail", next], [name]: ["fail", transcript] };
    const [first] = nameMistakes("tcp-server", results("tcp-server", checks), mistakes);
    expect(first?.id).toBe("exits-after-first-client");
    return first?.explains ?? [];
  };

  test("when its first client had left, was ended by that", () => {
    const gone = events(connected("A"), closed("A"), exited(0));
    expect(explained("stops-on-sigint", gone)).toContain("tcp-server/stops-on-sigint");
  });

  test("while its first client talked, ended for another reason", () => {
    const cut = events(talk(["abcdefgh", "abcdefgh"], ["ijklmnop", ""]), ended("A"), exited(0), closed("A"));
    expect(explained("echoes-every-byte", cut)).not.toContain("tcp-server/echoes-every-byte");
  });
});

test("who answers late, with words before the message, did not wait for a line end", () => {
  const late = events(connected("A"), sent("A", "abcdefgh\n"), sent("A", "\r\n"), received("A", "Echo: abcdefgh\n"));
  expect(named("tcp-server", onlyEcho(late))).not.toContain("waits-for-newline");
  const alone = events(connected("A"), sent("A", "abcdefgh\n"), sent("A", "\r\n"), received("A", "abcdefgh\n\r\n"));
  expect(named("tcp-server", onlyEcho(alone))).toContain("waits-for-newline");
});

test("who sent bytes back on a broken connection did not do so on the listening socket", () => {
  const broken = stderr("BrokenPipeError: [Errno 32] Broken pipe\n");
  const answered = events(talk(["abcdefgh\n", "Echo: abcdefgh\n"]), closed("A"), broken, exited(1));
  expect(named("tcp-server", onlyEcho(answered))[0]).toBe("adds-prefix");
  const unanswered = events(talk(["abcdefgh\n", ""]), broken, exited(1), ended("A"));
  expect(named("tcp-server", onlyEcho(unanswered))).toEqual(["uses-the-listening-socket"]);
});

test("what came before, once more, are no words before the echo, also where Gema had said both", () => {
  const inTurns = events(talk(["abcd", "abcd"], ["efgh", "abcdefgh"]));
  const both = events(connected("A"), sent("A", "a"), sent("A", "b"), received("A", "aab"));
  const checks: Checks = { "keeps-the-connection": ["fail", inTurns], "echoes-a-split-character": ["fail", both] };
  expect(named("tcp-server", checks)).toEqual(["repeats-earlier-messages"]);
});

test("what fails for its bytes does not explain where a server listens", () => {
  const lineEnd = events(talk(["abcd\n", ""]), silent(receiving), sent("A", "\r\n"), received("A", "abcd\n\r\n"));
  const everywhere = events(asked(5000), listening("0.0.0.0", 5000));
  const checks: Checks = { ...onlyEcho(lineEnd), "listens-only-where-asked": ["fail", everywhere, "should"] };
  expect(named("tcp-server", checks)).toEqual(["waits-for-newline", "binds-everywhere"]);
});

test("who catches Ctrl-C and slips in the clean-up made that slip", () => {
  const slip = stderr("AttributeError: 'Server' object has no attribute 'wait_close'\n");
  const interrupted: EventWithoutTime = { type: "signalled", signal: "SIGINT" };
  const checks: Checks = { "stops-on-sigint": ["fail", events(interrupted, slip, exited(1)), "should"] };
  expect(named("tcp-server", checks)).toEqual(["error-in-the-code"]);
});

test("who has gone to accept forgot to close, and does not wait for more, whatever is received elsewhere", () => {
  const kept = events(talk(["abcd", "abcd"]), silent(accepting), closed("A"));
  const elsewhere = events(talk(["abcd", "abcd"]), connected("B"), silent(receiving, { peer: "B" }));
  const checks: Checks = {
    "closes-after-its-echo": ["fail", kept],
    "does-not-wait-for-a-silent-client": ["fail", elsewhere, "info"],
  };
  expect(named("tcp-server", checks)).toEqual(["never-closes"]);
});

describe("an answer after more was said", () => {
  const late: EventWithoutTime = { type: "silent", proved: false, afterMs: 3000, blocked: [], connections: [] };
  const asked = [...talk(["abcdefgh\n", ""]), late, sent("A", "\r\n")];

  test("names nobody when it is right for the first message and only a deadline had passed: it may be slow", () => {
    expect(named("tcp-server", onlyEcho(events(asked, received("A", "abcdefgh\n"), closed("A"))))).toEqual([]);
    const finished = [...asked, late, halfClosed("A"), received("A", "abcdefgh\n"), closed("A")];
    expect(named("tcp-server", onlyEcho(events(finished)))).toEqual([]);
  });

  test("waited for our end when it holds all that was said", () => {
    const finished = [...asked, late, halfClosed("A"), received("A", "abcdefgh\n\r\n"), closed("A")];
    expect(named("tcp-server", onlyEcho(events(finished)))).toEqual(["waits-for-eof"]);
  });

  test("tells that the first message was thrown away when it is the second", () => {
    const second = events(asked, received("A", "\r\n"), closed("A"));
    expect(named("tcp-server", onlyEcho(second))).toEqual(["recv-without-answer"]);
  });
});

test("a piece that is lost before one that comes back was received in vain; a lost end was not", () => {
  const pieces = (...answers: readonly string[]): Transcript =>
    events(
      talk(...[..."abcd"].map((piece, at) => [piece, answers[at] ?? ""] as const)),
      silent(receiving),
      closed("A"),
    );
  const split = (transcript: Transcript): Checks => ({
    "echoes-a-message": ["pass", good],
    "echoes-a-split-message": ["fail", transcript],
  });
  expect(named("tcp-server", split(pieces("a", "", "c", "")))).toEqual(["recv-without-answer"]);
  expect(named("tcp-server", split(pieces("a", "b", "", "")))).not.toContain("recv-without-answer");
});

describe("a missing await", () => {
  const warning = (name: string): EventWithoutTime =>
    stderr(`server.py:9: RuntimeWarning: coroutine '${name}' was never awaited\n`);

  test("is told by Python where nothing came back", () => {
    const nothing = events(talk(["abcd", ""]), warning("sock_sendall"), silent(receiving));
    expect(named("tcp-server", onlyEcho(nothing))).toEqual(["forgotten-await"]);
  });

  test("is no reason where only a drain was not waited for, or another error came first", () => {
    const drain = events(talk(["abcd", ""]), warning("StreamWriter.drain"), silent(receiving));
    expect(named("tcp-server", onlyEcho(drain))).toEqual(["no-echo"]);
    const words = "Traceback (most recent call last):\nNameError: name 'x' is not defined\n";
    const other = events(talk(["abcd", ""]), stderr(words), warning("main"), exited(1));
    expect(named("tcp-server", onlyEcho(other))).toEqual(["error-in-the-code"]);
  });
});

test("a refusal of what is no text is no answer to a part of it", () => {
  const odd = Buffer.concat([
    Buffer.from("abcd"),
    Buffer.from([0, 1, 0xc3, 0xff, 0xfe]),
    Buffer.from("efgh".repeat(9)),
  ]);
  const checks: Checks = {
    "echoes-a-message": ["pass", good],
    "echoes-without-newline": ["pass", good],
    "echoes-every-byte": ["fail", events(talk([odd, "Error: invalid data"]), silent(receiving), closed("A"))],
  };
  expect(named("tcp-server", checks)).toEqual(["decodes-text"]);
});

describe("words accuse nobody by themselves", () => {
  test("a usage that stands before another error", () => {
    const refused = "Usage: type a message\nError: listen EADDRINUSE: address already in use 127.0.0.1:5000\n";
    expect(named("tcp-server", startsNot(refused))).not.toContain("needs-arguments");
  });

  test("an index that is no argument's", () => {
    const other = "    port = ports[3]\n           ~~~~~^^^\nIndexError: list index out of range\n";
    expect(named("tcp-server", startsNot(other))).toEqual(["does-not-start"]);
  });

  test("a traceback that a program survived", () => {
    const noisy = events(
      talk(["abcd", "abcd"]),
      stderr("ConnectionResetError: [Errno 104]\nUnicodeDecodeError: 'utf-8'\n"),
      closed("A"),
    );
    expect(named("tcp-server", { "echoes-a-message": ["pass", noisy] })).toEqual([]);
  });
});

const clientTalk = (message: string, reply: string): EventWithoutTime[] => [
  connected("A"),
  received("A", message),
  sent("A", reply),
];

describe.each<[string, string, Checks]>([
  [
    "prints-own-input",
    "another reply is not shown",
    {
      "believes-the-wire": [
        "fail",
        events(clientTalk("abcdefgh", "ijklmnop"), stdout("abcdefgh\n"), ended("A"), exited(0)),
      ],
    },
  ],
  [
    "prints-repr",
    "b'...'",
    { "shows-the-reply": ["fail", events(clientTalk("abcdefgh", "abcdefgh"), stdout("b'abcdefgh'\n"), exited(0))] },
  ],
  [
    "never-reads-reply",
    "left at once",
    { "reads-the-reply": ["fail", events(connected("A"), received("A", "abcdefgh"), ended("A"), exited(0))] },
  ],
  [
    "client-never-quits",
    "asks for more",
    { "ends-on-its-own": ["fail", events(clientTalk("abcdefgh", "abcdefgh"), silent(keyboard))] },
  ],
  [
    "waits-for-eof",
    "reads on",
    {
      "ends-on-its-own": [
        "fail",
        events(clientTalk("abcdefgh", "abcdefgh"), silent(receiving), halfClosed("A"), exited(0)),
      ],
    },
  ],
  ["exit-zero-on-failure", "refused", { "reports-a-refused-connection": ["fail", events(exited(0))] }],
  [
    "write-all-then-read",
    "both send",
    { "sends-a-long-message": ["fail", events(connected("A"), silent({ call: "sendto", fd: 3 })), "should"] },
  ],
  [
    "send-not-sendall",
    "tires of waiting for the echo of what it did not send",
    {
      "sends-a-long-message": [
        "fail",
        events(
          connected("A"),
          { type: "measured", what: "body-bytes", value: 100_000 },
          { type: "body-received", peer: "A", length: 6_000, sha256: "", difference: null },
          { type: "body-sent", peer: "A", length: 6_000, sha256: "" },
          silent({ call: "poll", fd: 3 }),
          stderr("Gagal: timed out\n"),
          exited(1),
        ),
      ],
    },
  ],
  [
    "single-recv",
    "half a reply",
    {
      "reads-the-reply": ["pass", events(clientTalk("abcdefgh", "abcdefgh"), exited(0))],
      "reads-a-fragmented-reply": [
        "fail",
        events(clientTalk("abcdefgh", "abcd"), ended("A"), stdout("abcd\n"), exited(0)),
      ],
    },
  ],
  [
    "sends-str",
    "TypeError",
    {
      "sends-its-message": [
        "fail",
        events(connected("A"), stderr("TypeError: a bytes-like object is required, not 'str'\n"), exited(1)),
      ],
    },
  ],
])("a client: %s", (id, how, checks) => {
  test(how, () => {
    expect(named("tcp-client", checks)).toEqual([id]);
  });
});

describe("words of an interpreter that is too old", () => {
  const last = (...lines: readonly string[]): Checks => ({
    "starts-listening": ["fail", events(stderr(`${lines.join("\n")}\n`), exited(1))],
  });

  test.each<[string, readonly string[]]>([
    [
      "the same quotes",
      ['    print(f"on {info["host"]}")', "                    ^^^^", "SyntaxError: f-string: unmatched '['"],
    ],
    [
      "quotes first",
      ['    print(f"{", ".join(names)} here")', "             ^", "SyntaxError: f-string: expecting '}'"],
    ],
    ["a backslash", ["SyntaxError: f-string expression part cannot include a backslash"]],
    ["a type", ["    type Address = tuple[str, int]", "         ^^^^^^^", "SyntaxError: invalid syntax"]],
    ["a type parameter", ["    async def first[T](x: list[T]) -> T:", "       ^", "SyntaxError: expected '('"]],
    ["an import", ["ImportError: cannot import name 'override' from 'typing' (/usr/lib/python3.11/typing.py)"]],
    ["a method", ["AttributeError: 'Server' object has no attribute 'close_clients'"]],
    ["a module", ["Error [ERR_UNKNOWN_BUILTIN_MODULE]: No such built-in module: node:sqlite"]],
    ["a promise", ["TypeError: Promise.withResolvers is not a function"]],
    ["using", ["  using server = listen(5000);", "        ^^^^^^", "", "SyntaxError: Unexpected identifier 'server'"]],
    ["its own words", ["Server ini memerlukan Python versi 3.12"]],
    ["its own words, the version first", ["Error: Node.js 22 or newer, please"]],
    ["an assertion", ["    assert sys.version_info[:2] >= (3, 12)", "           ^^^^^^^", "AssertionError"]],
  ])("%s", (_how, lines) => {
    expect(named("tcp-server", last(...lines))).toEqual(["needs-a-newer-version"]);
  });

  test.each<[string, readonly string[]]>([
    ["a brace is missing", ['    print(f"{name", 5)', "          ^^^^^^", "SyntaxError: f-string: expecting '}'"]],
    ["of one of two", ['    print(f"{name", f"{port}")', "          ^^^^^^", "SyntaxError: f-string: expecting '}'"]],
    ["a module was never there", ["Error [ERR_UNKNOWN_BUILTIN_MODULE]: No such built-in module: node:udp"]],
    ["a list named type", ["    type Address tuple", "         ^^^^^^^", "SyntaxError: invalid syntax"]],
    ["a version that it has", ["Python 3.11.2 on linux, Node 20", "MemoryError"]],
    ["a misspelt import", ["ImportError: cannot import name 'sockett' from 'socket' (/usr/lib/python3.11/socket.py)"]],
  ])("not where %s", (_how, lines) => {
    expect(named("tcp-server", last(...lines))).toEqual(["does-not-start"]);
  });
});

describe("a client that was told letters beyond ASCII", () => {
  const came = (told: string, arrived: string | Buffer): Checks => ({
    "sends-every-letter": [
      "fail",
      events(
        { type: "started", command: ["python3", "client.py", told], pid: 1 },
        connected("A"),
        received("A", arrived),
      ),
    ],
  });

  test.each([
    ["decodes-text", "left out", "Abcdé Fghi", "Abcd Fghi"],
    ["decodes-text", "a question mark each", "Abcdé Fghié", "Abcd? Fghi?"],
    ["decodes-text", "their numbers", "Abcdé Fghi", "Abcd&#233; Fghi"],
    ["counts-letters", "as many bytes as letters", "Abcdé Fghié", Buffer.from("Abcdé Fghi")],
    [undefined, "the first word", "Abcdé Fghi", Buffer.from("Abcdé")],
  ])("%s: %s", (id, _how, told, arrived) => {
    expect(named("udp-client", came(told, arrived))).toEqual(id === undefined ? [] : [id]);
  });
});

test("who greets with the version that it needs, and runs, does not need a later one", () => {
  const greeting = stdout("Echo server, needs Python 3.8 or later\n");
  const upper = events(greeting, connected("A"), sent("A", "abcdefgh"), received("A", "ABCDEFGH"));
  expect(named("tcp-server", onlyEcho(upper))).toEqual(["transforms-data"]);
});

test("a message that came back in another turn, or of which one piece did, lost no byte", () => {
  const turn = (sent: string, received: string, pieces = 1) => ({
    sent: Buffer.from(sent),
    pieces,
    received: Buffer.from(received),
  });
  expect(losesAByte({ turns: [turn("hello", "hell"), turn("you", "yo")] })).toBe(true);
  expect(losesAByte({ turns: [turn("ab", "a"), turn("c", "bc")] })).toBe(false);
  expect(losesAByte({ turns: [turn("ab", "a", 2)] })).toBe(false);
});

test("a crash when a client that was kept waiting leaves explains no wait", () => {
  const [over, words] = [silent({ call: "recvfrom", fd: 4 }, { peer: "B" }), "BrokenPipeError: [Errno 32]\n"];
  const crash = [closed("A"), closed("B"), stderr(words), exited(1)];
  const before = [connected("A"), connected("B"), sent("B", "hello")];
  const wait = (...then: EventWithoutTime[]): string[] =>
    named("tcp-server", { "does-not-wait-for-a-silent-client": ["fail", events(before, over, crash, then)] });
  expect(wait()).not.toContain("crashes-on-reset");
  expect(wait({ type: "not-connected", peer: "C", code: "ECONNREFUSED" })).toContain("crashes-on-reset");
});
