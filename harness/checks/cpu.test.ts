import { describe, expect, test } from "vitest";
import { LISTEN, python } from "../launch/program.test-helper.ts";
import { meet } from "../wire/conversation.test-helper.ts";
import { judgeRest, measureCpu } from "./cpu.ts";

const PINNED = "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})";
/** Whatever happens to the test, they end. */
const CROWD = `
import os, time
${PINNED}
until = time.monotonic() + 15
print("busy", flush=True)
while time.monotonic() < until: pass`;
const MANY = 8;

const POLLS = `
while True:
    select.select([listener], [], [], 0.01)`;
const POLLS_IN_THREADS = `
def poll():
    while True:
        select.select([listener], [], [], 0.01)
for _ in range(8):
    threading.Thread(target=poll).start()`;
const SPINS = `
listener.setblocking(False)
while True:
    try:
        listener.accept()
    except BlockingIOError:
        pass`;
const SPINS_AND_PRINTS = `
listener.setblocking(False)
while True:
    try:
        listener.accept()
    except BlockingIOError:
        print("nobody is there, and nothing is to be done")`;
const SPINS_IN_THREADS = `
def spin():
    while True: pass
for _ in range(3):
    threading.Thread(target=spin).start()`;

describe.runIf(process.platform === "linux")("a program that nobody talks to", () => {
  const programs = [
    ["polls", POLLS, "pass"],
    ["polls in threads", POLLS_IN_THREADS, "pass"],
    ["spins", SPINS, "fail"],
    ["spins and prints", SPINS_AND_PRINTS, "fail"],
    ["spins in threads", SPINS_IN_THREADS, "fail"],
  ] as const;

  test.each(programs)("and %s", async (_, source, outcome) => {
    expect(await outcomeOf(source)).toBe(outcome);
  });

  test.each(programs)("and %s, on a processor that many want", async (_, source, outcome) => {
    const crowd = await Promise.all(Array.from({ length: MANY }, () => python(CROWD)));
    await Promise.all(crowd.map(({ said }) => said("busy")));
    expect(await outcomeOf(source)).toBe(outcome);
  });
});

async function outcomeOf(source: string): Promise<string> {
  const { conversation } = await meet(`${LISTEN}\n${PINNED}\n${source}`);
  await measureCpu(conversation);
  return judgeRest(conversation.recorder.events).outcome;
}
