import { mkdtemp, rm } from "node:fs/promises";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll } from "vitest";

interface Program {
  /** Runs it as a process of its own; whatever still runs after a test is killed. */
  run(...args: string[]): ReturnType<typeof start>;
}

function start(file: string, args: readonly string[]) {
  return execa("node", [file, ...args], { reject: false, timeout: 20_000, stripFinalNewline: false });
}

/** Builds `reference/<name>.ts` into a temporary folder for the tests of one file. */
export function buildReference(name: string): Program {
  const running: ReturnType<typeof start>[] = [];
  let folder = "";
  const program = () => join(folder, `${name}.mjs`);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gema-reference-"));
    const source = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
    await build({ entryPoints: [source], outfile: program(), bundle: true, platform: "node", format: "esm" });
  });
  afterEach(async () => {
    for (const subprocess of running) subprocess.kill("SIGKILL");
    await Promise.all(running.splice(0));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return {
    run(...args) {
      const subprocess = start(program(), args);
      running.push(subprocess);
      return subprocess;
    },
  };
}

/** A probe's connection; it may keep reading after it has finished sending, and the other way round. */
export async function connectTo(port: number): Promise<Socket> {
  const socket = createConnection({ host: "127.0.0.1", port, allowHalfOpen: true });
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  return socket;
}

/** Exactly the next `length` bytes; rejects when the connection ends or fails before. */
export async function readBytes(socket: Socket, length: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let received = 0;
  for await (const piece of piecesFrom(socket)) {
    pieces.push(piece);
    received += piece.length;
    if (received >= length) return Buffer.concat(pieces);
  }
  throw new Error(`ended after ${received} of ${length} bytes`);
}

/** All bytes until the other end has finished sending. */
export async function readToEnd(socket: Socket): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of piecesFrom(socket)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Reads without closing: the default would destroy the socket, and with it what is still to be sent. */
function piecesFrom(socket: Socket): AsyncIterable<Buffer> {
  return socket.iterator({ destroyOnReturn: false });
}
