import { setTimeout as pollAgain } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { python } from "../launch/program.test-helper.ts";
import { Allowance } from "./allowance.ts";
import { ranCpuMs } from "./processes.ts";

const LIMIT_MS = 100;
const SPIN = `
until = time.monotonic() + 15
while time.monotonic() < until: pass`;
const SPINS = `
import os, time
print("spins", flush=True)
${SPIN}`;
/** Its own child takes the one processor that they share: it runs for a moment, and then not for a second. */
const KEPT_WAITING = `
import os, time
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
if os.fork() > 0:
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    print("spins", flush=True)
${SPIN}`;

describe.runIf(process.platform === "linux")("a program that does not sleep", () => {
  test("has used up its time after that time", async () => {
    const { subject, said } = await python(SPINS);
    await said("spins");
    expect(await msUntilSpent(subject.pid)).toBeGreaterThan(LIMIT_MS);
  });

  test("has time left as long as it waits for a processor", async () => {
    const { subject, said } = await python(KEPT_WAITING);
    await said("spins");
    const before = ranCpuMs([subject.pid]);
    expect(await msUntilSpent(subject.pid, 5 * LIMIT_MS)).toBe(Number.POSITIVE_INFINITY);
    expect(ranCpuMs([subject.pid]) - before).toBeLessThan(LIMIT_MS / 2);
  });
});

async function msUntilSpent(pid: number, atMostMs = Number.POSITIVE_INFINITY): Promise<number> {
  const start = performance.now();
  const allowance = new Allowance(() => [pid], LIMIT_MS);
  while (!allowance.isSpent) {
    if (performance.now() - start > atMostMs) return Number.POSITIVE_INFINITY;
    await pollAgain(1);
  }
  return performance.now() - start;
}
