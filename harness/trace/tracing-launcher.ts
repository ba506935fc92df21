import { existsSync } from "node:fs";
import { chmod, copyFile, type FileHandle, mkdir, open, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Launcher, LaunchPlan } from "../launch/subject.ts";
import { readTrace, type Trace } from "./trace.ts";

/** A launcher whose programs report their socket calls. */
export interface TracingLauncher extends Launcher {
  /** All that has been reported; nothing more is read afterwards. @param zeroMs as `readTrace` has it */
  collect(zeroMs: number): Promise<Trace>;
}

const HOOKS = { python: "sitecustomize.py", node: "hook.cjs" } as const;
/** Where the hooks of one launch report. They write far less, but the program can write there, too. */
const CHANNEL = "calls";
const MOST_BYTES = 1 << 20;

/**
 * Starts programs as `launcher` does, with hooks for Python and Node that come by PYTHONPATH and NODE_OPTIONS, and a file
 * that they report to. A program that gets rid of them runs all the same.
 * @param folder one of ours that programs may be shown
 */
export function tracingLauncher(launcher: Launcher, folder: string): TracingLauncher {
  const channels: FileHandle[] = [];
  return {
    isolation: launcher.isolation,
    share: (other) => launcher.share(other),
    async launch(plan) {
      const hooks = await installed(join(folder, `trace-${channels.length}`));
      channels.push(await open(join(hooks, CHANNEL)));
      return launcher.launch(hooked(plan, hooks));
    },
    async collect(zeroMs) {
      const texts = await Promise.all(channels.splice(0).map(headOf));
      const traces = texts.map((text) => readTrace(text, zeroMs));
      const calls = traces.flatMap((trace) => trace.calls).sort((a, b) => a.atMs - b.atMs);
      return { calls, leftOut: traces.reduce((sum, { leftOut }) => sum + leftOut, 0) };
    },
  };
}

/** The hooks report to a file beside themselves: a copy for each launch. */
async function installed(path: string): Promise<string> {
  await mkdir(path, { recursive: true });
  const folder = await realpath(path);
  await Promise.all(Object.values(HOOKS).map((file) => copyFile(join(sources(), file), join(folder, file))));
  const channel = join(folder, CHANNEL);
  await (await open(channel, "w")).close();
  await chmod(channel, 0o666); // for those who run as somebody else
  return folder;
}

/** They are no TypeScript: the build leaves them where they are. */
function sources(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const hooks = join(folder, "harness/trace/hooks");
    if (existsSync(hooks)) return hooks;
  }
  throw new Error("the hooks are not where Gema was installed");
}

/** What the plan itself says of these variables goes before. */
function hooked(plan: LaunchPlan, folder: string): LaunchPlan {
  const hooks = {
    PYTHONPATH: folder,
    NODE_OPTIONS: `--require ${JSON.stringify(join(folder, HOOKS.node))}`,
    GEMA_TRACE: plan.cwd,
  };
  return {
    ...plan,
    env: { ...hooks, ...plan.env },
    readable: [...plan.readable, { path: folder, source: folder }],
    writable: [...(plan.writable ?? []), join(folder, CHANNEL)],
  };
}

async function headOf(channel: FileHandle): Promise<string> {
  try {
    const { buffer, bytesRead } = await channel.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await channel.close();
  }
}
