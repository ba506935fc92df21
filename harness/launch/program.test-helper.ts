import { randomInt } from "node:crypto";
import getPort from "get-port";
import { afterEach } from "vitest";
import type { Address } from "../kernel/address.ts";
import { readStat } from "../kernel/processes.ts";
import { pythonInterpreter } from "../submission/python.ts";
import { plainLauncher } from "./plain-launcher.ts";
import { waitUntilListening } from "./ready.ts";
import type { LaunchPlan, Subject } from "./subject.ts";

/** Small programs as real processes for the tests; whatever a test started is gone after it. */

const running: Subject[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((subject) => subject.stop()));
});

/** Under load a start takes long; only a program that hangs takes longer. */
const START_MS = 20_000;

/** Put before a server's source: `listener` listens on the port of its first argument. */
export const LISTEN = `
import os, select, signal, socket, sys, threading, time
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
`;

export interface Launched {
  readonly subject: Subject;
  /** What it printed until now; nothing more once a conversation listens to it. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Waits until it has printed a line that begins so, and returns the rest of that line. */
  said(begin: string): Promise<string>;
}

export async function launch(plan: Partial<LaunchPlan> & Pick<LaunchPlan, "command">): Promise<Launched> {
  const subject = await plainLauncher.launch({ cwd: process.cwd(), readable: [], env: {}, ...plan });
  running.push(subject);
  const output = { stdout: "", stderr: "" };
  let heard = (): void => {};
  subject.listener = (event) => {
    if (event.type !== "exited") output[event.type] += event.text;
    heard();
  };
  return {
    subject,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    async said(begin) {
      for (;;) {
        const line = output.stdout
          .split("\n")
          .slice(0, -1)
          .find((one) => one.startsWith(begin));
        if (line !== undefined) return line.slice(begin.length).trim();
        if (subject.exit && subject.allProcesses().length === 0)
          throw new Error(`it ended before it said ${begin}: ${output.stderr}`);
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
    },
  };
}

/** Runs Python source with these arguments. */
export async function python(source: string, ...args: readonly (string | number)[]): Promise<Launched> {
  return launch({ command: [await pythonInterpreter(), "-c", source, ...args.map(String)] });
}

/** Runs JavaScript source (CommonJS); arguments begin at `process.argv[1]`. */
export function javascript(source: string, ...args: readonly (string | number)[]): Promise<Launched> {
  return launch({ command: [process.execPath, "-e", source, ...args.map(String)] });
}

/** A port below those that the system gives to clients, so that no connection of a stranger has used it. */
export async function freeAddress(host = "127.0.0.1"): Promise<Address> {
  const some = Array.from({ length: 50 }, () => randomInt(10_000, 32_000));
  return { host, port: await getPort({ host, port: some }) };
}

/** Runs a server that listens on the port of its first argument, and returns once it does. */
export async function server(
  source: string,
  run: typeof python = python,
): Promise<Launched & { readonly address: Address }> {
  const address = await freeAddress();
  const launched = await run(source, address.port);
  const readiness = await waitUntilListening(launched.subject, address, START_MS);
  if (readiness.type !== "listening") throw new Error(`it does not listen (${readiness.why}): ${launched.stderr()}`);
  return { ...launched, address };
}

/** A zombie that init has not collected yet is not alive. */
export function isAlive(pid: number): boolean {
  const state = readStat(pid)?.state;
  return state !== undefined && state !== "Z" && state !== "X";
}
