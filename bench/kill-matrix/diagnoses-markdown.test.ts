import { expect, test } from "vitest";
import { diagnosesMarkdown } from "./diagnoses-markdown.ts";
import { CORRECT, graded, mistaken } from "./graded.test-helper.ts";

const unnamed = { kind: "mistake", mistakes: [], fails: ["silent"], sometimes: [] } as const;
const byLan = { ...unnamed, mistakes: ["wrong-address"] } as const;
const MATRIX = [
  mistaken("banner", { silent: "must" }),
  graded("quiet.py", unnamed, { silent: "must" }),
  graded("lan.py", byLan, { silent: "must" }, "wrong-port"),
  graded("cut.py", byLan, { silent: "must" }),
  graded("ok.py", CORRECT, {}),
  { ...graded("taught.py", { kind: "correct", warns: ["sends"] }, { sends: "should" }), advice: ["send-not-sendall"] },
  {
    ...graded("raw.py", { ...unnamed, mistakes: ["send-not-sendall"] }, { sends: "should" }),
    advice: ["send-not-sendall"],
  },
  {
    ...graded("two.py", { ...unnamed, mistakes: ["banner", "no-echo"] }, { silent: "must" }, "no-echo", "banner"),
    advice: ["one-client-at-a-time"],
  },
  graded("half.py", { ...unnamed, mistakes: ["banner", "no-echo"] }, { silent: "must" }, "banner"),
];

test("a mistake is told from its name, and from another one's", () => {
  const text = diagnosesMarkdown(MATRIX);
  expect(text).toContain("3 of 5 are given the right name.");
  expect(text).toContain("| banner | `echo/banner` | |");
  expect(text).toContain("| unnamed | `echo/quiet.py` | |");
  expect(text).toContain("| wrong-address | | `echo/lan.py` (wrong-port), `echo/cut.py` (none) |");
  expect(text).toContain("- `echo/lan.py` (wrong-port): ");
});

test("a program of two mistakes is shown with all that is named", () => {
  const text = diagnosesMarkdown(MATRIX);
  expect(text).toContain("In 1 of 2 both mistakes are named");
  expect(text).toContain("| `echo/two.py` | banner, no-echo | no-echo, banner, (one-client-at-a-time) |");
  expect(text).toContain("| `echo/half.py` | banner, no-echo | banner |");
});

test("advice is told from a mistake", () => {
  expect(diagnosesMarkdown(MATRIX)).toContain("| send-not-sendall | (`echo/raw.py`) | |");
});

test("correct programs are given none, and advice is shown apart", () => {
  const text = diagnosesMarkdown(MATRIX);
  expect(text).toContain("2 of 2 are given no mistake. 1 are given advice.");
  expect(text).toContain("| `echo/taught.py` | send-not-sendall |");
});

test("how long it took leaves no trace", () => {
  expect(diagnosesMarkdown(MATRIX.map((one) => ({ ...one, wallMs: 9 })))).toBe(diagnosesMarkdown(MATRIX));
});
