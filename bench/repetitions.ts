import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { idOf, reliable } from "./kill-matrix/breaches.ts";
import { findFixtures } from "./kill-matrix/fixtures.ts";
import { type Graded, gradeFixtures } from "./kill-matrix/grade-fixtures.ts";

/**
 * Grades every fixture again and again, the second half of the times with every core busy, and says which verdicts were
 * not the same each time: `npm run repetitions -- [TIMES] [PART OF class/name]`.
 */
const [times = "50", only = ""] = process.argv.slice(2);
const repetitions = Number(times);
const worker = fileURLToPath(new URL("./kill-matrix/grading-worker.js", import.meta.url));
const fixtures = (await findFixtures(resolve("fixtures"))).filter((one) => `${one.class}/${one.name}`.includes(only));

/** What was said of each thing, with how often. */
const said = new Map<string, Map<string, number>>();
const idle = Math.ceil(repetitions / 2);
for (let done = 0; done < repetitions; done++) {
  const start = performance.now();
  await (done < idle ? grade() : withEveryCoreBusy(grade));
  const seconds = Math.round((performance.now() - start) / 1000);
  console.log(
    `${done + 1}/${repetitions} ${done < idle ? "idle" : "busy"}, ${seconds} s: ${differing().length} differ`,
  );
}
const found = differing();
for (const [what, answers] of found) console.log(`${what}: ${[...answers].map((one) => one.join(" x ")).join(", ")}`);
console.log(
  `${repetitions} repetitions of ${fixtures.length} fixtures, ${repetitions - idle} of them with every core busy: ${found.length} of ${said.size} verdicts differ.`,
);
process.exitCode = found.length === 0 ? 0 : 1;

async function grade(): Promise<void> {
  await gradeFixtures(fixtures, worker, note);
}

function note(graded: Graded): void {
  count(`${idOf(graded)} names`, graded.broke ?? graded.named ?? "no mistake");
  for (const { check, verdict } of reliable(graded)) count(`${idOf(graded)} ${check}`, verdict);
}

function count(what: string, answer: string): void {
  const answers = said.get(what) ?? new Map<string, number>();
  said.set(what, answers.set(answer, (answers.get(answer) ?? 0) + 1));
}

function differing(): [string, Map<string, number>][] {
  return [...said].filter(([, answers]) => answers.size > 1);
}

/** One process on each core computes for as long as the work lasts, and ends with this process at the latest. */
async function withEveryCoreBusy(work: () => Promise<void>): Promise<void> {
  const spin = "setInterval(() => { for (const end = Date.now() + 50; Date.now() < end; ); }, 0)";
  const spinners = Array.from({ length: availableParallelism() }, () =>
    execa(process.execPath, ["--eval", spin], { reject: false, stdio: "ignore" }),
  );
  try {
    await work();
  } finally {
    for (const spinner of spinners) spinner.kill("SIGKILL");
    await Promise.all(spinners);
  }
}
