import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { coreMsSoFar } from "./core-time.ts";
import { idOf, namedIn, reliable } from "./kill-matrix/breaches.ts";
import { findFixtures } from "./kill-matrix/fixtures.ts";
import { type Graded, gradeFixtures } from "./kill-matrix/grade-fixtures.ts";

/**
 * Grades every fixture again and again, the second half of the times with far more to do than there are cores, and says
 * which verdicts were not the same each time. Every fifth time the lines at fault are looked for, too, which must not
 * change a verdict. A run that was ended goes on where it was, as long as Gema and the fixtures are the same:
 * `npm run repetitions -- [TIMES] [PART OF class/name]`.
 */
const [times = "50", only = ""] = process.argv.slice(2);
const repetitions = Number(times);
const worker = fileURLToPath(new URL("../harness/cli/slot-worker.js", import.meta.url));
const CORES = availableParallelism();
const BUSY_AT_ONCE = 4 * CORES;
const TRACED_EVERY = 5;

/** What was said so far. */
interface Tally {
  /** What was graded, by whom. */
  readonly of: string;
  done: number;
  /** Of each thing, with how often. */
  readonly said: Record<string, Record<string, number>>;
}

const TALLY = resolve("results/repetitions.json");
const tally = await readTally();
if (tally.done > 0) console.log(`${tally.done} repetitions were made before.`);

let fixtures = (await findFixtures(resolve("fixtures"))).filter((one) => `${one.class}/${one.name}`.includes(only));
const told = new Set<string>();
const idle = Math.ceil(repetitions / 2);
while (tally.done < repetitions) {
  const [start, before] = [performance.now(), coreMsSoFar()];
  const isBusy = tally.done >= idle;
  const traced = tally.done % TRACED_EVERY === 0;
  const graded = await gradeFixtures(fixtures, worker, {
    ...(isBusy && { atOnce: BUSY_AT_ONCE }),
    ...(!traced && { untraced: true }),
  });
  graded.forEach(note);
  tally.done++;
  await keepTally();
  const seconds = (performance.now() - start) / 1000;
  const busy = (coreMsSoFar() - before) / 10 / (seconds * CORES);
  const words = [isBusy && "busy", traced && "traced", `${seconds.toFixed(0)} s`, `cores ${busy.toFixed(0)}% busy`];
  const how = words.filter(Boolean).join(", ");
  console.log(`${tally.done}/${repetitions} ${how}: ${differing().length} differ`);
  for (const found of differing().filter(([what]) => !told.has(what))) tell(found);
  // Those that take longest first, so that none of them is waited for alone at the end.
  fixtures = graded.sort((a, b) => b.wallMs - a.wallMs).map(({ fixture }) => fixture);
}
const found = differing();
found.forEach(tell);
console.log(
  `${repetitions} repetitions of ${fixtures.length} fixtures, ${repetitions - idle} of them with every core busy: ${found.length} of ${Object.keys(tally.said).length} verdicts differ.`,
);
process.exitCode = found.length === 0 ? 0 : 1;

function tell([what, answers]: ReturnType<typeof differing>[number]): void {
  told.add(what);
  const counts = Object.entries(answers).map((one) => one.join(" x "));
  console.log(`  ${what}: ${counts.join(", ")}`);
}

function note(graded: Graded): void {
  count(`${idOf(graded)} names`, graded.broke ?? (namedIn(graded).join(", ") || "no mistake"));
  for (const { check, verdict } of reliable(graded)) count(`${idOf(graded)} ${check}`, verdict);
}

function count(what: string, answer: string): void {
  const answers = tally.said[what] ?? {};
  answers[answer] = (answers[answer] ?? 0) + 1;
  tally.said[what] = answers;
}

function differing(): [string, Record<string, number>][] {
  return Object.entries(tally.said).filter(([, answers]) => Object.keys(answers).length > 1);
}

async function readTally(): Promise<Tally> {
  const of = await fingerprint();
  const before: Tally | undefined = await readFile(TALLY, "utf8").then(JSON.parse, () => undefined);
  return before?.of === of ? before : { of, done: 0, said: {} };
}

async function keepTally(): Promise<void> {
  await mkdir(dirname(TALLY), { recursive: true });
  await writeFile(`${TALLY}.new`, JSON.stringify(tally));
  await rename(`${TALLY}.new`, TALLY);
}

/** Of what is asked, Node, the harness and the fixtures; the tests have no part in a verdict. */
async function fingerprint(): Promise<string> {
  const hash = createHash("sha256").update(`${repetitions} ${only} ${process.version}`);
  for (const folder of ["harness", "fixtures"]) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    const paths = files.filter((path) => !/__pycache__|\.test(-helper)?\.ts$/.test(path)).sort();
    for (const path of paths) hash.update(`\0${path}\0`).update(await readFile(path));
  }
  return hash.digest("hex");
}
