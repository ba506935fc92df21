import { describe, expect, test, vi } from "vitest";
import { ranCpuMs } from "../kernel/processes.ts";
import { python } from "../launch/program.test-helper.ts";
import type { BodyDifference, EventWithoutTime, Transcript } from "../wire/transcript.ts";
import { judgeBody, stopwatch, taste } from "./large-body.ts";

const record = (...events: EventWithoutTime[]): Transcript =>
  events.map((event, atMs) => ({ atMs, ...event }) as Transcript[number]);

const MIB = 1 << 20;
const connected: EventWithoutTime = {
  type: "connected",
  peer: "A",
  local: { host: "127.0.0.1", port: 50000 },
  remote: { host: "127.0.0.1", port: 5000 },
};
const sent: EventWithoutTime = { type: "body-sent", peer: "A", length: MIB, sha256: "aa" };
const received = (length: number, sha256: string, difference: BodyDifference | null = null): EventWithoutTime => ({
  type: "body-received",
  peer: "A",
  length,
  sha256,
  difference,
});
const difference: BodyDifference = {
  at: 4095,
  from: 4079,
  expected: Uint8Array.from([1, 2]),
  observed: Uint8Array.from([1, 3]),
};

describe.runIf(process.platform === "linux")("a stopwatch", () => {
  test("shows at least what a program ran, though its processes wait for each other", async () => {
    const { subject, said } = await python(`
import os
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
os.fork(); os.fork()
os.write(1, b"spins\\n")
while True: pass`);
    await said("spins");
    await vi.waitFor(() => expect(subject.processes()).toHaveLength(4));
    const ran = (): number => ranCpuMs(subject.processes());
    const elapsed = stopwatch(subject);
    const before = ran();
    await vi.waitFor(() => expect(ran() - before).toBeGreaterThan(200), { interval: 20, timeout: 10_000 });
    expect(elapsed()).toBeGreaterThan(190);
  });
});

test.each<[string, { took: number[]; totals: number[]; msAMib: number }]>([
  ["a quarter of a MiB", { took: [5, 20], totals: [16_384, 262_144], msAMib: 80 }],
  ["a few KiB of a program that sleeps for each piece", { took: [1_001], totals: [16_384], msAMib: 64_064 }],
  ["another quarter where the machine paused", { took: [5, 300, 20], totals: [16_384, 262_144, 524_288], msAMib: 80 }],
  [
    "no more than three of a slow program",
    { took: [5, 300, 200, 250], totals: [16_384, 262_144, 524_288, 786_432], msAMib: 800 },
  ],
  ["one of a very slow program", { took: [50, 1_100], totals: [16_384, 262_144], msAMib: 4_400 }],
])("a taste is %s", async (_, { took, totals, msAMib }) => {
  const echoed: number[] = [];
  const tasted = await taste(
    async (total) => echoed.push(total),
    () => took.slice(0, echoed.length).reduce((sum, ms) => sum + ms, 0),
    500,
  );
  expect(echoed).toEqual(totals);
  expect(tasted).toEqual({ bytes: totals.at(-1), msAMib });
});

describe("a large body", () => {
  test("passes when as much came back with the same hash", () => {
    expect(judgeBody(record(connected, sent, received(MIB, "aa")), "A")).toEqual({ outcome: "pass" });
  });

  test("says so when the bytes are those that were sent, in another order", () => {
    const turned = { ...received(MIB, "bb", difference), reordered: true } as EventWithoutTime;
    expect(judgeBody(record(connected, sent, turned), "A")).toMatchObject({
      outcome: "fail",
      observed: {
        en: "1,048,576 bytes came back. They are the bytes that were sent, but from byte 4,095 on in another order.",
        id: "1.048.576 byte kembali. Itu memang byte yang dikirim, tetapi mulai byte ke-4.095 urutannya lain.",
      },
    });
  });

  test("fails when another hash came back, and shows where", () => {
    expect(judgeBody(record(connected, sent, received(MIB, "bb", difference)), "A")).toMatchObject({
      outcome: "fail",
      expected: { en: "All 1,048,576 bytes come back, in the same order." },
      observed: {
        en: "1,048,576 bytes came back. They differ from byte 4,095 on.",
        id: "1.048.576 byte kembali. Isinya berbeda mulai byte ke-4.095.",
      },
      difference,
    });
  });

  test("fails when less came back, and says how it ended", () => {
    const finding = judgeBody(record(connected, sent, { type: "ended", peer: "A" }, received(65_536, "cc")), "A");
    expect(finding).toMatchObject({
      outcome: "fail",
      observed: {
        en: "65,536 bytes came back. Then the program closed the connection.",
        id: "65.536 byte kembali. Lalu program menutup koneksi.",
      },
    });
    expect(finding).not.toHaveProperty("difference");
  });

  test("is neither right nor wrong when it was not waited for to the end", () => {
    const stillGoing: EventWithoutTime = {
      type: "silent",
      proved: false,
      goesOn: true,
      afterMs: 30_000,
      blocked: [],
      connections: [],
    };
    const judged = (...events: EventWithoutTime[]) => judgeBody(record(connected, sent, stillGoing, ...events), "A");
    expect(judged(received(65_536, "cc")).outcome).toBe("inconclusive");
    expect(judged(received(65_536, "cc", difference)).outcome).toBe("fail");
    expect(judged(received(MIB + 1, "cc")).outcome).toBe("fail");
  });

  test("fails when as many bytes came back to another client only", () => {
    const other = { ...received(MIB, "aa"), peer: "B" } as EventWithoutTime;
    expect(judgeBody(record(connected, sent, other), "A").outcome).toBe("fail");
  });

  test("fails when nobody could connect, or nothing was exchanged", () => {
    const refused = judgeBody(record({ type: "not-connected", peer: "A", code: "ECONNREFUSED" }), "A");
    expect(refused).toMatchObject({ outcome: "fail", observed: { en: expect.stringContaining("ECONNREFUSED") } });
    expect(judgeBody(record(connected), "A").outcome).toBe("fail");
  });

  test("is inconclusive when the situation was not brought about", () => {
    const transcript = record(connected, sent, { type: "not-achieved", why: "needs-linux" }, received(0, "dd"));
    expect(judgeBody(transcript, "A").outcome).toBe("inconclusive");
  });

  test("of several exchanges the last one counts", () => {
    const transcript = record(connected, sent, received(0, "dd"), sent, received(MIB, "aa"));
    expect(judgeBody(transcript, "A")).toEqual({ outcome: "pass" });
  });
});
