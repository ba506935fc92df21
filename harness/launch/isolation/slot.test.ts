import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { listProc, readProc } from "../../kernel/processes.ts";
import { ownWorld, Slot } from "./slot.ts";

const ANSWERED_MS = 20_000;

interface Order {
  readonly run: string;
}
interface Answer {
  readonly said: unknown;
}

/** Evaluates what it is sent and answers with the value. */
const WORKER = `
import * as net from "node:net";
import * as os from "node:os";
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
const api = { net, os, spawn, readdirSync };
process.on("message", async ({ run }) => process.send({ said: await new Function("api", run)(api) }));
process.on("disconnect", () => process.exit());
`;

describe.runIf(process.platform === "linux")("a slot", () => {
  async function slot(): Promise<Slot<Order, Answer>> {
    const folder = await mkdtemp(join(tmpdir(), "gema-slot-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, "worker.mjs");
    await writeFile(file, WORKER);
    const world = await ownWorld();
    if (!world) throw new Error("this machine gives no process a world of its own: see CONTRIBUTING.md");
    const started = new Slot<Order, Answer>(world, file);
    onTestFinished(() => started.close());
    return started;
  }

  test("answers one message after another", async () => {
    const one = await slot();
    for (const number of [1, 2, 3])
      expect(await one.ask({ run: `return ${number}` }, ANSWERED_MS)).toEqual({ said: number });
  });

  test("lets anybody have any port, also one that is root's elsewhere", async () => {
    const start = `return (await import("node:fs")).readFileSync("/proc/sys/net/ipv4/ip_unprivileged_port_start", "utf8")`;
    const one = await slot();
    expect(await one.ask({ run: `return (async () => { ${start} })()` }, ANSWERED_MS)).toEqual({ said: "0\n" });
  });

  test("has no network but a loopback of its own", async () => {
    const outside = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void outside.close());
    await once(outside, "listening");
    const { port } = outside.address() as { port: number };
    const one = await slot();
    const names = await one.ask({ run: "return Object.keys(api.os.networkInterfaces())" }, ANSWERED_MS);
    expect(names).toEqual({ said: ["lo"] });
    const reach = `return new Promise((resolve) => api.net.connect(${port}, "127.0.0.1").on("error", (e) => resolve(e.code)).on("connect", () => resolve("connected")))`;
    expect(await one.ask({ run: reach }, ANSWERED_MS)).toEqual({ said: "ECONNREFUSED" });
    const listen = `return new Promise((resolve) => api.net.createServer().on("error", (e) => resolve(e.code)).listen(${port}, "127.0.0.1", () => resolve("free")))`;
    expect(await one.ask({ run: listen }, ANSWERED_MS)).toEqual({ said: "free" });
  });

  test("sees no process outside, and takes every process inside with it", async () => {
    const one = await slot();
    const seen = await one.ask(
      { run: `return api.readdirSync("/proc").filter((name) => /^\\d+$/.test(name))` },
      ANSWERED_MS,
    );
    expect((seen.said as string[]).length).toBeLessThanOrEqual(3);
    const marker = `gema-test-${process.pid}-${Date.now()}`;
    const daemon = `return new Promise((resolve) => {
      const child = api.spawn("sh", ["-c", "setsid sh -c 'echo started; sleep 600; :' &"], { env: { PATH: process.env.PATH, MARKER: "${marker}" }, detached: true });
      child.stdout.on("data", () => resolve(true));
    })`;
    expect(await one.ask({ run: daemon }, ANSWERED_MS)).toEqual({ said: true });
    const marked = () => listProc("/proc").filter((pid) => readProc(`/proc/${pid}/environ`)?.includes(marker));
    expect(marked()).not.toEqual([]);
    await one.close();
    expect(marked()).toEqual([]);
  });

  test("is gone when it is closed in its first moments", async () => {
    for (let moment = 0; moment < 20; moment++) {
      const one = await slot();
      await new Promise((resolve) => setTimeout(resolve, moment));
      await one.close();
    }
  });

  test("that ends or hangs is told apart from one that answers", async () => {
    await expect(
      (await slot()).ask({ run: `console.error("last words"); process.exit(7)` }, ANSWERED_MS),
    ).rejects.toThrow("the slot ended with 7: last words");
    await expect((await slot()).ask({ run: "return new Promise(() => {})" }, 300)).rejects.toThrow(
      "ended with SIGKILL",
    );
  });
});
