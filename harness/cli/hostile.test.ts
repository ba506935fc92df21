import { once } from "node:events";
import type { Dirent } from "node:fs";
import { chmod, cp, lchown, mkdir, readdir, readFile, readlink, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join, relative } from "node:path";
import { execa } from "execa";
import { describe, expect, onTestFinished, test } from "vitest";
import { decodeEvidence, resultOf } from "../grade/evidence.ts";
import { listProc, readProc } from "../kernel/processes.ts";
import { mayHaveSandboxes } from "../launch/isolation/sandbox.test-helper.ts";
import { folderWith, gema } from "./run-gema.test-helper.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures");
/** Between the hostile ones by name, so that each slot has some. */
const NEIGHBOURS = ["a", "e", "g", "m", "s", "z"].map((letter) => `${letter}-neighbour.py`);
/** The signs by which a fixture looks for its seed and for listeners outside: they stand in the fixtures. */
const SEED = "20260131";
const LISTENERS = [{ port: 5077, host: "127.0.0.1" }, { path: "\0gema-hostile-listens" }];
const NOBODY_IN_PARTICULAR = 61_234;
/** Twice what a busy machine of two cores takes. */
const LIMIT = { timeout: 300_000 };

const ASSIGNMENT = "extends: tcp-echo\nname: hostile\nprograms: { tcp-server: {} }\n";

/** A correct server that would tell what it can read through what was planted beside it. */
const READS_WHAT_IS_PLANTED = `import os
import stat
for name in os.listdir("."):
    if name != "server.py" and not stat.S_ISREG(os.lstat(name).st_mode):
        print("LEAKED", name, flush=True)
`;
/** As on its author's machine, a correct server may write beside itself; nobody else finds it. */
const KEEPS_A_LOG = `import os
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "server.log"), "x") as log: log.write("started")
`;
/** Its packages are everything. */
const READS_ITS_PACKAGES = `import net from "node:net";
import { readdirSync } from "node:fs";
try {
  console.log("LEAKED", readdirSync(\`\${process.cwd()}/node_modules\`));
} catch {}
const server: net.Server = net.createServer((client) => client.on("error", () => {}).pipe(client));
server.listen(5000, "127.0.0.1");
process.on("SIGINT", () => process.exit(0));
`;

describe.runIf(mayHaveSandboxes)("a class with hostile programs is graded as any other", () => {
  test.runIf(process.getuid?.() === 0)("by root", LIMIT, () => survives(undefined));

  test("by somebody who is not root", LIMIT, () =>
    survives(process.getuid?.() === 0 ? NOBODY_IN_PARTICULAR : undefined),
  );
});

async function survives(user: number | undefined): Promise<void> {
  const cwd = await classFolder();
  if (user !== undefined) await giveAway(cwd, user);
  const knocks = await listenOutside();
  const before = await snapshot(join(cwd, "class"));

  const args = ["grade", "class", "-a", "a.yaml", "--out", "out", "--isolation", "require", "--jobs", "4"];
  const env = { TMPDIR: join(cwd, "tmp"), HOME: join(cwd, "tmp") };
  const { code, stdout, stderr } = await gema([...args, "--seed", SEED], {
    cwd,
    env,
    ...(user !== undefined && { user }),
  });
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });

  expect(await verdicts(join(cwd, "out"))).toEqual(await expected());
  const written = await reports(join(cwd, "out"));
  expect([...written.keys()].filter((name) => /^[^/]+$/.test(name))).toEqual([
    "grades.csv",
    "journal.jsonl",
    "junit.xml",
    "run.json",
    "summary.json",
  ]);
  for (const [name, text] of written) expect(linesWith(/LEAKED/, text), name).toEqual([]);
  for (const [name, text] of [["stdout", stdout] as const, ...written])
    if (!name.endsWith(".json")) expect(linesWith(OBEYED, text), name).toEqual([]);

  expect(await snapshot(join(cwd, "class"))).toEqual(before);
  expect(await readdir(join(cwd, "tmp"))).toEqual([]);
  for (const folder of ["/tmp", "/dev/shm", "/var/tmp"])
    expect((await readdir(folder)).filter((name) => /^\.?gema-hostile/.test(name))).toEqual([]);
  expect(left(cwd)).toEqual([]);
  expect(knocks()).toBe(0);
}

