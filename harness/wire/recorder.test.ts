import { describe, expect, test } from "vitest";
import type { SubjectEvent } from "../launch/subject.ts";
import { Recorder } from "./recorder.ts";
import type { Transcript } from "./transcript.ts";

function printed(transcript: Transcript, stream: "stdout" | "stderr"): string {
  return transcript.flatMap((event) => (event.type === stream ? event.text : [])).join("");
}

const exited: SubjectEvent = { type: "exited", exit: { code: 0, signal: null } };

describe("a recorder", () => {
  test("writes down what is added, in order, on one clock", async () => {
    const recorder = new Recorder(100);
    recorder.add({ type: "half-closed", peer: "A" });
    await recorder.change(5);
    recorder.add({ type: "ended", peer: "A" });
    const [first, second] = recorder.finish();
    expect(first).toEqual({ atMs: expect.any(Number), type: "half-closed", peer: "A" });
    expect(second).toEqual({ atMs: expect.any(Number), type: "ended", peer: "A" });
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThan(3);
    expect(first?.atMs).toBeGreaterThanOrEqual(0);
  });

  test("a finished transcript does not grow any more", () => {
    const recorder = new Recorder(100);
    recorder.add({ type: "ended", peer: "A" });
    const transcript = recorder.finish();
    recorder.hear(exited);
    expect(transcript).toHaveLength(1);
    expect(recorder.events.map(({ type }) => type)).toEqual(["ended", "exited"]);
    expect(recorder.finish()).toHaveLength(2);
  });

  test("short output is kept as it is, at the time it came", () => {
    const recorder = new Recorder(100);
    recorder.hear({ type: "stdout", text: "one\n" });
    recorder.hear({ type: "stderr", text: "two\n" });
    recorder.hear({ type: "stdout", text: "three\n" });
    recorder.hear(exited);
    expect(recorder.finish().map(({ type }) => type)).toEqual(["stdout", "stderr", "stdout", "exited"]);
    expect(printed(recorder.finish(), "stdout")).toBe("one\nthree\n");
  });

  test("of long output the beginning and the end are kept, whatever the pieces", () => {
    const text = Array.from({ length: 5000 }, (_, line) => `line ${line}\n`).join("");
    for (const size of [1, 7, 49, 50, 51, 1000, text.length]) {
      const recorder = new Recorder(100);
      for (let at = 0; at < text.length; at += size) recorder.hear({ type: "stdout", text: text.slice(at, at + size) });
      recorder.hear({ type: "stderr", text: "another stream" });
      recorder.hear(exited);
      const transcript = recorder.finish();
      expect(printed(transcript, "stdout")).toBe(
        `${text.slice(0, 50)}\n[... ${text.length - 100} characters left out ...]\n${text.slice(-50)}`,
      );
      expect(printed(transcript, "stderr")).toBe("another stream");
      expect(transcript.at(-1)?.type).toBe("exited");
    }
  });

  test.each([50, 51, 99, 100])("output of %i characters is kept whole in 100", (length) => {
    const recorder = new Recorder(100);
    const text = "x".repeat(length);
    recorder.hear({ type: "stdout", text });
    expect(printed(recorder.finish(), "stdout")).toBe(text);
    expect(printed(recorder.finish(), "stdout")).toBe(text);
  });

  test("programs at once are kept apart, each with its own beginning and end", () => {
    const recorder = new Recorder(4);
    recorder.hear({ type: "stdout", text: "abcdef" }, 1);
    recorder.hear({ type: "stdout", text: "xy" }, 2);
    recorder.hear(exited, 1);
    const told = recorder.finish().map((event) => ({ ...event, atMs: 0 }));
    expect(told).toEqual([
      { atMs: 0, type: "stdout", text: "ab", pid: 1 },
      { atMs: 0, type: "stdout", text: "xy", pid: 2 },
      { atMs: 0, type: "stdout", text: "\n[... 2 characters left out ...]\nef", pid: 1 },
      { atMs: 0, ...exited, pid: 1 },
    ]);
  });

  test("a program that prints without end is not kept in memory", () => {
    const recorder = new Recorder(65_536);
    for (let chunk = 0; chunk < 2000; chunk++) recorder.hear({ type: "stdout", text: "spam".repeat(16_384) });
    expect(recorder.events).toHaveLength(1);
    expect(printed(recorder.finish(), "stdout").length).toBeLessThan(65_536 + 100);
  });

  test("a change wakes everybody who waits, and nobody later", async () => {
    const recorder = new Recorder(100);
    const waiting = [recorder.change(60_000), recorder.change(60_000), recorder.change(60_000)];
    recorder.changed();
    expect(await Promise.all(waiting)).toEqual([true, true, true]);
    expect(await recorder.change(1)).toBe(false);
    const next = recorder.change(60_000);
    recorder.hear({ type: "stdout", text: "x" });
    expect(await next).toBe(true);
    const added = recorder.change(60_000);
    recorder.add({ type: "ended", peer: "A" });
    expect(await added).toBe(true);
  });
});
