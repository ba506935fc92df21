import { randomInt } from "node:crypto";
import { watch } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { decodeEvidence, resultOf } from "../harness/grade/evidence.ts";
import { Payload, sha256 } from "../harness/wire/payload.ts";

/**
 * Kills the grader by SIGKILL at random instants of a run and lets it go on each time, then compares the results with
 * those of an undisturbed run: `npm run kill-and-resume -- [SUBMISSIONS] [KILLS] [SEED]`. Nothing complete may have been
 * graded again: evidence that the journal named before a kill has the same bytes in the end.
 */
const ROOT = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? ".." : "../..", import.meta.url));
const FIXTURES = join(ROOT, "fixtures", "tcp-echo");
/** Correct and wrong ones, most of them quick to grade. */
const MIXTURE = [
  "correct-threads.py",
  "adds-prefix.py",
  "banner.py",
  "does-not-start-syntax.py",
  "no-echo.py",
  "wrong-port.py",
];
/** Somewhere in the middle of what follows. */
const A_MOMENT_MS = 150;
const [submissions = 60, kills = 20, seed = randomInt(1_000_000)] = process.argv.slice(2).map(Number);

const folder = await mkdtemp(join(tmpdir(), "gema-kills-"));
try {
  const handedIn = join(folder, "class");
  await mkdir(handedIn);
  for (let nth = 0; nth < submissions; nth++) {
    const fixture = MIXTURE[nth % MIXTURE.length] ?? "";
    await copyFile(join(FIXTURES, fixture), join(handedIn, `student-${String(nth + 1).padStart(3, "0")}-${fixture}`));
  }
  const start = performance.now();
  await grade("undisturbed");
  const seconds = (performance.now() - start) / 1000;
  console.log(`${submissions} submissions undisturbed in ${seconds.toFixed(0)} s; seed ${seed}`);

  await mkdir(join(folder, "killed"));
  const complete = new Map<string, string>();
  const regraded = new Set<string>();
  const random = new Payload(seed, "kills");
  let struck = 0;
  for (let kill = 0; kill < kills; kill++) {
    const running = startGrading("killed");
    const share = random.bytes(4).readUInt32LE() / 2 ** 32;
    const done = Math.min(submissions - 1, complete.size + Math.floor(share * (submissions / kills + 1)));
    await untilDone(running, done);
    const ms = (random.bytes(4).readUInt32LE() / 2 ** 32) * A_MOMENT_MS;
    await Promise.race([after(ms), running]);
    struck += Number(running.kill("SIGKILL"));
    await running;
    await compare();
    console.log(`kill ${kill + 1}, ${ms.toFixed(0)} ms after ${done} were done: ${complete.size} complete`);
  }
  await grade("killed");
  await compare();

  const [whole, resumed] = [await outcomes("undisturbed"), await outcomes("killed")];
  const different = [...whole].filter(([name, outcome]) => resumed.get(name) !== outcome).map(([name]) => name);
  console.log(`${struck} kills met a running grader`);
  console.log(`graded twice though complete: ${[...regraded].join(", ") || "none"}`);
  console.log(`different in the end: ${different.join(", ") || "none"}`);
  process.exitCode = struck > 0 && regraded.size + different.length === 0 && whole.size === resumed.size ? 0 : 1;

  /** What the journal calls complete is remembered, and held against what it was before. */
  async function compare(): Promise<void> {
    for (const [file, hash] of await completeIn("killed")) {
      if ((complete.get(file) ?? hash) !== hash) regraded.add(file);
      complete.set(file, hash);
    }
  }
} finally {
  await rm(folder, { recursive: true });
}

function startGrading(out: string) {
  const gema = join(ROOT, "dist", "harness", "cli", "main.js");
  const asked = ["--assignment", join(FIXTURES, "assignment.yaml"), "--out", join(folder, out), "--seed", String(seed)];
  return execa(process.execPath, [gema, "grade", join(folder, "class"), ...asked], { reject: false });
}

/** Follows the journal until so many submissions are done, those of earlier runs among them, or the run has ended. */
async function untilDone(running: ReturnType<typeof startGrading>, submissions: number): Promise<void> {
  let wake = (): void => {};
  const changes = watch(join(folder, "killed"), () => wake());
  running.once("exit", () => wake());
  while ((await evidenceIn("killed")).size < submissions && running.exitCode === null) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  changes.close();
}

async function grade(out: string): Promise<void> {
  const { exitCode, stderr } = await startGrading(out);
  if (exitCode !== 1) throw new Error(`gema grade ended with ${exitCode}: ${stderr}`);
}

/** The files of evidence that whole lines of the journal name; a run that goes on names them anew. */
async function evidenceIn(out: string): Promise<Set<string>> {
  const journal = await readFile(join(folder, out, "journal.jsonl"), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return ""; // it was killed before the first one
    throw error;
  });
  const lines = journal.split("\n").slice(0, -1);
  return new Set(lines.flatMap((line) => /"evidence":"([^"]+)"/.exec(line)?.[1] ?? []));
}

/** The evidence that is complete, with the hash of its bytes. */
async function completeIn(out: string): Promise<Map<string, string>> {
  const files = await evidenceIn(out);
  return new Map(
    await Promise.all(
      [...files].map(
        async (file): Promise<[string, string]> => [file, sha256(await readFile(join(folder, out, file)))],
      ),
    ),
  );
}

/** Verdicts, points and names of mistakes of each submission, and the gradebook; times, ports and drawings differ. */
async function outcomes(out: string): Promise<Map<string, string>> {
  const names = (await readdir(join(folder, out, "submissions"))).filter((name) => name.endsWith(".evidence.json"));
  const gradebook: [string, string] = ["grades.csv", await readFile(join(folder, out, "grades.csv"), "utf8")];
  const each = names.map(async (name): Promise<[string, string]> => {
    const file = join(folder, out, "submissions", name);
    const { verdict, earned, needsReview, mistakes, requirements, programs } = resultOf(
      decodeEvidence(await readFile(file, "utf8"), file),
    );
    const checks = programs.flatMap((run) => run.checks.map(({ check, level, verdict }) => [check, level, verdict]));
    const scored = requirements.map(({ id, earned, verdict, cost }) => [id, earned, verdict, cost]);
    const named = mistakes.map(({ id, explains }) => [id, explains]);
    return [name, JSON.stringify([verdict, earned, needsReview, named, scored, checks])];
  });
  return new Map([gradebook, ...(await Promise.all(each))]);
}
