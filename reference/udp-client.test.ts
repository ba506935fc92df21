import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import getPort from "get-port";
import { afterEach, describe, expect, test } from "vitest";
import { buildReference } from "./program.test-helper.ts";

const client = buildReference("udp-client");
const echoServer = buildReference("udp-server");
const probes: Socket[] = [];

afterEach(() => {
  for (const probe of probes.splice(0)) probe.close();
});

/** A server of the test's own on a free port. */
async function probing(): Promise<{ port: string; socket: Socket }> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  probes.push(socket);
  return { port: String(socket.address().port), socket };
}

async function next(socket: Socket): Promise<{ message: string; from: RemoteInfo }> {
  const [bytes, from] = (await once(socket, "message")) as [Buffer, RemoteInfo];
  return { message: String(bytes), from };
}

describe("an exchange", () => {
  test("sends its message as one datagram and shows the bytes that came back", async () => {
    const { port, socket } = await probing();
    const run = client.run("127.0.0.1", port, "héllo");
    const { message, from } = await next(socket);
    expect(message).toBe("héllo");
    socket.send("wörld", from.port, from.address);
    expect(await run).toMatchObject({ exitCode: 0, stdout: "wörld\n", stderr: "" });
  });

  test("sends a greeting when it is given none", async () => {
    const { port, socket } = await probing();
    const run = client.run("127.0.0.1", port);
    const { message, from } = await next(socket);
    socket.send(message, from.port, from.address);
    expect(await run).toMatchObject({ exitCode: 0, stdout: "Hello udp ...\n" });
  });

  test("sends again when a datagram was lost", async () => {
    const { port, socket } = await probing();
    const run = client.run("127.0.0.1", port, "once more");
    await next(socket);
    const { message, from } = await next(socket);
    expect(message).toBe("once more");
    socket.send("here it is", from.port, from.address);
    expect(await run).toMatchObject({ exitCode: 0, stdout: "here it is\n" });
  });

  test("hears the server only", async () => {
    const { port, socket } = await probing();
    const stranger = await probing();
    const run = client.run("127.0.0.1", port, "who is there");
    const { from } = await next(socket);
    stranger.socket.send("a stranger", from.port, from.address);
    await new Promise<void>((resolve) => stranger.socket.send("", from.port, from.address, () => resolve()));
    socket.send("the server", from.port, from.address);
    expect(await run).toMatchObject({ exitCode: 0, stdout: "the server\n" });
  });

  test("with the reference server, a message of many kilobytes", async () => {
    const message = "gema ".repeat(10_000);
    const port = String(await getPort());
    const server = echoServer.run("127.0.0.1", port);
    await once(server.stdout, "data");
    expect((await client.run("127.0.0.1", port, message)).stdout).toBe(`${message}\n`);
  });
});

describe("what goes wrong", () => {
  test("nobody there: says so", async () => {
    const { exitCode, stdout, stderr } = await client.run("127.0.0.1", String(await getPort()), "hello");
    expect(stderr).toContain("ECONNREFUSED");
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  });

  test("no reply at all: gives up after three datagrams", async () => {
    const { port, socket } = await probing();
    let heard = 0;
    socket.on("message", () => heard++);
    const { exitCode, stderr } = await client.run("127.0.0.1", port, "hello");
    expect(stderr).toBe("udp-client: no reply to 3 datagrams\n");
    expect({ exitCode, heard }).toEqual({ exitCode: 1, heard: 3 });
  });

  test.each(["0", "65536", "5000x"])("%j as a port", async (port) => {
    const { exitCode, stderr } = await client.run("127.0.0.1", port);
    expect(stderr).toBe(`udp-client: not a port from 1 to 65535: "${port}"\n`);
    expect(exitCode).toBe(1);
  });
});
