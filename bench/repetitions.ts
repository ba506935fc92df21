import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { coreMsSoFar } from "./core-time.ts";
import { idOf, namedIn, reliable } from "./kill-matrix/breaches.ts";
import { findFixtures } from "./kill-matrix/fixtures.ts";
import { type Graded, gradeFixtures } from "./kill-matrix/grade-fixtures.ts";

/**
 * Grades every fixture again and again, the second half of the times with every core busy (four times as many fixtures at
 * once as there are cores), and says which verdicts were not the same each time:
 * `npm run repetitions -- [TIMES] [PART OF class/name]`.
 */
const [times = "50", only = ""] = process.argv.slice(2);
const repetitions = Number(times);
const worker = fileURLToPath(new URL("../harness/cli/slot-worker.js", import.meta.url));
const CORES = availableParallelism();
/** A third of the time a grading waits, so that one more than there are cores keeps them at work without a queue. */
const AT_ONCE = CORES + 1;
const BUSY_AT_ONCE = 4 * CORES;
let fixtures = (await findFixtures(resolve("fixtures"))).filter((one) => `${one.class}/${one.name}`.includes(only));

/** What was said of each thing, with how often. */
const said = new Map<string, Map<string, number>>();
const told = new Set<string>();
const idle = Math.ceil(repetitions / 2);
for (let done = 0; done < repetitions; done++) {
  const [start, before] = [performance.now(), coreMsSoFar()];
  const graded = await gradeFixtures(fixtures, worker, note, done < idle ? AT_ONCE : BUSY_AT_ONCE);
  const seconds = (performance.now() - start) / 1000;
  const busy = (coreMsSoFar() - before) / 10 / (seconds * CORES);
  const how = `${done < idle ? "idle" : "busy"}, ${seconds.toFixed(0)} s, cores ${busy.toFixed(0)}% busy`;
  console.log(`${done + 1}/${repetitions} ${how}: ${differing().length} differ`);
  for (const found of differing().filter(([what]) => !told.has(what))) tell(found);
  // Those that take longest first, so that none of them is waited for alone at the end.
  fixtures = graded.sort((a, b) => b.wallMs - a.wallMs).map(({ fixture }) => fixture);
}
const found = differing();
found.forEach(tell);
console.log(
  `${repetitions} repetitions of ${fixtures.length} fixtures, ${repetitions - idle} of them with every core busy: ${found.length} of ${said.size} verdicts differ.`,
);
process.exitCode = found.length === 0 ? 0 : 1;

function tell([what, answers]: ReturnType<typeof differing>[number]): void {
  told.add(what);
  console.log(`  ${what}: ${[...answers].map((one) => one.join(" x ")).join(", ")}`);
}

function note(graded: Graded): void {
  count(`${idOf(graded)} names`, graded.broke ?? (namedIn(graded).join(", ") || "no mistake"));
  for (const { check, verdict } of reliable(graded)) count(`${idOf(graded)} ${check}`, verdict);
}

function count(what: string, answer: string): void {
  const answers = said.get(what) ?? new Map<string, number>();
  said.set(what, answers.set(answer, (answers.get(answer) ?? 0) + 1));
}

function differing(): [string, Map<string, number>][] {
  return [...said].filter(([, answers]) => answers.size > 1);
}
