import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { EventWithoutTime, Transcript } from "../wire/transcript.ts";
import { byHand } from "./by-hand.ts";

const run = promisify(execFile);
const address = { host: "127.0.0.1", port: 5000 };
const server = { check: "udp-server/echoes-a-datagram" };
const client = { check: "udp-client/shows-the-reply" };

const ready = (peer: string): EventWithoutTime => ({
  type: "connected",
  peer,
  local: address,
  remote: address,
  protocol: "udp",
});
const said = (type: "sent" | "received", peer: string, text: string): EventWithoutTime => ({
  type,
  peer,
  bytes: Buffer.from(text),
});
const transcript = (...events: readonly EventWithoutTime[]): Transcript =>
  events.map((event, at) => ({ atMs: at, ...event }));

const twoClients = transcript(
  ready("A"),
  ready("B"),
  said("sent", "A", "one"),
  said("received", "A", "one"),
  said("sent", "B", ""),
  said("received", "B", ""),
);

test("another computer is not to be had by hand", () => {
  const events = transcript(ready("A"), said("sent", "A", "gema-1"));
  expect(byHand({ check: "udp-server/answers-another-host" }, events, address)).toBeUndefined();
});

test("one datagram is one line", () => {
  const events = transcript(ready("A"), said("sent", "A", "gema-1"), said("received", "A", "gema-1"));
  expect(byHand(server, events, address)).toEqual(["printf 'gema-1' |", "  nc -u -w1 127.0.0.1 5000"]);
});

test("a stranger who answers is met by the same socket", () => {
  const events = transcript(
    ready("A"),
    said("sent", "A", "a"),
    said("sent", "A", "b"),
    ready("B"),
    said("received", "B", "a"),
  );
  expect(byHand(server, events, address)?.join("\n")).not.toContain("b = socket");
});

test("a client is met by a server that binds and answers", () => {
  const events = transcript(
    { type: "started", command: ["python3", "client.py"], pid: 1 },
    ready("A"),
    said("received", "A", "hello"),
    said("sent", "A", "hello"),
  );
  const lines = byHand(client, events, address)?.join("\n");
  expect(lines).toContain('s.bind(("127.0.0.1", 5000))');
  expect(lines).toContain('s.sendto(b"hello", client)');
  expect(lines).toContain("python3 client.py");
});

test("the script does what the probe did", async () => {
  const echo = createSocket("udp4");
  echo.on("message", (bytes, { port, address: host }) => echo.send(bytes, port, host));
  echo.bind(0, "127.0.0.1");
  await once(echo, "listening");
  const { port } = echo.address();
  const lines = byHand(server, twoClients, { host: "127.0.0.1", port }) ?? [];
  const { stdout } = await run("sh", ["-c", lines.join("\n")]);
  echo.close();
  expect(stdout).toBe(`(b'one', ('127.0.0.1', ${port}))\n(b'', ('127.0.0.1', ${port}))\n`);
});
