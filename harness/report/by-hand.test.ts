import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytes, oneEcho, secondMessageUnanswered, splitMessage } from "../grade/sample-results.test-helper.ts";
import type { TranscriptEvent } from "../wire/transcript.ts";
import { byHand, shellWord } from "./by-hand.ts";

const server = { check: "tcp-server/echoes-a-message" };
const client = { check: "tcp-client/shows-the-reply" };
const address = { host: "127.0.0.1", port: 5000 };
const run = promisify(execFile);

describe("byHand", () => {
  test("one message is one line", () => {
    expect(byHand(server, oneEcho, address)).toEqual(["printf 'gema-91c2' |", "  nc -q1 127.0.0.1 5000"]);
  });

  test("printf gets octal for what a shell or a person would stumble over", () => {
    const events: TranscriptEvent[] = [{ atMs: 0, type: "sent", peer: "A", bytes: bytes("5%'\\\n\xc3") }];
    expect(byHand(server, events, address)?.[0]).toBe("printf '5%%\\047\\134\\n\\303' |");
  });

  test("pieces are sent one by one", () => {
    expect(byHand(server, splitMessage, address)?.join("\n")).toContain(
      '[time.sleep(0.1) or a.sendall(bytes([x])) for x in b"gema-1b2c"]',
    );
  });

  test("every byte in a row is told in short, with what stands around it", () => {
    const sent = Buffer.concat([bytes("ab"), Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))]);
    const events: TranscriptEvent[] = [
      { atMs: 0, type: "connected", peer: "A", local: address, remote: address },
      { atMs: 1, type: "sent", peer: "A", bytes: sent },
      { atMs: 2, type: "received", peer: "A", bytes: sent.subarray(0, 130) },
    ];
    expect(byHand(server, events, address)?.join("\n")).toContain('a.sendall(b"ab" + bytes(range(256)))');
  });

  test("a server that is asked on after its silence is asked once by hand", () => {
    const sent = (text: string): TranscriptEvent => ({ atMs: 1, type: "sent", peer: "A", bytes: bytes(text) });
    const silent: TranscriptEvent = { atMs: 2, type: "silent", proved: true, afterMs: 9, blocked: [], connections: [] };
    const connected: TranscriptEvent = { atMs: 0, type: "connected", peer: "A", local: address, remote: address };
    const askedOn = [connected, sent("gema\n"), silent, sent("\r\n"), silent];
    expect(byHand(server, askedOn, address)).toEqual(["printf 'gema\\n' |", "  nc -q1 127.0.0.1 5000"]);
  });

  test("of datagrams nothing is shown that was sent after one stayed unanswered", () => {
    const sent = (text: string): TranscriptEvent => ({ atMs: 1, type: "sent", peer: "A", bytes: bytes(text) });
    const silent: TranscriptEvent = { atMs: 2, type: "silent", proved: true, afterMs: 9, blocked: [], connections: [] };
    const opened: TranscriptEvent = {
      atMs: 0,
      type: "connected",
      peer: "A",
      local: address,
      remote: address,
      protocol: "udp",
    };
    const check = { check: "udp-server/echoes-a-datagram" };
    const twice = [opened, sent("one"), silent, sent("two"), silent];
    expect(byHand(check, twice, address)).toEqual(["printf 'one' |", "  nc -u -w1 127.0.0.1 5000"]);
    const answered: TranscriptEvent = { atMs: 2, type: "received", peer: "A", bytes: bytes("one") };
    const later = byHand(check, [opened, sent("one"), answered, sent("two"), silent, sent("six")], address)?.join("\n");
    expect(later).toContain('a.sendto(b"two"');
    expect(later).not.toContain("six");
  });

  test("a large body goes through a file", () => {
    const events: TranscriptEvent[] = [
      { atMs: 0, type: "connected", peer: "A", local: address, remote: address },
      { atMs: 1, type: "body-sent", peer: "A", length: 16777216, sha256: "" },
    ];
    expect(byHand(server, events, address)?.join(" ")).toContain("head -c 16777216 /dev/urandom > body");
  });

  test("what takes small buffers cannot be seen by hand", () => {
    const events: TranscriptEvent[] = [
      { atMs: 0, type: "connected", peer: "A", local: address, remote: address },
      { atMs: 1, type: "measured", what: "stopped-in-send", value: 1 },
      { atMs: 2, type: "body-sent", peer: "A", length: 131072, sha256: "" },
    ];
    expect(byHand(server, events, address)).toBeUndefined();
  });

  test("a program that never listened is simply started", () => {
    const events: TranscriptEvent[] = [{ atMs: 0, type: "started", command: ["python3", "my server.py"], pid: 1 }];
    expect(byHand(server, events, address)).toEqual(["python3 'my server.py'"]);
  });

  test("a client gets a server to talk to", () => {
    const events: TranscriptEvent[] = [
      { atMs: 0, type: "started", command: ["python3", "client.py"], pid: 1 },
      { atMs: 1, type: "connected", peer: "A", local: address, remote: address },
      { atMs: 2, type: "received", peer: "A", bytes: bytes("hi") },
      { atMs: 3, type: "sent", peer: "A", bytes: bytes("ho") },
      { atMs: 4, type: "half-closed", peer: "A" },
    ];
    expect(byHand(client, events, address)).toEqual([
      "python3 -c 'import socket; \\",
      '  s = socket.create_server(("127.0.0.1", 5000)); \\',
      "  a = s.accept()[0]; \\",
      "  print(a.recv(65535)); \\",
      '  a.sendall(b"ho"); \\',
      "  a.shutdown(socket.SHUT_WR)'",
      "# 2nd terminal:",
      "python3 client.py",
    ]);
  });

  test("nobody repeats fifty clients by hand", () => {
    const events = Array.from(
      { length: 50 },
      (_, i): TranscriptEvent => ({ atMs: i, type: "sent", peer: `P${i}`, bytes: bytes("x") }),
    );
    expect(byHand(server, events, address)).toBeUndefined();
    expect(byHand(server, [], address)).toBeUndefined();
  });
});

