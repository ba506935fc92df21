import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { breaches } from "./breaches.ts";
import { findFixtures } from "./fixtures.ts";
import { gradeFixtures } from "./grade-fixtures.ts";

test("a fixture that Gema refuses to run is a breach", async () => {
  const root = await mkdtemp(join(tmpdir(), "gema-fixtures-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await writeFile(join(root, "assignment.yaml"), "extends: tcp-echo\nprograms: { tcp-server: {} }\n");
  await writeFile(join(root, "binary.py"), "# gema-fixture: correct\n\0");
  const fixtures = await findFixtures(root);
  const matrix = await gradeFixtures(fixtures, join(inject("built"), "harness/cli/slot-worker.js"));
  expect(breaches(matrix, [])).toEqual([
    expect.stringMatching(/^\/binary.py was not graded: no tcp-server was found. .*binary.py/),
  ]);
});
