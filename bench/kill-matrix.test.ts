import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { allChecks } from "../harness/checks/all-checks.ts";
import { breaches } from "./kill-matrix/breaches.ts";
import { diagnosesMarkdown } from "./kill-matrix/diagnoses-markdown.ts";
import { findFixtures } from "./kill-matrix/fixtures.ts";
import { type Graded, gradeFixtures } from "./kill-matrix/grade-fixtures.ts";
import { killsMarkdown } from "./kill-matrix/kills-markdown.ts";

const HALF_AN_HOUR = 1_800_000;
const ROOT = resolve(import.meta.dirname, "../fixtures");

describe("every fixture against every check", () => {
  let matrix: Graded[] = [];
  let checks: string[] = [];

  beforeAll(async () => {
    checks = [...(await allChecks()).keys()];
    const fixtures = await findFixtures(ROOT);
    matrix = await gradeFixtures(fixtures, join(inject("built"), "harness/cli/slot-worker.js"));
  }, HALF_AN_HOUR);

  test("no correct fixture is accused, every mistake is caught and named, and every check catches one", () => {
    expect(matrix).not.toEqual([]);
    expect(breaches(matrix, checks)).toEqual([]);
  });

  test("fixtures/DIAGNOSES.md says which mistake was named; npm run kills writes it anew", async () => {
    expect(await readFile(join(ROOT, "DIAGNOSES.md"), "utf8")).toBe(diagnosesMarkdown(matrix));
  });

  test("fixtures/KILLS.md says what happened; npm run kills writes it anew", async () => {
    expect(await readFile(join(ROOT, "KILLS.md"), "utf8")).toBe(killsMarkdown(matrix, checks));
  });
});
