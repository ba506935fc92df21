import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { allChecks } from "../harness/checks/all-checks.ts";
import { breaches, idOf, namedIn } from "./kill-matrix/breaches.ts";
import { diagnosesMarkdown } from "./kill-matrix/diagnoses-markdown.ts";
import { findFixtures } from "./kill-matrix/fixtures.ts";
import { type Graded, gradeFixtures } from "./kill-matrix/grade-fixtures.ts";
import { killsMarkdown } from "./kill-matrix/kills-markdown.ts";

// Grades every fixture, writes fixtures/KILLS.md and DIAGNOSES.md and says which rules are broken. Fixtures whose
// class/name contains the argument can be tried alone; the files then stay as they are.
const [only] = process.argv.slice(2);
const worker = fileURLToPath(new URL("../harness/cli/slot-worker.js", import.meta.url));
const root = resolve("fixtures");

const all = await findFixtures(root);
const fixtures = all.filter(({ class: name, name: file }) => !only || `${name}/${file}`.includes(only));
const onGraded = (graded: Graded): void => {
  const failed = graded.checks.filter(({ verdict }) => verdict !== "pass" && verdict !== "skipped");
  const words = failed.map(({ check, level, verdict }) => `${check} ${level} ${verdict}`);
  console.error(`${seconds(graded.wallMs)}  ${idOf(graded)}: ${words.join(", ")} [${namedIn(graded).join(", ")}]`);
};
const matrix = await gradeFixtures(fixtures, worker, { onGraded });
const checks = only ? [] : [...(await allChecks()).keys()];
if (!only) {
  await writeFile(resolve(root, "KILLS.md"), killsMarkdown(matrix, checks));
  await writeFile(resolve(root, "DIAGNOSES.md"), diagnosesMarkdown(matrix));
}

const slowest = [...matrix].sort((a, b) => b.wallMs - a.wallMs).slice(0, 10);
console.log(["Slowest:", ...slowest.map((graded) => `${seconds(graded.wallMs)}  ${idOf(graded)}`)].join("\n"));
const found = breaches(matrix, checks);
console.log(found.length === 0 ? "No rule is broken." : ["Broken rules:", ...found].join("\n"));
process.exitCode = found.length === 0 ? 0 : 1;

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(5)} s`;
}
