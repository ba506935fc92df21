import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import getPort from "get-port";
import { afterEach, describe, expect, test } from "vitest";
import { buildReference } from "./program.test-helper.ts";

const server = buildReference("udp-server");
const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
const clients: Socket[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

/** Starts a server on a free port and waits for the line that says it is ready. */
async function waiting() {
  const port = await getPort();
  const subprocess = server.run("127.0.0.1", String(port));
  const [line] = await once(subprocess.stdout, "data");
  return { port, subprocess, line: String(line) };
}

/** A client that hears nobody but the server. */
async function clientOf(port: number): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.connect(port, "127.0.0.1");
  await once(socket, "connect");
  clients.push(socket);
  return socket;
}

async function ask(client: Socket, message: Buffer | string): Promise<Buffer> {
  const reply = once(client, "message");
  client.send(message);
  const [bytes] = (await reply) as [Buffer];
  return bytes;
}

test("says where it waits, in one line", async () => {
  const { port, line } = await waiting();
  expect(line).toBe(`waiting for datagrams on 127.0.0.1 port ${port}\n`);
});

test.each([0, 1, 1024, 1025, 8192, 65_507])("answers a datagram of %d bytes with the same bytes", async (size) => {
  const { port } = await waiting();
  const message = Buffer.from(Array.from({ length: size }, (_, at) => (at * 31) % 256));
  expect((await ask(await clientOf(port), message)).equals(message)).toBe(true);
});

test("answers every byte value, and whoever asked", async () => {
  const { port } = await waiting();
  const [a, b] = [await clientOf(port), await clientOf(port)];
  expect(await ask(a, EVERY_BYTE)).toEqual(EVERY_BYTE);
  expect(String(await ask(b, "from b"))).toBe("from b");
  expect(String(await ask(a, "from a"))).toBe("from a");
});

test("survives a client that is gone before its reply", async () => {
  const { port, subprocess } = await waiting();
  const gone = await clientOf(port);
  gone.send("x");
  clients.splice(clients.indexOf(gone), 1);
  gone.close();
  expect(String(await ask(await clientOf(port), "still here"))).toBe("still here");
  expect(subprocess.exitCode).toBeNull();
});

test("SIGINT exits with 0 and frees the port", async () => {
  const { port, subprocess } = await waiting();
  await ask(await clientOf(port), "before the end");
  subprocess.kill("SIGINT");
  expect(await subprocess).toMatchObject({ exitCode: 0, stderr: "" });
  const again = server.run("127.0.0.1", String(port));
  expect(String(await once(again.stdout, "data"))).toContain("waiting");
});

describe("what it refuses", () => {
  test("a port that is taken", async () => {
    const { port } = await waiting();
    const { exitCode, stderr } = await server.run("127.0.0.1", String(port));
    expect(stderr).toContain("EADDRINUSE");
    expect(exitCode).toBe(1);
  });

  test.each(["0", "65536", "5000x", "-1", ""])("%j as a port", async (port) => {
    const { exitCode, stderr } = await server.run("127.0.0.1", port);
    expect(stderr).toBe(`udp-server: not a port from 1 to 65535: "${port}"\n`);
    expect(exitCode).toBe(1);
  });

  test("too many arguments", async () => {
    const { exitCode, stderr } = await server.run("127.0.0.1", "5000", "5001");
    expect(stderr).toBe("udp-server: too many arguments: 5001\n");
    expect(exitCode).toBe(1);
  });
});
