import { createHash } from "node:crypto";
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { PROGRAMS, withPairs } from "../harness/assignment/assignment.ts";
import { loadAssignment } from "../harness/assignment/load.ts";
import { allChecks } from "../harness/checks/all-checks.ts";
import { coreMsSoFar } from "./core-time.ts";
import { namedIn, reliable } from "./kill-matrix/breaches.ts";
import { assignmentOf, type Fixture, findFixtures } from "./kill-matrix/fixtures.ts";
import { type Graded, gradeFixtures } from "./kill-matrix/grade-fixtures.ts";
import { filesIn, verdictFiles } from "./verdict-files.ts";

/**
 * Grades every fixture again and again, half of the times with far more to do than there are cores, and says which of
 * them were not given the same each time. Every fifth time the lines at fault are looked for, too, which must not change
 * a verdict. It takes hours, on as many days as one likes: what was said of each fixture is kept in
 * `bench/repetitions.json` as long as nothing changes that has a part in it, and a later run goes on from there.
 * `npm run repetitions -- [TIMES] [PART OF class/name]`; of a part nothing is kept.
 */
const [times = "50", part] = process.argv.slice(2);
const repetitions = Number(times);
const worker = fileURLToPath(new URL("../harness/cli/slot-worker.js", import.meta.url));
const CORES = availableParallelism();
const BUSY_AT_ONCE = 4 * CORES;
const TRACED_EVERY = 5;

interface Tally {
  /** A digest of what names mistakes. */
  readonly namesBy: string;
  readonly fixtures: Record<string, Told>;
}

/** What was said of a fixture, and how often. */
interface Told {
  /** A digest of the fixture, its assignment, and what gives verdicts on such programs. */
  readonly of: string;
  /** How often it was graded with cores to spare, and with every core busy. */
  idle: number;
  busy: number;
  readonly verdicts: Record<string, number>;
  readonly names: Record<string, number>;
}

const TALLY = resolve("bench/repetitions.json");
const fixtures = (await findFixtures(resolve("fixtures"))).filter((one) => keyOf(one).includes(part ?? ""));
const tally = await readTally();
const idle = Math.ceil(repetitions / 2);
const busy = repetitions - idle;
const told = new Set<string>();
if (done() > 0) console.log(`${done()} repetitions were made before.`);

while (least("idle") < idle || least("busy") < busy) {
  const [start, before] = [performance.now(), coreMsSoFar()];
  // In turns, so that what differs on a busy machine is known early.
  const how = least("busy") < Math.min(busy, least("idle")) || least("idle") >= idle ? "busy" : "idle";
  const nth = least(how);
  // What is new, or was changed, catches up with the others first.
  const due = fixtures.filter((one) => toldOf(one)[how] === nth);
  const traced = nth % TRACED_EVERY === 0;
  const graded = await gradeFixtures(due, worker, {
    ...(how === "busy" && { atOnce: BUSY_AT_ONCE }),
    ...(!traced && { untraced: true }),
  });
  for (const one of graded) note(one, how);
  if (part === undefined) await keepTally();
  const seconds = (performance.now() - start) / 1000;
  const coresBusy = (coreMsSoFar() - before) / 10 / (seconds * CORES);
  const words = [
    how === "busy" && "busy",
    traced && "traced",
    due.length < fixtures.length && `${due.length} fixtures`,
    `${seconds.toFixed(0)} s`,
    `cores ${coresBusy.toFixed(0)}% busy`,
  ];
  const found = differing();
  console.log(`${done()}/${repetitions} ${words.filter(Boolean).join(", ")}: ${found.length} differ`);
  for (const one of found.filter(([what]) => !told.has(what))) tell(one);
  // Those that take longest first, so that none of them is waited for alone at the end.
  const wallMs = new Map(graded.map((one) => [one.fixture, one.wallMs]));
  fixtures.sort((a, b) => (wallMs.get(b) ?? 0) - (wallMs.get(a) ?? 0));
}
const found = differing();
found.forEach(tell);
console.log(
  `${done()} repetitions, ${least("busy")} of them with every core busy: ${found.length} of ${fixtures.length} fixtures differ.`,
);
process.exitCode = found.length === 0 ? 0 : 1;

