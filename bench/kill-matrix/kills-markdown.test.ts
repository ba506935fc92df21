import { expect, test } from "vitest";
import { CORRECT, graded, mistaken } from "./graded.test-helper.ts";
import { killsMarkdown } from "./kills-markdown.ts";

const MATRIX = [
  mistaken("banner.py", { silent: "must", echoes: "should", ports: "info", tidy: ["must", "pass"] }),
  graded("ok.py", CORRECT, { ports: "info" }),
];

test("a row of a fixture tells the levels of its failures apart", () => {
  const text = killsMarkdown(MATRIX, []);
  expect(text).toContain("| `banner.py` | mistake | **silent**, echoes, (ports) | banner.py |");
  expect(text).toContain("| `ok.py` | correct | (ports) | |");
});

test("advice is told from a mistake", () => {
  const warns = { ...graded("ok.py", { kind: "correct", warns: ["waits"] }, { waits: "should" }), advice: ["banner"] };
  expect(killsMarkdown([warns], [])).toContain("| `ok.py` | correct | waits | (banner) |");
});

test("a row of a check names what it rejects", () => {
  expect(killsMarkdown(MATRIX, ["silent"])).toContain("| silent | | `echo/banner.py` | |");
  expect(killsMarkdown([mistaken("one.py", { silent: "must" })], ["silent"])).toContain(
    "| silent | `echo/one.py` | | |",
  );
});

test("how long it took leaves no trace", () => {
  const slower = MATRIX.map((one) => ({ ...one, wallMs: one.wallMs * 7 }));
  expect(killsMarkdown(slower, ["silent"])).toBe(killsMarkdown(MATRIX, ["silent"]));
});
