import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ANY_PORT, ECHO, folderWith, gema, startGema, untilSaid } from "./run-gema.test-helper.ts";

const GRADE = ["grade", "class", "--assignment", "any.yaml", "--jobs", "1"];
const SHARDS = ["shards/1", "shards/2", "shards/3"];
const MERGE = ["merge", ...SHARDS, "--out", "merged"];
const SLOW = { timeout: 180_000 };

const MIXED = {
  "any.yaml": ANY_PORT,
  "class/ani/server.py": ECHO,
  "class/budi.py": ECHO.replace("sendall(data)", "sendall(data.upper())"),
  "class/citra/catatan.txt": "belum selesai",
  "class/dedi.py": "def (:\n",
  "class/=eka & <x>.py": "pass\n",
  "class/nama dengan spasi.py": "pass\n",
  "class/README.md": "# the class",
};
const NAMES = ["=eka & <x>.py", "ani", "budi.py", "citra", "dedi.py", "nama dengan spasi.py"];

type Files = Readonly<Record<string, string>>;

async function filesIn(folder: string): Promise<Files> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const read = async (path: string) => [path.slice(folder.length + 1), await readFile(path, "utf8")] as const;
  return Object.fromEntries(await Promise.all(paths.sort().map(read)));
}

/** What two gradings of the same class need not share: times, ports, and the drawn conversations, which are full of both. */
function timeless(files: Files): Files {
  const shown = Object.entries(files).map(([name, text]) => {
    if (name.endsWith(".evidence.json")) return [name, essence(text)] as const;
    const blurred = text
      .replace(/ (time|timestamp)="[^"]*"/g, "")
      .replace(/^(.*\|.*| +: \.\.\. .*)$\n/gm, "")
      .replace(/\b\d{4,5}\b/g, "PORT");
    return [name, blurred] as const;
  });
  return Object.fromEntries(shown);
}

/** All that was concluded, and of what was seen only who did what. */
function essence(json: string): string {
  const { startedAt, wallMs, transcripts, traces, ...rest } = JSON.parse(json);
  const programs = rest.programs.map(({ wallMs, command, ...run }: Record<string, unknown>) => run);
  return JSON.stringify({ ...rest, programs });
}

async function gradeShards(cwd: string, options: readonly string[] = ["--seed", "7"]): Promise<void> {
  for (const [i, out] of SHARDS.entries()) {
    const { stderr } = await gema([...GRADE, ...options, "--shard", `${i + 1}/3`, "--out", out], { cwd });
    expect(stderr).toBe("");
  }
}

