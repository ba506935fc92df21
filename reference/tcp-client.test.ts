import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import getPort from "get-port";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Address } from "../harness/kernel/address.ts";
import { findConnection, readSocketTable } from "../harness/kernel/socket-table.ts";
import { buildReference, readBytes, readToEnd } from "./program.test-helper.ts";

const client = buildReference("tcp-client");
const echoServer = buildReference("tcp-server");
const PATIENTLY = { timeout: 10_000, interval: 5 };
let probe: Server | undefined;

afterEach(() => probe?.close());

/** A server of the test's own on a free port; `accepted` is the first connection that arrives. */
async function probing(): Promise<{ port: string; accepted: Promise<Socket> }> {
  const port = await getPort();
  const server = createServer({ allowHalfOpen: true });
  probe = server;
  const accepted = once(server, "connection").then(([socket]) => socket as Socket);
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return { port: String(port), accepted };
}

describe("an exchange", () => {
  test("sends its message, shows the bytes that came back and closes while the server still listens to it", async () => {
    const { port, accepted } = await probing();
    const run = client.run("127.0.0.1", port, "héllo");
    const socket = await accepted;
    expect(String(await readBytes(socket, 6))).toBe("héllo");
    socket.write("wörld");
    expect(await readToEnd(socket)).toHaveLength(0);
    expect(await run).toMatchObject({ exitCode: 0, stdout: "wörld\n", stderr: "" });
    socket.destroy();
  });

  test.runIf(process.platform === "linux")("puts together a reply that was cut inside a character", async () => {
    const { port, accepted } = await probing();
    const run = client.run("127.0.0.1", port, "é");
    const socket = await accepted;
    const echo = await readBytes(socket, 2);
    socket.write(echo.subarray(0, 1));
    await readByPeer(socket);
    socket.write(echo.subarray(1));
    expect(await run).toMatchObject({ exitCode: 0, stdout: "é\n" });
    socket.destroy();
  });

  test("sends the lecture's greeting when it is given none", async () => {
    const { port, accepted } = await probing();
    const run = client.run("127.0.0.1", port);
    const socket = await accepted;
    socket.pipe(socket);
    expect(await run).toMatchObject({ exitCode: 0, stdout: "Hello tcp ...\n" });
  });

  test("with the reference server, a message longer than one segment", async () => {
    const message = "gema ".repeat(20_000);
    const port = String(await getPort());
    const server = echoServer.run("127.0.0.1", port);
    await once(server.stdout, "data");
    expect(await client.run("127.0.0.1", port, message)).toMatchObject({ exitCode: 0, stdout: `${message}\n` });
  });
});

describe("what it reports with exit code 1", () => {
  test("a server that closes early", async () => {
    const { port, accepted } = await probing();
    const run = client.run("127.0.0.1", port, "message");
    const socket = await accepted;
    await readBytes(socket, 7);
    socket.end("mes");
    const { exitCode, stdout, stderr } = await run;
    expect(stderr).toBe("tcp-client: the server closed the connection after 3 of 7 bytes\n");
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  });

  test("a reset", async () => {
    const { port, accepted } = await probing();
    const run = client.run("127.0.0.1", port, "message");
    const socket = await accepted;
    await readBytes(socket, 7);
    socket.resetAndDestroy();
    const { exitCode, stderr } = await run;
    expect(stderr).toContain("ECONNRESET");
    expect(exitCode).toBe(1);
  });

  test("a server that is not there", async () => {
    const { exitCode, stderr } = await client.run("127.0.0.1", String(await getPort()));
    expect(stderr).toContain("ECONNREFUSED");
    expect(exitCode).toBe(1);
  });

  test.each([
    { args: ["127.0.0.1", "0"], complaint: "not a port" },
    { args: ["127.0.0.1", "65536"], complaint: "not a port" },
    { args: ["127.0.0.1", "http"], complaint: "not a port" },
    { args: ["127.0.0.1", "5000", ""], complaint: "empty message" },
    { args: ["127.0.0.1", "5000", "one", "two"], complaint: "too many arguments: two" },
  ])("$args", async ({ args, complaint }) => {
    const { exitCode, stderr } = await client.run(...args);
    expect(stderr).toContain(complaint);
    expect(exitCode).toBe(1);
  });
});

/** Waits until the kernel says that the other end has read all that `socket` sent. */
async function readByPeer(socket: Socket): Promise<void> {
  const [here, there] = [
    addressOf(socket.localAddress, socket.localPort),
    addressOf(socket.remoteAddress, socket.remotePort),
  ];
  await vi.waitUntil(() => {
    const rows = readSocketTable("tcp");
    return findConnection(rows, here, there)?.txQueue === 0 && findConnection(rows, there, here)?.rxQueue === 0;
  }, PATIENTLY);
}

function addressOf(host = "", port = 0): Address {
  return { host, port };
}
