import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { Readable } from "node:stream";
import { setInterval } from "node:timers/promises";
import getPort from "get-port";
import { describe, expect, test } from "vitest";
import { buildReference, connectTo, readBytes, readToEnd } from "./program.test-helper.ts";

const server = buildReference("tcp-server");
const MEBIBYTE = 1024 * 1024;
const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, value) => value));

/** Starts a server on a free port and waits for the line that says it listens. */
async function listening(...options: string[]) {
  const port = await getPort();
  const subprocess = server.run("127.0.0.1", String(port), ...options);
  const [line] = await once(subprocess.stdout, "data");
  return { port, subprocess, line: String(line) };
}

describe("stream", () => {
  test("says where it listens, in one line", async () => {
    const { port, line } = await listening();
    expect(line).toBe(`listening on 127.0.0.1 port ${port}\n`);
  });

  test("echoes every byte value, again and again on one connection", async () => {
    const { port } = await listening();
    const client = await connectTo(port);
    for (let round = 0; round < 3; round += 1) {
      client.write(EVERY_BYTE);
      expect(await readBytes(client, 256)).toEqual(EVERY_BYTE);
    }
    client.destroy();
  });

  test("sends all it owes to a client that reads only after it has finished sending", async () => {
    const { port } = await listening();
    const client = await connectTo(port);
    const body = randomBytes(2 * MEBIBYTE);
    client.end(body);
    await once(client, "finish");
    expect((await readToEnd(client)).equals(body)).toBe(true);
  });

  test("stops reading while a client does not take its echo, and loses nothing", async () => {
    const { port } = await listening();
    const client = await connectTo(port);
    const piece = randomBytes(MEBIBYTE);
    const pieces = Array.from({ length: 64 }, () => piece);
    Readable.from(pieces).pipe(client);
    const taken = await untilStill(() => client.bytesWritten - client.writableLength);
    // Two kernel buffers in each direction hold 8 to 10 MiB; a server that only wrote would take all 64.
    expect(taken).toBeLessThan(32 * MEBIBYTE);
    expect((await readToEnd(client)).equals(Buffer.concat(pieces))).toBe(true);
  });

  test("serves others while one client is silent", async () => {
    const { port } = await listening();
    const silent = await connectTo(port);
    const client = await connectTo(port);
    client.write("not kept waiting");
    expect(String(await readBytes(client, 16))).toBe("not kept waiting");
    silent.destroy();
    client.destroy();
  });

  test("survives a client's reset", async () => {
    const { port, subprocess } = await listening();
    const rude = await connectTo(port);
    rude.write("x");
    await readBytes(rude, 1);
    rude.resetAndDestroy();
    const [complaint] = await once(subprocess.stderr, "data");
    expect(String(complaint)).toContain("ECONNRESET");
    const client = await connectTo(port);
    client.end("still here");
    expect(String(await readToEnd(client))).toBe("still here");
  });
});

describe("one-shot", () => {
  test("echoes one receive, closes that connection and accepts the next", async () => {
    const { port } = await listening("--contract", "one-shot");
    for (const message of ["first", "second"]) {
      const client = await connectTo(port);
      client.write(message);
      expect(String(await readToEnd(client))).toBe(message);
      client.destroy();
    }
  });

  test("drops what comes after the first receive, without a reset", async () => {
    const { port } = await listening("--contract", "one-shot");
    const client = await connectTo(port);
    const body = randomBytes(16 * MEBIBYTE);
    client.end(body);
    const closed = once(client, "close");
    const echo = await readToEnd(client);
    expect(echo.length).toBeGreaterThan(0);
    expect(echo.equals(body.subarray(0, echo.length))).toBe(true);
    await closed;
  });

  test("closes after a client that sends nothing", async () => {
    const { port } = await listening("--contract", "one-shot");
    const client = await connectTo(port);
    client.end();
    expect(await readToEnd(client)).toHaveLength(0);
  });
});

describe("stopping", () => {
  test.each(["stream", "one-shot"])(
    "%s: SIGINT with a client connected exits with 0 and frees the port",
    async (kind) => {
      const { port, subprocess } = await listening("--contract", kind);
      const client = await connectTo(port);
      subprocess.kill("SIGINT");
      expect(await readToEnd(client)).toHaveLength(0);
      expect(await subprocess).toMatchObject({ exitCode: 0, stderr: "" });
      await expect(connectTo(port)).rejects.toThrow("ECONNREFUSED");
    },
  );

  test("starts again at once on the port it has just left", async () => {
    const { port, subprocess } = await listening("--contract", "one-shot");
    const client = await connectTo(port);
    client.write("the server closes first");
    await readToEnd(client);
    client.end();
    await once(client, "close");
    subprocess.kill("SIGINT");
    await subprocess;
    const again = server.run("127.0.0.1", String(port));
    expect(String(await once(again.stdout, "data"))).toContain("listening");
  });
});

describe("what it refuses", () => {
  test("a port that is taken", async () => {
    const { port } = await listening();
    const { exitCode, stderr } = await server.run("127.0.0.1", String(port));
    expect(stderr).toContain("EADDRINUSE");
    expect(exitCode).toBe(1);
  });

  test.each(["0", "65536", "5000x", "-1", "5e3", ""])("%j as a port", async (port) => {
    const { exitCode, stderr } = await server.run("--", "127.0.0.1", port);
    expect(stderr).toBe(`tcp-server: not a port from 1 to 65535: "${port}"\n`);
    expect(exitCode).toBe(1);
  });

  test.each([
    { args: ["--contract", "chatty"], complaint: "no such contract" },
    { args: ["127.0.0.1", "5000", "5001"], complaint: "too many arguments" },
    { args: ["--port", "5000"], complaint: "--port" },
  ])("$args", async ({ args, complaint }) => {
    const { exitCode, stderr } = await server.run(...args);
    expect(stderr).toContain(complaint);
    expect(exitCode).toBe(1);
  });
});

/** Resolves with the figure that `progress` gives once ten looks in a row have found it unchanged. */
async function untilStill(progress: () => number): Promise<number> {
  let last = progress();
  let unchanged = 0;
  for await (const _ of setInterval(20)) {
    unchanged = progress() === last ? unchanged + 1 : 0;
    last = progress();
    if (unchanged === 10) break;
  }
  return last;
}
