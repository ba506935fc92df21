import type { Level } from "../../harness/assignment/assignment.ts";
import type { Verdict } from "../../harness/checks/verdict.ts";
import type { Header } from "./fixtures.ts";
import type { Graded } from "./grade-fixtures.ts";

/** A graded fixture; a check that only has a level failed. What is named are mistakes. */
export function graded(
  name: string,
  header: Header,
  checks: Readonly<Record<string, Level | readonly [Level, Verdict]>>,
  ...mistakes: readonly string[]
): Graded {
  return {
    fixture: { class: "echo", name, path: `fixtures/echo/${name}`, header, faults: [] },
    checks: Object.entries(checks).map(([check, said]) => {
      const [level, verdict] = typeof said === "string" ? ([said, "fail"] as const) : said;
      return { check, level, verdict };
    }),
    mistakes,
    advice: [],
    places: new Map(),
    wallMs: 1,
  };
}

export const CORRECT: Header = { kind: "correct", warns: [] };

/** A mistake that is named like its fixture. */
export function mistaken(name: string, checks: Parameters<typeof graded>[2], fails = Object.keys(checks)): Graded {
  return graded(name, { kind: "mistake", mistakes: [name], fails, sometimes: [] }, checks, name);
}
