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
