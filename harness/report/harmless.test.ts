import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytes } from "../grade/sample-results.test-helper.ts";
import { defuse, harmless, harmlessLines, printableBytes } from "./harmless.ts";

describe("harmless", () => {
  test.each([
    ["a\0b", "a\\x00b"],
    ["\x1b[31m", "\\x1b[31m"],
    ["\x9b2J", "\\x9b2J"],
    ["line\r\nnext", "line\\x0d\\x0anext"],
    ["\ud800", "\\u{d800}"],
    ["abc\u202edef", "abc\\u{202e}def"],
    ["\ufffe", "\\u{fffe}"],
    ["Ayu Lestari 🙂 é", "Ayu Lestari 🙂 é"],
  ])("shows %j as %s", (text, shown) => {
    expect(harmless(text)).toBe(shown);
  });

  test("lets no control, no lone surrogate and no command through", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.constantFrom("", "::", "##[", " \t::"), (text, start) => {
        const shown = harmless(start + text);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
        expect(shown.trimStart().startsWith("::")).toBe(false);
        expect(shown).not.toContain("##[");
      }),
    );
  });

  test("keeps lines as lines", () => {
    expect(harmlessLines("a\n\tb\r\n::c")).toEqual(["a", "  b", "\\x3a:c"]);
  });
});

describe("defuse", () => {
  test.each([
    ["  ::error::x", "  \\x3a:error::x"],
    ["\x1b[31m  ::error::x", "\x1b[31m  \\x3a:error::x"],
    ["a ##[error]x", "a #\\x23[error]x"],
    ["##vso[task.x]", "#\\x23vso[task.x]"],
    ["std::string", "std::string"],
    ["## heading", "## heading"],
  ])("turns %j into %j", (line, shown) => {
    expect(defuse(line)).toBe(shown);
  });
});

describe("printableBytes", () => {
  test("shows every byte that is not printable ASCII, and the backslash, as hex", () => {
    expect(printableBytes(bytes("a b\\\n\xff"))).toBe("a b\\x5c\\x0a\\xff");
  });
});