function keyOf(fixture: Fixture): string {
  return `${fixture.class}/${fixture.name}`;
}

function toldOf(fixture: Fixture): Told {
  const found = tally.fixtures[keyOf(fixture)];
  if (!found) throw new Error(`${keyOf(fixture)} is not in the tally`);
  return found;
}

/** How often every fixture was graded like this. */
function least(how: "idle" | "busy"): number {
  return Math.min(...fixtures.map((one) => toldOf(one)[how]));
}

function done(): number {
  return least("idle") + least("busy");
}

type Differing = [fixture: string, said: [string, number][]];

function differing(): Differing[] {
  return fixtures.flatMap((one): Differing[] => {
    const { verdicts, names } = toldOf(one);
    const said = [verdicts, names].map((some) => Object.entries(some)).filter((some) => some.length > 1);
    return said.length > 0 ? [[keyOf(one), said.flat()]] : [];
  });
}

function tell([fixture, said]: Differing): void {
  told.add(fixture);
  for (const [words, count] of said) console.log(`  ${fixture} x ${count}: ${words}`);
}

function note(graded: Graded, how: "idle" | "busy"): void {
  const known = toldOf(graded.fixture);
  const names = namedIn(graded).join(" ") || "no mistake";
  const verdicts = graded.broke ?? verdictsOf(graded);
  known.verdicts[verdicts] = (known.verdicts[verdicts] ?? 0) + 1;
  known.names[names] = (known.names[names] ?? 0) + 1;
  known[how]++;
}

/** Every verdict with the checks that were given it; of those that passed, how many there are. */
function verdictsOf(graded: Graded): string {
  const results = reliable(graded);
  const verdicts = [...new Set(results.map(({ verdict }) => verdict))].sort();
  const given = verdicts.map((verdict) => {
    const checks = results.filter((one) => one.verdict === verdict).map(({ check }) => check);
    return `${verdict}: ${verdict === "pass" ? checks.length : checks.sort().join(" ")}`;
  });
  return given.join("; ");
}

/** What was kept of today's fixtures, as far as nothing that has a part in it has changed. */
async function readTally(): Promise<Tally> {
  const namesBy = await digestOf(await filesIn("harness/mistakes"));
  const kept: Tally | undefined = await readFile(TALLY, "utf8").then(JSON.parse, () => undefined);
  const before = part === undefined ? kept : undefined;
  const judges = new Map<string, Promise<string>>();
  const entries = await Promise.all(
    fixtures.map(async (fixture): Promise<[string, Told]> => {
      const assignment = assignmentOf(fixture);
      if (!judges.has(assignment)) judges.set(assignment, judgesOf(assignment));
      const isFolder = (await stat(fixture.path)).isDirectory();
      const files = isFolder ? await filesIn(fixture.path) : [fixture.path];
      const of = await digestOf([...files, assignment], await judges.get(assignment));
      const known = before?.fixtures[keyOf(fixture)];
      if (known?.of !== of) return [keyOf(fixture), { of, idle: 0, busy: 0, verdicts: {}, names: {} }];
      return [keyOf(fixture), before?.namesBy === namesBy ? known : { ...known, names: {} }];
    }),
  );
  return { namesBy, fixtures: Object.fromEntries(entries) };
}

/** A digest of what has a part in the verdicts that an assignment asks for. */
async function judgesOf(assignment: string): Promise<string> {
  const { programs } = await loadAssignment(assignment, [...(await allChecks()).keys()]);
  const asked = PROGRAMS.filter((program) => programs[program] !== undefined);
  return digestOf(await verdictFiles(withPairs(asked)));
}

async function keepTally(): Promise<void> {
  await writeFile(`${TALLY}.new`, `${JSON.stringify(tally, undefined, 2)}\n`);
  await rename(`${TALLY}.new`, TALLY);
}

/** Of Node, of these files of the project, and of what was digested before. */
async function digestOf(files: readonly string[], more = ""): Promise<string> {
  const hash = createHash("sha256").update(process.version).update(more);
  for (const file of files) hash.update(`\0${relative(".", file)}\0`).update(await readFile(file));
  return hash.digest("hex");
}