describe("shards that are put together", () => {
  test("equal the whole run, byte for byte when nothing was graded anew", SLOW, async () => {
    const cwd = await folderWith(MIXED);
    const whole = await gema([...GRADE, "--seed", "7", "--out", "whole"], { cwd });
    // Each shard finds its submissions graded before, so that even times are the same.
    for (const out of SHARDS) {
      await cp(join(cwd, "whole"), join(cwd, out), { recursive: true });
      await rm(join(cwd, out, "run.json"));
    }
    await gradeShards(cwd);
    const merged = await gema(MERGE, { cwd });
    expect({ code: merged.code, stderr: merged.stderr }).toEqual({ code: whole.code, stderr: "" });
    expect(whole.stdout).toContain(merged.stdout.split("\n\nseed")[0]);
    expect(await filesIn(join(cwd, "merged"))).toEqual(await filesIn(join(cwd, "whole")));
    expect(Object.keys(await filesIn(join(cwd, "merged")))).toHaveLength(2 * NAMES.length + 5);
  });

  test("equal the whole run but for times when each was graded by itself, and can be gone on with", SLOW, async () => {
    const cwd = await folderWith(MIXED);
    await gema([...GRADE, "--seed", "7", "--out", "whole"], { cwd });
    await gradeShards(cwd);
    const merged = await gema(["merge", "shards/3", "shards/1", "shards/2", "--out", "merged"], { cwd });
    expect({ code: merged.code, stderr: merged.stderr }).toEqual({ code: 1, stderr: "" });
    const together = await filesIn(join(cwd, "merged"));
    expect(timeless(together)).toEqual(timeless(await filesIn(join(cwd, "whole"))));
    expect(together["grades.csv"]).toBe(await readFile(join(cwd, "whole/grades.csv"), "utf8"));
    for (const [name, text] of Object.entries(await filesIn(join(cwd, "shards/2"))))
      if (name.startsWith("submissions/")) expect(together[name]).toBe(text);

    const rejudged = await gema(["rejudge", "merged"], { cwd });
    expect(rejudged.stdout).toContain(`${NAMES.length} judged again, 0 differences`);
    const goneOn = await gema([...GRADE, "--out", "merged"], { cwd });
    expect(goneOn.stdout.match(/\(graded before\)$/gm)).toHaveLength(NAMES.length);
    expect((await filesIn(join(cwd, "merged")))["junit.xml"]).toBe(together["junit.xml"]);
  });

  test("speak the language that merge is given, else that of the first", SLOW, async () => {
    const cwd = await folderWith({ "any.yaml": ANY_PORT, "class/a.py": "pass\n", "class/b.py": "pass\n" });
    await gradeShards(cwd, ["--seed", "7", "--lang", "id"]);
    await gema(MERGE, { cwd });
    const merged = await filesIn(join(cwd, "merged"));
    expect(merged["submissions/001-a.py.txt"]).toBe(
      await readFile(join(cwd, "shards/1/submissions/001-a.py.txt"), "utf8"),
    );
    expect(JSON.parse(merged["run.json"] ?? "")).toMatchObject({ language: "id", graded: [1, 2] });
    const english = await gema([...MERGE.slice(0, -1), "english", "--lang", "en"], { cwd });
    expect(english.stdout).toContain("the whole class is in english");
    expect(await readFile(join(cwd, "english/submissions/001-a.py.txt"), "utf8")).toContain("To run this check alone");
  });

  test("tell GitHub about the whole class, once", SLOW, async () => {
    const cwd = await folderWith({ "any.yaml": ANY_PORT, "class/a.py": "pass\n", "class/b.py": "pass\n" });
    await gradeShards(cwd);
    const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: join(cwd, "summary.md") };
    const { stdout } = await gema(MERGE, { cwd, env });
    expect(stdout).toContain("::error");
    expect(await readFile(join(cwd, "summary.md"), "utf8")).toMatch(/a\.py[\s\S]*b\.py/);
  });
});

/** Six submissions in three shards, graded once for all refusals. */
let graded: string;

beforeAll(async () => {
  graded = await mkdtemp(join(tmpdir(), "gema-graded-"));
  await writeFile(join(graded, "any.yaml"), ANY_PORT);
  await mkdir(join(graded, "class"));
  for (const name of ["a", "b", "c", "d", "e", "f"]) await writeFile(join(graded, `class/${name}.py`), "pass\n");
  await gradeShards(graded);
}, SLOW.timeout);

afterAll(() => rm(graded, { recursive: true, force: true }));

async function copyOfGraded(): Promise<string> {
  const cwd = await folderWith({});
  await cp(graded, cwd, { recursive: true });
  return cwd;
}

/** Changes the text of one file. */
function rewritten(file: string, change: (text: string) => string) {
  return async (cwd: string) => writeFile(join(cwd, file), change(await readFile(join(cwd, file), "utf8")));
}

function replaced(file: string, from: string | RegExp, to: string) {
  return rewritten(file, (text) => {
    expect(text).toMatch(from);
    return text.replace(from, to);
  });
}

function gradedAgain(out: string, ...options: readonly string[]) {
  return async (cwd: string) => {
    await rm(join(cwd, out), { recursive: true, force: true });
    await gema([...GRADE, "--seed", "7", "--out", out, ...options], { cwd });
  };
}

