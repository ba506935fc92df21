import { copyFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { decodeEvidence, resultOf } from "../harness/grade/evidence.ts";
import { plainLauncher } from "../harness/launch/plain-launcher.ts";
import { freePort } from "../harness/launch/port.ts";
import { waitUntilListening } from "../harness/launch/ready.ts";
import { pythonInterpreter } from "../harness/submission/python.ts";

/**
 * What `gema check` costs beside the bare launches that it needs: `npm run speed [-- RUNS]`. Uses 127.0.0.1:5000.
 * For programs that hang, drip or stay silent it counts the deadlines that were waited out.
 */
const ROOT = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? ".." : "../..", import.meta.url));
const CLASS = join(ROOT, "fixtures", "tcp-echo");
const ADDRESS = { host: "127.0.0.1", port: 5000 };
const START_MS = 10_000;
const CORRECT = [
  "correct-serial-loop.py",
  "correct-threads.py",
  "correct-selectors-buffers.py",
  "correct-asyncio-streams.py",
];
const SILENT = [
  "no-echo.py",
  "never-accepts.py",
  "waits-for-newline.ts",
  "no-close-at-eof.py",
  "prompts-on-stdin.py",
  "waits-for-eof.py",
];

const runs = Number(process.argv[2] ?? 5);
const folder = await mkdtemp(join(tmpdir(), "gema-speed-"));
try {
  console.log("program                          check ms   launches   bare launches ms   deadlines waited out");
  for (const file of [...CORRECT, ...SILENT]) {
    const checked = await repeat(() => check(file));
    const launches = checked.at(-1)?.launches ?? 0;
    const bare = file.startsWith("correct") ? median(await repeat(() => bareLaunches(file, launches))) : undefined;
    const wall = median(checked.map(({ wallMs }) => wallMs));
    const deadlines = Math.max(...checked.map((one) => one.deadlines));
    console.log(
      [
        file.padEnd(32),
        wall.toFixed(0).padStart(8),
        String(launches).padStart(10),
        (bare?.toFixed(0) ?? "-").padStart(18),
        String(deadlines).padStart(22),
      ].join(" "),
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function repeat<T>(once: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let run = 0; run < runs; run++) results.push(await once());
  return results;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function check(file: string): Promise<{ wallMs: number; launches: number; deadlines: number }> {
  const evidence = join(folder, "evidence.json");
  const gema = join(ROOT, "dist", "harness", "cli", "main.js");
  // A student's folder holds one program, not a class.
  await mkdir(join(folder, file), { recursive: true });
  await copyFile(join(CLASS, file), join(folder, file, file));
  const args = ["check", join(folder, file, file), "--assignment", join(CLASS, "assignment.yaml")];
  const start = performance.now();
  await execa(process.execPath, [gema, ...args], { reject: false });
  const wallMs = performance.now() - start;
  await execa(process.execPath, [gema, ...args, "--evidence", evidence], { reject: false });
  const { programs } = resultOf(decodeEvidence(await readFile(evidence, "utf8"), evidence));
  const transcripts = new Set(
    programs.flatMap(({ checks }) => checks.flatMap(({ attempts }) => attempts.map((one) => one.transcript))),
  );
  const deadlines = [...transcripts].flat().filter((event) => event.type === "silent" && !event.proved).length;
  return { wallMs, launches: programs.reduce((sum, { launches }) => sum + launches, 0), deadlines };
}

/** The same program started as often, until it listens, and ended. */
async function bareLaunches(file: string, launches: number): Promise<number> {
  const python = await pythonInterpreter();
  const start = performance.now();
  for (let launch = 0; launch < launches; launch++) {
    await freePort(ADDRESS);
    const subject = await plainLauncher.launch({
      command: [python, join(CLASS, file)],
      cwd: CLASS,
      readable: [],
      env: {},
    });
    await waitUntilListening(subject, ADDRESS, START_MS);
    await subject.stop();
  }
  return performance.now() - start;
}
