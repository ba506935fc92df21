import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytes } from "../grade/sample-results.test-helper.ts";
import { byteWindow } from "./byte-window.ts";

describe("byteWindow", () => {
  test("puts the caret under the first difference, in hex and in text", () => {
    const difference = { at: 1027, from: 1024, expected: bytes("halo\n"), observed: bytes("halO\n") };
    expect(byteWindow(difference, "en", 80)).toEqual([
      "  expected  0400  68 61 6c 6f 0a                       |halo.       |",
      "  observed  0400  68 61 6c 4f 0a                       |halO.       |",
      "                           ^^ first difference, at offset 1027",
    ]);
  });

  test("says where an echo ended early", () => {
    const difference = { at: 2, from: 0, expected: bytes("abcdef"), observed: bytes("ab") };
    expect(byteWindow(difference, "en", 80).at(-1)).toBe(`${" ".repeat(24)}^^ nothing more came after 2 bytes`);
    expect(byteWindow(difference, "id", 80).at(-1)).toContain("tidak ada lagi setelah 2 byte");
  });

  test("shows bytes that came although none were expected", () => {
    const lines = byteWindow({ at: 0, from: 0, expected: bytes(""), observed: bytes("welcome") }, "en", 80);
    expect(lines[1]).toContain("|welcome");
  });

  test("always marks the differing byte, within the width", () => {
    const window = fc.uint8Array({ minLength: 1, maxLength: 32 });
    fc.assert(
      fc.property(
        window,
        window,
        fc.nat(2 ** 24),
        fc.integer({ min: 40, max: 120 }),
        (expected, observed, from, width) => {
          const shared = expected.findIndex((byte, i) => byte !== observed[i]);
          const at = from + (shared === -1 ? expected.length : shared);
          const lines = byteWindow({ at, from, expected, observed }, "id", width);
          expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
          expect(lines.every((line) => line.startsWith("  "))).toBe(true);
          const caret = lines.findIndex((line) => /^ +\^\^/.test(line));
          const column = lines[caret]?.indexOf("^^") ?? 0;
          const shown = lines[caret - 2]?.slice(column, column + 2);
          const byte = expected[at - from];
          expect(shown).toBe(byte === undefined ? "  " : byte.toString(16).padStart(2, "0"));
        },
      ),
      // The text of a row may look like the caret.
      { examples: [[Uint8Array.from([0]), Uint8Array.from([94, 94]), 0, 40]] },
    );
  });
});
