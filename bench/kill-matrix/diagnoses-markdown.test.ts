import { expect, test } from "vitest";
import { diagnosesMarkdown } from "./diagnoses-markdown.ts";
import { CORRECT, graded, mistaken } from "./graded.test-helper.ts";

const unnamed = { kind: "mistake", mistake: undefined, fails: ["silent"], sometimes: [] } as const;
const byLan = { ...unnamed, mistake: "wrong-address" } as const;
const MATRIX = [
  mistaken("banner", { silent: "must" }),
  graded("quiet.py", unnamed, { silent: "must" }),
  graded("lan.py", byLan, { silent: "must" }, "wrong-port"),
  graded("cut.py", byLan, { silent: "must" }),
  graded("ok.py", CORRECT, {}),
  graded("taught.py", { kind: "correct", warns: ["sends"] }, { sends: "should" }, "send-not-sendall"),
];

test("a mistake is told from its name, and from another one's", () => {
  const text = diagnosesMarkdown(MATRIX);
  expect(text).toContain("2 of 4 are given the right name.");
  expect(text).toContain("| banner | `echo/banner` | |");
  expect(text).toContain("| unnamed | `echo/quiet.py` | |");
  expect(text).toContain("| wrong-address | | `echo/lan.py` (wrong-port), `echo/cut.py` (none) |");
  expect(text).toContain("- `echo/lan.py` (wrong-port): ");
});

test("correct programs are given none, and warnings are shown apart", () => {
  const text = diagnosesMarkdown(MATRIX);
  expect(text).toContain("1 of 2 are given no name.");
  expect(text).toContain("| `echo/taught.py` | send-not-sendall |");
});

test("how long it took leaves no trace", () => {
  expect(diagnosesMarkdown(MATRIX.map((one) => ({ ...one, wallMs: 9 })))).toBe(diagnosesMarkdown(MATRIX));
});
