import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { bytes, oneEcho, secondMessageUnanswered, splitMessage } from "../grade/sample-results.test-helper.ts";
import type { TranscriptEvent } from "../wire/transcript.ts";
import { conversation } from "./conversation.ts";

const drawing = { language: "en", width: 60, program: "server.py" } as const;

describe("conversation", () => {
  test("draws two lanes with time running down", () => {
    expect(conversation(oneEcho, drawing)).toEqual([
      "       ms gema A                                   server.py",
      "      0.0 | * starts: python3 server.py                    |",
      "     58.2 | * listens on 127.0.0.1:5000/tcp                |",
      "     60.1 |─────────────────── connect ───────────────────>|",
      "     60.4 |───────────── 'gema-91c2' 9 bytes ─────────────>|",
      "     60.9 |<───────────── 'gema-91c2' 9 bytes ─────────────|",
      "     61.2 |───────────────────── FIN ─────────────────────>|",
      "     61.6 |<───────────────────── FIN ─────────────────────|",
      "     61.8 |──────────────────── close ────────────────────>|",
    ]);
  });

  test("says in words that silence was proved, and what was left unread", () => {
    const text = conversation(secondMessageUnanswered, { ...drawing, width: 80 }).join("\n");
    expect(text).toContain("silent (proved): nothing more will come; the program waits");
    expect(text).toContain("9 bytes from A not read");
    expect(text).toContain("RST");
  });

  test("folds a long run to its ends and counts what is between", () => {
    const lines = conversation(splitMessage, drawing);
    expect(lines.filter((line) => line.includes("1 byte, read"))).toHaveLength(2);
    expect(lines.find((line) => line.includes("..."))).toContain("7 more, 7 bytes");
  });

  test("folds the middle of a long conversation, and no bytes are lost in the count", () => {
    const cycles = Array.from({ length: 50 }, (_, i): TranscriptEvent[] => [
      { atMs: i, type: "sent", peer: "A", bytes: bytes("ab") },
      { atMs: i, type: "received", peer: "A", bytes: bytes("ab") },
    ]).flat();
    const lines = conversation(cycles, drawing);
    expect(lines).toHaveLength(1 + 10 + 1 + 16);
    expect(lines[11]).toContain("74 more, 148 bytes");
  });

  test("marks the failing moment, and never folds it away", () => {
    const bytesOf = (i: number) => bytes(i === 250 ? "XX" : "ab");
    const many = Array.from({ length: 500 }, (_, i): TranscriptEvent => {
      return { atMs: i, type: i % 2 ? "sent" : "received", peer: "A", bytes: bytesOf(i) };
    });
    const lines = conversation(many, { ...drawing, failing: many[250] });
    expect(lines.filter((line) => line.startsWith("✗"))).toEqual([
      "✗   250.0 |<──────────────── 'XX' 2 bytes ─────────────────|",
    ]);
    expect(lines.filter((line) => line.includes("..."))).toHaveLength(2);
    const run = Array.from({ length: 9 }, (_, i): TranscriptEvent => ({ atMs: i, type: "ended", peer: `${i > 20}` }));
    expect(conversation(run, { ...drawing, failing: run[4] }).filter((line) => line.startsWith("✗"))).toHaveLength(1);
  });

  test("puts source lines beside the program's lane where there is room", () => {
    const placeOf = (event: TranscriptEvent) =>
      event.type === "read-by-subject" ? "server.py:14 recv(65535) -> 9 bytes" : undefined;
    const wide = conversation(secondMessageUnanswered, { ...drawing, width: 80, placeOf });
    expect(wide[2]).toMatch(/9 bytes, read ─+>\| server\.py:14 recv\(65535\) -> 9 bytes$/);
    expect(Math.max(...wide.map((line) => stringWidth(line)))).toBeLessThanOrEqual(80);
    const narrow = conversation(secondMessageUnanswered, { ...drawing, width: 44, placeOf }).join("\n");
    expect(narrow).not.toContain("server.py:14");
  });

  test("an endless argument takes a few lines", () => {
    const long: TranscriptEvent = { atMs: 0, type: "started", command: ["python3", "x".repeat(1e6)], pid: 1 };
    const lines = conversation([long], drawing);
    expect(lines.length).toBeLessThan(10);
    expect(lines.at(-1)).toContain("…");
  });

  test("tells several probes apart", () => {
    const lines = conversation(
      [
        { atMs: 0, type: "sent", peer: "A", bytes: bytes("a") },
        { atMs: 1, type: "reset", peer: "B" },
      ],
      drawing,
    );
    expect(lines[0]).not.toContain("gema A");
    expect(lines[1]).toMatch(/ A \|/);
    expect(lines[2]).toMatch(/ B \|<.* RST /);
  });

  test("a wide program name and wide output stay in their columns", () => {
    const events: TranscriptEvent[] = [{ atMs: 0, type: "stdout", text: "日本語".repeat(40) }];
    const lines = conversation(events, { ...drawing, width: 40, program: "サーバー.py".repeat(9) });
    expect(lines.map((line) => stringWidth(line))).toEqual([40, 40]);
  });
});