const EVIDENCE = "shards/2/submissions/002-b.py.evidence.json";

/** Takes long enough to be stopped in the middle. */
/** The first of the lines that tell the progress. */
const PROGRESS = /^1\/\d+ /m;
const SPINS = "while True: pass\n";

describe("merge refuses with 65, says which file and how to go on, and writes nothing", () => {
  test.each<[string, (cwd: string) => Promise<unknown>, string, string, (readonly string[])?]>([
    [
      "a shard that is missing",
      async () => {},
      "2 of 6 submissions have no result: shard 2/3 was not given (b.py, e.py).",
      "gema grade CLASS --assignment any.yaml --shard 2/3 --seed 7 --out shard-2",
      ["shards/1", "shards/3"],
    ],
    [
      "a shard that was stopped",
      replaced("shards/3/run.json", /"graded": \[[^\]]*\]/, '"graded": [6]'),
      "1 of 6 submissions have no result: shards/3 was not finished (c.py).",
      "--shard 3/3 --seed 7 --out shards/3",
    ],
    [
      "a submission with two results",
      gradedAgain("again", "--shard", "2/3"),
      "b.py was graded twice, with different evidence: shards/2/submissions/002-b.py.evidence.json and again/submissions/",
      "leave the other one out",
      [...SHARDS, "again"],
    ],
    [
      "another seed",
      gradedAgain("shards/3", "--shard", "3/3", "--seed", "8"),
      "shards/1 and shards/3 differ in the seed: 7 here, 8 there.",
      "with the --seed of the others",
    ],
    [
      "another assignment",
      async (cwd) => {
        await writeFile(join(cwd, "other.yaml"), `${ANY_PORT}contract: one-shot\n`);
        await gradedAgain("shards/2", "--shard", "2/3", "--assignment", "other.yaml")(cwd);
      },
      "shards/1 and shards/2 differ in the assignment: any-port, sha256",
      "the same assignment",
    ],
    [
      "another class",
      async (cwd) => {
        await writeFile(join(cwd, "class/g.py"), "pass\n");
        await gradedAgain("shards/2", "--shard", "2/3")(cwd);
      },
      "shards/1 and shards/2 differ in the class: 6 (+ -) here, 7 (+ g.py) there.",
      "the same folder of submissions",
    ],
    [
      "another isolation",
      replaced("shards/2/run.json", /"isolation": "\w+"/, '"isolation": "UNKNOWN"'),
      "shards/2/run.json is not what this version of Gema writes about a run (isolation: ",
      "grade that part of the class again",
    ],
    [
      "an isolation unlike the others'",
      async (cwd) => {
        const { isolation } = JSON.parse(await readFile(join(cwd, "shards/2/run.json"), "utf8"));
        const unlike = isolation === "none" ? "full" : "none";
        await replaced("shards/2/run.json", `"isolation": "${isolation}"`, `"isolation": "${unlike}"`)(cwd);
      },
      "shards/1 and shards/2 differ in the isolation: ",
      "--isolation none everywhere",
    ],
    [
      "another version of Gema",
      replaced("shards/2/run.json", /"gema": "[^"]*"/, '"gema": "9.9.9"'),
      "shards/1 and shards/2 differ in the version of Gema: ",
      "Install the same version on every machine",
    ],
    [
      "another version of Gema everywhere",
      async (cwd) => {
        for (const out of SHARDS) await replaced(`${out}/run.json`, /"gema": "[^"]*"/, '"gema": "9.9.9"')(cwd);
      },
      "shards/1 was graded by Gema 9.9.9, and this is Gema ",
      "Merge with Gema 9.9.9",
    ],
    [
      "evidence that was cut off",
      rewritten(EVIDENCE, (text) => text.slice(0, 2000)),
      `${EVIDENCE}:`,
      "grade the submission again",
    ],
    ["evidence that was edited", replaced(EVIDENCE, '"wallMs"', '"wallMS"'), `${EVIDENCE}:`, "untouched copy"],
    [
      "evidence that is gone",
      (cwd) => rm(join(cwd, EVIDENCE)),
      `${EVIDENCE} cannot be read (ENOENT).`,
      "the same gema grade command again with --out shards/2",
    ],
    [
      "evidence of another run",
      replaced(EVIDENCE, '"seed": 7', '"seed": 9'),
      `${EVIDENCE} is not of the run that its folder tells of (seed: 9, run.json: 7).`,
      "untouched copy of shards/2",
    ],
    [
      "evidence of another submission",
      (cwd) => cp(join(cwd, "shards/1/submissions/001-a.py.evidence.json"), join(cwd, EVIDENCE)),
      `${EVIDENCE} is not of the run that its folder tells of (submission: a.py, run.json: b.py).`,
      "untouched copy of shards/2",
    ],
    [
      "a record that is no JSON",
      rewritten("shards/2/run.json", () => "{"),
      "shards/2/run.json is not what this version of Gema writes about a run (",
      "grade that part of the class again",
    ],
    [
      "a record with a place that the class has not",
      replaced("shards/2/run.json", /"graded": \[[^\]]*\]/, '"graded": [2, 7]'),
      "(graded: a place that the class does not have)",
      "grade that part of the class again",
    ],
    [
      "a folder that is none of results",
      (cwd) => mkdir(join(cwd, "empty")),
      "empty holds no results of gema grade (run.json: ENOENT).",
      "run.json is beside junit.xml",
      [...SHARDS, "empty"],
    ],
    [
      "a folder that is not there",
      async () => {},
      "nowhere holds no results of gema grade (ENOENT).",
      "Give the folders that gema grade --out wrote",
      [...SHARDS, "nowhere"],
    ],
  ])("%s", { timeout: 60_000 }, async (_, spoil, what, help, folders = SHARDS) => {
    const cwd = await copyOfGraded();
    await spoil(cwd);
    const before = await filesIn(cwd);
    const { code, stdout, stderr } = await gema(["merge", ...folders, "--out", "merged"], { cwd });
    expect({ code, stdout }).toEqual({ code: 65, stdout: "" });
    expect(stderr).toContain(what);
    expect(stderr).toContain(help);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(await filesIn(cwd)).toEqual(before);
    expect((await readdir(cwd)).filter((name) => name.startsWith("merged"))).toEqual([]);
  });

  test("in Indonesian, too", async () => {
    const cwd = await copyOfGraded();
    const { code, stderr } = await gema(["merge", "shards/1", "--out", "merged", "--lang", "id"], { cwd });
    expect(code).toBe(65);
    expect(stderr).toContain("4 dari 6 kumpulan tugas belum punya hasil: bagian 2/3 tidak diberikan (b.py, e.py);");
    expect(stderr).toContain("selesaikan setiap bagian lalu gabungkan lagi");
  });
});