/** What terminals and CI systems obey; a line of CSV ends with CR LF. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
const OBEYED = /^\s*::|##\w*\[|[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e](?!$)|<testcase name=['"]mine|(^|,)"?=HYPERLINK/;

function linesWith(what: RegExp, text: string): string[] {
  return text.split("\n").filter((line) => what.test(line));
}

/** Every hostile fixture, correct neighbours, and folders with links and pipes, which git cannot hold. */
async function classFolder(): Promise<string> {
  const cwd = await folderWith({
    "a.yaml": ASSIGNMENT,
    "answers.json": '{ "secret": "LEAKED answers" }',
    "class/neighbour.json": '{ "secret": "LEAKED neighbour" }',
    "class/packages/server.ts": READS_ITS_PACKAGES,
  });
  await mkdir(join(cwd, "tmp"));
  await chmod(cwd, 0o755); // whoever grades as root runs programs as somebody else
  await cp(join(FIXTURES, "hostile"), join(cwd, "class"), { recursive: true });
  const correct = join(FIXTURES, "tcp-echo/correct-threads.py");
  for (const name of NEIGHBOURS) await cp(correct, join(cwd, "class", name));
  await writeFile(join(cwd, "class/keeps-a-log.py"), KEEPS_A_LOG + (await readFile(correct, "utf8")));
  await symlink("/", join(cwd, "class/packages/node_modules"));
  await plant(join(cwd, "class/planted"), READS_WHAT_IS_PLANTED + (await readFile(correct, "utf8")));
  await symlink(correct, join(cwd, "class/linked.py"));
  await symlink("/dev/zero", join(cwd, "class/endless.py"));
  await pipes(join(cwd, "class/pipe.py"));
  return cwd;
}

async function plant(folder: string, source: string): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, "server.py"), source);
  const links = {
    shadow: "/etc/shadow",
    etc: "/etc",
    root: "/",
    itself: ".",
    zero: "/dev/zero",
    "other.py": "../a-neighbour.py",
  };
  for (const [name, target] of Object.entries(links)) await symlink(target, join(folder, name));
  await pipes(join(folder, "pipe"), join(folder, "client.py"));
}

/** Node cannot make them. */
async function pipes(...paths: string[]): Promise<void> {
  await execa("python3", ["-c", "import os, sys; [os.mkfifo(path) for path in sys.argv[1:]]", ...paths]);
}

async function giveAway(folder: string, user: number): Promise<void> {
  for (const path of [folder, ...(await entriesIn(folder)).map(pathOf)]) await lchown(path, user, user);
}

/** All that lies in a folder; with their types, since links are not followed then. */
async function entriesIn(folder: string): Promise<Dirent[]> {
  return readdir(folder, { recursive: true, withFileTypes: true });
}

function pathOf(entry: Dirent): string {
  return join(entry.parentPath, entry.name);
}

/** @returns how many came to a listener outside of all slots */
async function listenOutside(): Promise<() => number> {
  let knocks = 0;
  for (const where of LISTENERS) {
    const listener = createServer((socket) => {
      knocks++;
      socket.destroy();
    }).listen(where);
    await once(listener, "listening");
    onTestFinished(() => void listener.close());
  }
  return () => knocks;
}

/** Names, kinds and contents of all that lies in a folder. */
async function snapshot(folder: string): Promise<string[]> {
  const all = (await entriesIn(folder)).map(async (entry) => {
    const path = pathOf(entry);
    if (entry.isSymbolicLink()) return `${path} -> ${await readlink(path)}`;
    return entry.isFile() ? `${path}: ${await readFile(path, "utf8")}` : path;
  });
  return (await Promise.all(all)).sort();
}

/** Verdicts by the name of the submission. */
type Verdicts = Readonly<Record<string, string>>;

/** What the fixtures' headers say: `any` for a program that may be wrong or unlucky, as long as it can be graded. */
async function hostileVerdicts(): Promise<Verdicts> {
  const folder = join(FIXTURES, "hostile");
  const said = (await readdir(folder)).map(async (name) => {
    const [, verdict = "no header"] = /gema-hostile: (\w+)/.exec(await readFile(join(folder, name), "utf8")) ?? [];
    return [name, verdict] as const;
  });
  return Object.fromEntries(await Promise.all(said));
}

async function expected(): Promise<Verdicts> {
  const correct = [...NEIGHBOURS, "keeps-a-log.py", "linked.py", "packages", "planted"];
  return { ...(await hostileVerdicts()), ...Object.fromEntries(correct.map((name) => [name, "pass"])) };
}

/** A pass that does not have all points is told with them. */
async function verdicts(out: string): Promise<Verdicts> {
  const wanted = await hostileVerdicts();
  const files = (await readdir(join(out, "submissions"))).filter((name) => name.endsWith(".evidence.json"));
  const found = files.map(async (file) => {
    const json = await readFile(join(out, "submissions", file), "utf8");
    const { submission, verdict, earned, points } = resultOf(decodeEvidence(json, file));
    if (wanted[submission] === "any" && verdict !== "error") return [submission, "any"] as const;
    return [submission, verdict === "pass" && earned !== points ? `pass with ${earned}` : verdict] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}

/** All that was written, by its path in the folder of results. */
async function reports(out: string): Promise<ReadonlyMap<string, string>> {
  const paths = (await entriesIn(out)).filter((entry) => entry.isFile()).map(pathOf);
  const texts = paths.sort().map(async (path) => [relative(out, path), await readFile(path, "utf8")] as const);
  return new Map(await Promise.all(texts));
}

/** Command lines of living processes that work in this folder, or bear the name that daemons here are given. */
function left(folder: string): string[] {
  return listProc("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => readProc(`/proc/${pid}/cmdline`) ?? "")
    .filter((words) => words.includes(folder) || words.startsWith("gema-hostile"));
}
