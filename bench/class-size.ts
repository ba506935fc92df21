import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { decodeEvidence, resultOf } from "../harness/grade/evidence.ts";
import { residentBytes } from "../harness/kernel/processes.ts";
import { findSandbox, sandboxLauncher } from "../harness/launch/isolation/sandbox.ts";
import { freePort } from "../harness/launch/port.ts";
import { waitUntilListening } from "../harness/launch/ready.ts";
import { python } from "../harness/submission/python.ts";
import { coreMsSoFar } from "./core-time.ts";

/**
 * What a class costs, in full isolation: `npm run class -- [SUBMISSIONS]`. Generates that many correct servers, which all
 * insist on 127.0.0.1:5000, grades them by `gema grade`, and tells time, processor time, the grader's own memory and the
 * size of the results, beside the bare cost of the same sandboxed launches. Uses 127.0.0.1:5000 for these.
 */
const ROOT = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? ".." : "../..", import.meta.url));
const CLASS = join(ROOT, "fixtures", "tcp-echo");
const SERVER = join(CLASS, "correct-threads.py");
const ADDRESS = { host: "127.0.0.1", port: 5000 };
const START_MS = 10_000;
const BARE_LAUNCHES = 30;
const LOOK_MS = 200;

const count = Number(process.argv[2] ?? 100);
const folder = await mkdtemp(join(tmpdir(), "gema-class-"));
try {
  const handedIn = join(folder, "class");
  await mkdir(handedIn);
  for (let nth = 1; nth <= count; nth++) {
    await copyFile(SERVER, join(handedIn, `student-${String(nth).padStart(5, "0")}.py`));
  }
  const bare = await coreMsOfLaunch();
  const { seconds, coreMs, megabytes } = await gradeClass(handedIn, join(folder, "out"));
  const { launches, bytes, failed } = await resultsIn(join(folder, "out", "submissions"));
  const each = coreMs / count;
  console.log(`${count} submissions in ${seconds.toFixed(0)} s: ${(count / seconds).toFixed(2)} a second`);
  console.log(`${each.toFixed(0)} ms of processor time a submission, with ${(launches / count).toFixed(1)} launches`);
  console.log(`${bare.toFixed(0)} ms of processor time a bare launch in a sandbox`);
  console.log(`ratio ${(each / ((bare * launches) / count)).toFixed(2)}`);
  console.log(`grader's own memory: ${megabytes.map((one) => one.toFixed(0)).join(", ")} MiB from begin to end`);
  console.log(`${(bytes / count / 1024).toFixed(0)} KiB of results a submission; ${failed} did not pass`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true });
}

/** Started in a sandbox until it listens, and ended; the mean of some. */
async function coreMsOfLaunch(): Promise<number> {
  const plan = await findSandbox([]);
  if ("why" in plan) throw new Error(`there are no sandboxes here: ${plan.why}`);
  const launcher = sandboxLauncher(plan);
  const { executable } = plan.python ?? (await python());
  const room = await mkdtemp(join(tmpdir(), "gema-bare-"));
  try {
    await launcher.share(room);
    const copy = join(room, "server.py");
    await copyFile(SERVER, copy);
    const readable = [{ path: "/class/server.py", source: copy }];
    const before = coreMsSoFar();
    for (let launch = 0; launch < BARE_LAUNCHES; launch++) {
      await freePort(ADDRESS);
      const command = [executable, "/class/server.py"];
      const subject = await launcher.launch({ command, cwd: "/class", env: {}, readable });
      await waitUntilListening(subject, ADDRESS, START_MS);
      await subject.stop();
    }
    return (coreMsSoFar() - before) / BARE_LAUNCHES;
  } finally {
    await rm(room, { recursive: true });
  }
}

async function gradeClass(handedIn: string, out: string) {
  const gema = join(ROOT, "dist", "harness", "cli", "main.js");
  const args = ["grade", handedIn, "--assignment", join(CLASS, "assignment.yaml"), "--out", out];
  const [start, before] = [performance.now(), coreMsSoFar()];
  const running = execa(process.execPath, [gema, ...args, "--isolation", "require"], {
    reject: false,
    stdout: "ignore",
  });
  const seen: number[] = [];
  const look = setInterval(() => {
    const bytes = running.pid === undefined ? 0 : residentBytes([running.pid]);
    if (bytes > 0) seen.push(bytes / (1 << 20));
  }, LOOK_MS);
  await running;
  clearInterval(look);
  const tenths = Array.from({ length: 10 }, (_, tenth) => seen[Math.floor((tenth * seen.length) / 10)] ?? 0);
  return { seconds: (performance.now() - start) / 1000, coreMs: coreMsSoFar() - before, megabytes: tenths };
}

async function resultsIn(submissions: string): Promise<{ launches: number; bytes: number; failed: number }> {
  let [launches, bytes, failed] = [0, 0, 0];
  for (const name of await readdir(submissions)) {
    const file = join(submissions, name);
    bytes += (await stat(file)).size;
    if (!name.endsWith(".evidence.json")) continue;
    const { programs, verdict } = resultOf(decodeEvidence(await readFile(file, "utf8"), file));
    launches += programs.reduce((sum, run) => sum + run.launches, 0);
    failed += Number(verdict !== "pass");
  }
  return { launches, bytes, failed };
}
