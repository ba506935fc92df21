import { createHash } from "node:crypto";
import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { coreMsSoFar } from "./core-time.ts";
import { idOf, namedIn, reliable } from "./kill-matrix/breaches.ts";
import { findFixtures } from "./kill-matrix/fixtures.ts";
import { type Graded, gradeFixtures } from "./kill-matrix/grade-fixtures.ts";

/**
 * Grades every fixture again and again, half of the times with far more to do than there are cores, and says which of
 * them were not given the same each time. Every fifth time the lines at fault are looked for, too, which must not change
 * a verdict. It takes hours, on as many days as one likes: what was said of all fixtures is kept in
 * `bench/repetitions.json`, and a later run goes on from there as long as Gema and the fixtures are the same.
 * `npm run repetitions -- [TIMES] [PART OF class/name]`; a part is begun anew each time.
 */
const [times = "50", part] = process.argv.slice(2);
const repetitions = Number(times);
const worker = fileURLToPath(new URL("../harness/cli/slot-worker.js", import.meta.url));
const CORES = availableParallelism();
const BUSY_AT_ONCE = 4 * CORES;
const TRACED_EVERY = 5;
/** Neither tests nor reports have a part in a verdict. */
const NO_PART = /__pycache__|\.test(-helper)?\.ts$|\.md$|^(harness\/report|fixtures\/failures)\//;

/** What was said so far. */
interface Tally {
  /** What was graded, by whom. */
  readonly of: string;
  /** How often, with cores to spare. */
  idle: number;
  /** How often, with every core busy. */
  busy: number;
  /** Of each fixture: what was said, and how often. */
  readonly said: Record<string, Record<string, number>>;
}

const TALLY = resolve("bench/repetitions.json");
const tally = await readTally();
if (done() > 0) console.log(`${done()} repetitions were made before.`);

let fixtures = (await findFixtures(resolve("fixtures"))).filter((one) =>
  `${one.class}/${one.name}`.includes(part ?? ""),
);
const told = new Set<string>();
const idle = Math.ceil(repetitions / 2);
const busy = repetitions - idle;
while (tally.idle < idle || tally.busy < busy) {
  const [start, before] = [performance.now(), coreMsSoFar()];
  const isBusy = tally.idle >= idle;
  const traced = done() % TRACED_EVERY === 0;
  const graded = await gradeFixtures(fixtures, worker, {
    ...(isBusy && { atOnce: BUSY_AT_ONCE }),
    ...(!traced && { untraced: true }),
  });
  graded.forEach(note);
  tally[isBusy ? "busy" : "idle"]++;
  if (part === undefined) await keepTally();
  const seconds = (performance.now() - start) / 1000;
  const coresBusy = (coreMsSoFar() - before) / 10 / (seconds * CORES);
  const words = [
    isBusy && "busy",
    traced && "traced",
    `${seconds.toFixed(0)} s`,
    `cores ${coresBusy.toFixed(0)}% busy`,
  ];
  const how = words.filter(Boolean).join(", ");
  console.log(`${done()}/${repetitions} ${how}: ${differing().length} differ`);
  for (const found of differing().filter(([what]) => !told.has(what))) tell(found);
  // Those that take longest first, so that none of them is waited for alone at the end.
  fixtures = graded.sort((a, b) => b.wallMs - a.wallMs).map(({ fixture }) => fixture);
}
const found = differing();
found.forEach(tell);
console.log(
  `${done()} repetitions, ${tally.busy} of them with every core busy: ${found.length} of ${fixtures.length} fixtures differ.`,
);
process.exitCode = found.length === 0 ? 0 : 1;

function done(): number {
  return tally.idle + tally.busy;
}

function tell([fixture, answers]: ReturnType<typeof differing>[number]): void {
  told.add(fixture);
  for (const [answer, count] of Object.entries(answers)) console.log(`  ${fixture} x ${count}: ${answer}`);
}

function note(graded: Graded): void {
  const answers = tally.said[idOf(graded)] ?? {};
  const answer = graded.broke ?? answerOf(graded);
  answers[answer] = (answers[answer] ?? 0) + 1;
  tally.said[idOf(graded)] = answers;
}

/** What is named and every verdict, with the checks that were given it; of those that passed, how many there are. */
function answerOf(graded: Graded): string {
  const results = reliable(graded);
  const verdicts = [...new Set(results.map(({ verdict }) => verdict))].sort();
  const given = verdicts.map((verdict) => {
    const checks = results.filter((one) => one.verdict === verdict).map(({ check }) => check);
    return `${verdict}: ${verdict === "pass" ? checks.length : checks.sort().join(" ")}`;
  });
  return [`names: ${namedIn(graded).join(" ") || "no mistake"}`, ...given].join("; ");
}

function differing(): [string, Record<string, number>][] {
  return Object.entries(tally.said).filter(([, answers]) => Object.keys(answers).length > 1);
}

async function readTally(): Promise<Tally> {
  const of = await fingerprint();
  const before: Tally | undefined = await readFile(TALLY, "utf8").then(JSON.parse, () => undefined);
  return part === undefined && before?.of === of ? before : { of, idle: 0, busy: 0, said: {} };
}

async function keepTally(): Promise<void> {
  await writeFile(`${TALLY}.new`, `${JSON.stringify(tally, undefined, 2)}\n`);
  await rename(`${TALLY}.new`, TALLY);
}

/** Of Node, and of all that has a part in a verdict. */
async function fingerprint(): Promise<string> {
  const hash = createHash("sha256").update(process.version);
  for (const folder of ["harness", "fixtures"]) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    const paths = files.filter((path) => !NO_PART.test(path)).sort();
    for (const path of paths) hash.update(`\0${path}\0`).update(await readFile(path));
  }
  return hash.digest("hex");
}