describe("a script by hand, copied with its indentation", () => {
  let echo: Server;
  let port = 0;
  beforeAll(async () => {
    echo = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.pipe(socket);
    }).listen(0, "127.0.0.1");
    await once(echo, "listening");
    const bound = echo.address();
    port = typeof bound === "object" && bound ? bound.port : 0;
  });
  afterAll(() => {
    echo.close();
  });

  const quoted: TranscriptEvent[] = [
    { atMs: 0, type: "connected", peer: "A", local: address, remote: address },
    { atMs: 1, type: "sent", peer: "A", bytes: bytes(`'"\\\n\0\xff`) },
    { atMs: 2, type: "received", peer: "A", bytes: bytes("x") },
    { atMs: 3, type: "closed", peer: "A", by: "rst" },
    { atMs: 4, type: "connected", peer: "B2", local: address, remote: address },
    { atMs: 5, type: "sent", peer: "B2", bytes: bytes("two") },
    { atMs: 6, type: "received", peer: "B2", bytes: bytes("two") },
  ];

  test.each([
    ["several messages", secondMessageUnanswered, ["b'gema-7f3a'", "b'gema-c05d'"]],
    ["quotes, a reset and a second client", quoted, [`b'\\'"\\\\\\n\\x00\\xff'`, "b'two'"]],
  ])("really talks: %s", async (_, transcript, printed) => {
    const lines = byHand(server, transcript, { host: "127.0.0.1", port }) ?? [];
    const { stdout } = await run("sh", ["-c", lines.map((line) => `    ${line}`).join("\n")]);
    expect(stdout.trim().split("\n")).toEqual(printed);
  });
});

test("a long message is told by its size", async () => {
  const command = ["printf", "%s", "y".repeat(5000)];
  const started: TranscriptEvent = { atMs: 0, type: "started", command, pid: 1 };
  const [line = ""] =
    byHand({ check: "tcp-client/reads-a-long-reply" }, [started], { host: "127.0.0.1", port: 1 }) ?? [];
  expect(line.length).toBeLessThan(80);
  expect((await run("sh", ["-c", line])).stdout).toBe("x".repeat(5000));
});

describe("shellWord", () => {
  test.each([
    ["server.py", "server.py"],
    ["it's", "'it'\\''s'"],
    ["$(reboot)", "'$(reboot)'"],
    ["", "''"],
  ])("quotes %j as %s", (word, quoted) => {
    expect(shellWord(word)).toBe(quoted);
  });
});
