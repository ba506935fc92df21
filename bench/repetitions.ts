import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { coreMsSoFar } from "./core-time.ts";
import { idOf, namedIn, reliable } from "./kill-matrix/breaches.ts";
import { findFixtures } from "./kill-matrix/fixtures.ts";
import { type Graded, gradeFixtures } from "./kill-matrix/grade-fixtures.ts";

/**
 * Grades every fixture again and again, the second half of the times with far more to do than there are cores, and says
 * which verdicts were not the same each time. Every fifth time the lines at fault are looked for, too, which must not
 * change a verdict:
 * `npm run repetitions -- [TIMES] [PART OF class/name]`.
 */
const [times = "50", only = ""] = process.argv.slice(2);
const repetitions = Number(times);
const worker = fileURLToPath(new URL("../harness/cli/slot-worker.js", import.meta.url));
const CORES = availableParallelism();
const BUSY_AT_ONCE = 4 * CORES;
const TRACED_EVERY = 5;
let fixtures = (await findFixtures(resolve("fixtures"))).filter((one) => `${one.class}/${one.name}`.includes(only));

/** What was said of each thing, with how often. */
const said = new Map<string, Map<string, number>>();
const told = new Set<string>();
const idle = Math.ceil(repetitions / 2);
for (let done = 0; done < repetitions; done++) {
  const [start, before] = [performance.now(), coreMsSoFar()];
  const isBusy = done >= idle;
  const traced = done % TRACED_EVERY === 0;
  const graded = await gradeFixtures(fixtures, worker, {
    onGraded: note,
    ...(isBusy && { atOnce: BUSY_AT_ONCE }),
    ...(!traced && { untraced: true }),
  });
  const seconds = (performance.now() - start) / 1000;
  const busy = (coreMsSoFar() - before) / 10 / (seconds * CORES);
  const words = [isBusy && "busy", traced && "traced", `${seconds.toFixed(0)} s`, `cores ${busy.toFixed(0)}% busy`];
  const how = words.filter(Boolean).join(", ");
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