describe("the folder for the whole", () => {
  test("is new: an input, also by another name, or one that holds something is left alone", SLOW, async () => {
    const cwd = await copyOfGraded();
    await symlink("shards/2", join(cwd, "link"));
    await mkdir(join(cwd, "mine"));
    await writeFile(join(cwd, "mine/notes.txt"), "mine");
    const before = await filesIn(cwd);
    for (const [out, told] of [
      ["shards/2", "shards/2 is one of the folders to merge."],
      ["link", "link is one of the folders to merge."],
      ["mine", "mine is not empty, and nothing is overwritten."],
      ["shards", "shards is not empty, and nothing is overwritten."],
    ] as const) {
      const { code, stderr } = await gema(["merge", ...SHARDS, "--out", out], { cwd });
      expect({ code, stderr }).toEqual({ code: 65, stderr: expect.stringContaining(told) });
      expect(stderr).toContain("Give a new folder by --out.");
    }
    expect(await filesIn(cwd)).toEqual(before);
  });

  test("may be there and empty, or lie where no folder is yet, with the permissions of any folder", SLOW, async () => {
    const cwd = await copyOfGraded();
    await mkdir(join(cwd, "empty"));
    for (const out of ["empty", "new/deep"]) {
      expect(await gema(["merge", ...SHARDS, "--out", out], { cwd })).toMatchObject({ code: 1, stderr: "" });
      expect(Object.keys(await filesIn(join(cwd, out)))).toContain("grades.csv");
      expect((await stat(join(cwd, out))).mode).toBe((await stat(join(cwd, "shards/1"))).mode);
    }
    expect((await readdir(cwd)).sort()).toEqual(["any.yaml", "class", "empty", "new", "shards"]);
  });

  test("that cannot be made is our surroundings' fault", async () => {
    const cwd = await copyOfGraded();
    const { code, stderr } = await gema(["merge", ...SHARDS, "--out", "any.yaml/merged"], { cwd });
    expect(code).toBe(3);
    expect(stderr).toContain("could not be written (ENOTDIR)");
  });

  test("is refused while another run writes to it, and so is an input", SLOW, async () => {
    const cwd = await copyOfGraded();
    await rename(join(cwd, "shards/3"), join(cwd, "earlier"));
    await writeFile(join(cwd, "class/f.py"), SPINS);
    const running = startGema([...GRADE, "--seed", "7", "--shard", "3/3", "--out", "shards/3"], { cwd });
    await untilSaid(running, PROGRESS);
    running.kill("SIGSTOP");
    const asInput = await gema(MERGE, { cwd });
    const asOut = await gema(["merge", "shards/1", "shards/2", "earlier", "--out", "shards/3"], { cwd });
    running.kill("SIGKILL");
    await running;
    for (const { code, stderr } of [asInput, asOut]) {
      expect(code).toBe(65);
      expect(stderr).toContain(`Another run (process ${running.pid}) writes its results to shards/3.`);
    }
    // Whose lock is still there, but nobody who holds it.
    expect((await gema(MERGE, { cwd })).stderr).toContain("shards/3 was not finished (c.py, f.py)");
  });
});

