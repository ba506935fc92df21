import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { ownWorld } from "../launch/isolation/slot.ts";

/** Says what the kernel and Node hold before, while and after the buffers are small, also when the action fails. */
const SCRIPT = `
import { readFileSync } from "node:fs";
import { getDefaultHighWaterMark } from "node:stream";
import { canShrinkBuffers, withSmallBuffers } from "./small-buffers.ts";
const now = () => [
  ...["wmem", "rmem"].map((name) => readFileSync("/proc/sys/net/ipv4/tcp_" + name, "latin1").trim().replace(/\\s+/g, " ")),
  getDefaultHighWaterMark(false),
];
const before = now();
const during = await withSmallBuffers(async () => now());
const thrown = await withSmallBuffers(() => Promise.reject(new Error("broke"))).catch(({ message }) => message);
console.log(JSON.stringify({ possible: canShrinkBuffers(), before, during, thrown, after: now() }));
`;

test.runIf(process.platform === "linux")("buffers are small for a while, and then what they were", async () => {
  const world = await ownWorld();
  if (!world) throw new Error("this machine gives no process a world of its own: see CONTRIBUTING.md");
  const folder = await mkdtemp(join(tmpdir(), "gema-buffers-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const outfile = join(folder, "script.mjs");
  const stdin = { contents: SCRIPT, resolveDir: import.meta.dirname };
  await build({ stdin, outfile, bundle: true, platform: "node", format: "esm" });
  const [command = "", ...args] = [...world, process.execPath, outfile];
  const { stdout } = await execa(command, args);
  const { possible, before, during, thrown, after } = JSON.parse(stdout);
  expect(possible).toBe(true);
  expect(during).toEqual(["4608 4608 4608", "2304 2304 2304", 1024]);
  expect(thrown).toBe("broke");
  expect(before).not.toEqual(during);
  expect(after).toEqual(before);
});
