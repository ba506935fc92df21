import { describe, expect, test } from "vitest";
import type { EventWithoutTime, Exit, Transcript } from "../wire/transcript.ts";
import { judgeEnded, judgeInterrupt } from "./stopping.ts";

const record = (...events: EventWithoutTime[]): Transcript =>
  events.map((event, atMs) => ({ atMs, ...event }) as Transcript[number]);

const signalled: EventWithoutTime = { type: "signalled", signal: "SIGINT" };
const silent: EventWithoutTime = { type: "silent", proved: true, afterMs: 5, blocked: [], connections: [] };
const exited = (exit: Exit): EventWithoutTime => ({ type: "exited", exit });
const CLEAN: Exit = { code: 0, signal: null };

describe("an interrupt", () => {
  test("that ends the program with exit code 0 is right", () => {
    expect(judgeInterrupt(record(signalled, exited(CLEAN)))).toEqual({ outcome: "pass" });
  });

  test("that it ignores is wrong", () => {
    expect(judgeInterrupt(record(signalled, silent))).toMatchObject({
      outcome: "fail",
      observed: { en: "It goes on running.", id: "Program tetap berjalan." },
    });
  });

  test("that it notices only when another client comes is wrong", () => {
    expect(judgeInterrupt(record(signalled, silent, exited(CLEAN)))).toMatchObject({
      outcome: "fail",
      observed: { en: "It goes on running until another client comes." },
    });
  });

  test.each<Exit>([
    { code: 1, signal: null },
    { code: null, signal: "SIGINT" },
    { code: null, signal: "SIGTERM" },
  ])("that ends it with %j is wrong", (exit) => {
    const finding = judgeInterrupt(record(signalled, exited(exit)));
    expect(finding).toMatchObject({ outcome: "fail" });
    if (finding.outcome !== "pass") expect(finding.observed.en).toContain(exit.signal ?? `exit code ${exit.code}`);
  });

  test.each<[Exit, 0 | 1, string, "pass" | "fail"]>([
    [{ code: 130, signal: null }, 1, "berhenti\n", "pass"],
    [{ code: null, signal: "SIGINT" }, 1, "berhenti\n", "pass"],
    [{ code: null, signal: "SIGINT" }, 1, "Traceback (most recent call last):\nKeyboardInterrupt\n", "fail"],
    [{ code: null, signal: "SIGINT" }, 0, "", "fail"],
  ])("that ends it with %j, where it catches it: %d, and says %j", (exit, value, text, outcome) => {
    const caught: EventWithoutTime = { type: "measured", what: "catches-interrupt", value };
    const said: EventWithoutTime = { type: "stderr", text };
    expect(judgeInterrupt(record(caught, signalled, said, exited(exit)))).toMatchObject({ outcome });
  });

  test("that it does not handle is explained by its traceback", () => {
    const traceback: EventWithoutTime = {
      type: "stderr",
      text: "Traceback (most recent call last):\nKeyboardInterrupt\n",
    };
    const finding = judgeInterrupt(record(signalled, traceback, exited({ code: null, signal: "SIGINT" })));
    expect(finding).toMatchObject({
      outcome: "fail",
      observed: {
        en: expect.stringContaining("Nothing in it handles the interrupt"),
        id: expect.stringContaining("Tidak ada bagian program yang menangani"),
      },
    });
    expect(judgeInterrupt(record(signalled, exited({ code: 1, signal: null })))).not.toMatchObject({
      observed: { en: expect.stringContaining("KeyboardInterrupt") },
    });
  });
});

describe("an end while a client is connected", () => {
  const closed: EventWithoutTime = { type: "closed", peer: "A", by: "fin" };

  test.each<Exit>([CLEAN, { code: 1, signal: null }, { code: null, signal: "SIGINT" }])("by %j is right", (exit) => {
    expect(judgeEnded(record(signalled, exited(exit)))).toEqual({ outcome: "pass" });
    expect(judgeEnded(record(signalled, exited(exit), closed))).toEqual({ outcome: "pass" });
  });

  test("that never comes is wrong", () => {
    expect(judgeEnded(record(signalled, silent, closed)).outcome).toBe("fail");
    expect(judgeEnded(record(signalled, silent)).outcome).toBe("fail");
  });

  test("that comes once the client has left is no merit", () => {
    expect(judgeEnded(record(signalled, silent, closed, exited(CLEAN))).outcome).toBe("fail");
  });
});