describe("a lost shard", () => {
  test("that was killed is not taken for a whole one, and goes on with the same command", SLOW, async () => {
    const cwd = await copyOfGraded();
    await rm(join(cwd, "shards/2"), { recursive: true });
    await writeFile(join(cwd, "class/e.py"), SPINS);
    const shard = [...GRADE, "--seed", "7", "--shard", "2/3", "--out", "shards/2"];
    const running = startGema(shard, { cwd });
    await untilSaid(running, PROGRESS);
    running.kill("SIGKILL");
    await running;
    const refused = await gema(MERGE, { cwd });
    expect(refused.code).toBe(65);
    expect(refused.stderr).toContain("shards/2 was not finished (b.py, e.py)");

    await writeFile(join(cwd, "class/e.py"), "pass\n");
    const goneOn = await gema(shard, { cwd });
    expect(goneOn.stdout.match(/\(graded before\)$/gm)).toHaveLength(1);
    expect(await gema(MERGE, { cwd })).toMatchObject({ code: 1, stderr: "" });
  });

  test("may be graded in pieces, and given twice when it is the same", SLOW, async () => {
    const cwd = await copyOfGraded();
    await cp(join(cwd, "shards/2"), join(cwd, "copy"), { recursive: true });
    await replaced("shards/2/run.json", /"graded": \[[^\]]*\]/, '"graded": [5]')(cwd);
    const { code, stderr } = await gema(["merge", ...SHARDS, "copy", "--out", "merged"], { cwd });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect((await readFile(join(cwd, "merged/grades.csv"), "utf8")).trimEnd().split("\r\n")).toHaveLength(7);
  });
});
