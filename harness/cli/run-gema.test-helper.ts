import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { inject, onTestFinished } from "vitest";

const ENVIRONMENT = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", LANG: "C.UTF-8" };

export interface RunOptions {
  readonly cwd?: string;
  /** On top of a plain environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The user and group it runs as; for root only. */
  readonly user?: number;
  /** A command that starts the command behind it. */
  readonly via?: readonly string[];
  /** Keeps its stdin open. */
  readonly typed?: true;
}

/** Starts Gema as its users do. */
export function startGema(args: readonly string[], { cwd, env, user, via = [], typed }: RunOptions = {}) {
  const main = join(inject("built"), "harness/cli/main.js");
  const [command, ...rest] = [...via, process.execPath, main, ...args] as [string, ...string[]];
  return execa(command, rest, {
    reject: false,
    stripFinalNewline: false,
    extendEnv: false,
    stdin: typed ? "pipe" : "ignore",
    env: { ...ENVIRONMENT, ...env },
    ...(cwd !== undefined && { cwd }),
    ...(user !== undefined && { uid: user, gid: user }),
  });
}

/** Returns once it has said this on its standard output. */
export async function untilSaid({ stdout }: { readonly stdout: NodeJS.ReadableStream }, words: RegExp): Promise<void> {
  for (let text = ""; !words.test(text); ) text += String((await once(stdout, "data"))[0]);
}

/** Runs Gema to its end. */
export async function gema(args: readonly string[], options: RunOptions = {}) {
  const { exitCode: code, stdout, stderr } = await startGema(args, options);
  return { code, stdout, stderr };
}

/** A folder with these files, gone when the test is over. Names are relative paths. */
export async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "gema-cli-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, contents] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), contents);
  }
  return folder;
}

/** Servers only; each launch gets a port of its own, so that no test waits for another. */
export const ANY_PORT = `
extends: tcp-echo
name: any-port
programs: { tcp-server: {} }
address: { passed: argv }
`;

export const LISTEN = `
import socket, sys, threading
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind((sys.argv[1], int(sys.argv[2])))
listener.listen()
`;

export const SERVE = `
def serve(client):
    with client:
        try:
            while data := client.recv(65535):
                client.sendall(data)
        except OSError:
            pass

try:
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client,), daemon=True).start()
except KeyboardInterrupt:
    listener.close()
`;

/** A correct server. */
export const ECHO = LISTEN + SERVE;

/** Reads the first message of each client only. */
export const SINGLE_RECV = `${LISTEN}
while True:
    client, _ = listener.accept()
    client.sendall(client.recv(4096))
    client.close()
`;
