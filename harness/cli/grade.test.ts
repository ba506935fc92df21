import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import getPort from "get-port";
import { describe, expect, test } from "vitest";
import { listProc, readProc } from "../kernel/processes.ts";
import { casesOf, junitBreaches, parseJunit } from "../report/junit-rules.test-helper.ts";
import { ANY_PORT, ECHO, folderWith, gema, SINGLE_RECV, startGema, untilSaid } from "./run-gema.test-helper.ts";

const GRADE = ["grade", "class", "--assignment", "any.yaml", "--out", "out", "--seed", "7", "--jobs", "1"];
const NOT_ISOLATED = ["--isolation", "none"];
/** Seconds matter less here than what is on disk afterwards. */
const SLOW = { timeout: 60_000 };

async function readOut(cwd: string) {
  const csv = await readFile(join(cwd, "out/grades.csv"), "utf8");
  const junit = await readFile(join(cwd, "out/junit.xml"), "utf8");
  const rows = csv.replace("\ufeff", "").trimEnd().split("\r\n");
  return {
    junit,
    head: rows[0] ?? "",
    rows: rows.slice(1),
    files: (await readdir(join(cwd, "out/submissions"))).sort(),
  };
}

describe("a class", () => {
  test("is graded to its end whatever is in it, and judged again with the same outcome", SLOW, async () => {
    const cwd = await folderWith({
      "any.yaml": ANY_PORT,
      "class/ani/server.py": ECHO,
      "class/budi.py": SINGLE_RECV,
      "class/citra/catatan.txt": "belum selesai",
      "class/dedi.py": "def (:\n",
      "class/eka.zip": Uint8Array.from([0x50, 0x4b, 3, 4]),
      "class/fani/a.py": "print(1)",
      "class/fani/b.py": "print(2)",
      "class/README.md": "# the class",
      "class/server.log": "written by a program that was graded before",
      "class/.git/config": "",
    });
    const { code, stdout, stderr } = await gema(GRADE, { cwd });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toMatch(
      /^not submissions: README.md, server.log\n1\/6 ✓ ani .*\n2\/6 ✗ budi.py .*Receives only once\n3\/6 ✗ citra/m,
    );
    expect(stdout).toContain("1 of 6 passed, 1 for a person to look at");
    expect(stdout).toContain("seed 7; everything is in out");

    const { head, rows, junit, files } = await readOut(cwd);
    expect(head).toMatch(/^submission,listens,.*,total,needs_review,isolation,seed$/);
    expect(rows.map((row) => row.split(",")[0])).toEqual(["ani", "budi.py", "citra", "dedi.py", "eka.zip", "fani"]);
    expect(rows[0]).toMatch(/,65,false,(none|partial|full),7$/);
    expect(rows[2]).toMatch(/,0,false,(none|partial|full),7$/);
    expect(rows[5]).toMatch(/,0,true,(none|partial|full),7$/);
    expect(junitBreaches(junit)).toEqual([]);
    expect(files).toHaveLength(12);
    expect(await readFile(join(cwd, "out/submissions/002-budi.py.txt"), "utf8")).toMatch(/^✗ Receives only once\n/);

    const again = await gema(["rejudge", "out"], { cwd });
    expect(again.stdout).toContain("6 judged again, 0 differences");
    expect(again.code).toBe(0);
  });

  test("with names that are hard to write keeps its JUnit valid and grades every one", SLOW, async () => {
    const names = [
      "'; touch pwned; '.py",
      '"ganda" & <tag> ]]>.py',
      "=cmd|calc.py",
      "::error::x.py",
      "\x01\x1b[31m\x7f.py",
      "baris\nbaru.py",
      "nama dengan spasi.py",
      "--help.py",
    ];
    const cwd = await folderWith({
      "any.yaml": ANY_PORT,
      ...Object.fromEntries(names.map((name) => [`class/${name}`, "pass\n"])),
    });
    const { code, stdout, stderr } = await gema(GRADE, { cwd });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]|^\s*::/m);
    const { rows, junit } = await readOut(cwd);
    expect(rows).toHaveLength(names.length);
    expect(rows.join("\n")).toContain("'=cmd|calc.py");
    expect(junitBreaches(junit)).toEqual([]);
    expect(parseJunit(junit).children).toHaveLength(names.length);
    expect((await readdir(cwd)).sort()).toEqual(["any.yaml", "class", "out"]);
  });

  test.skipIf(process.platform !== "linux")("with names that are no UTF-8 is graded all the same", SLOW, async () => {
    const cwd = await folderWith({
      "any.yaml": ANY_PORT,
      "class/file.py": ECHO,
      "class/folder/x.py": "from y import *",
    });
    await writeFile(join(cwd, "class/folder/y.py"), ECHO);
    const inClass = (name: string) => Buffer.concat([Buffer.from(join(cwd, "class/")), Buffer.from(name, "latin1")]);
    await rename(join(cwd, "class/file.py"), inClass("caf\xe9.py"));
    await rename(join(cwd, "class/folder"), inClass("\xff"));
    await rename(
      Buffer.concat([inClass("\xff"), Buffer.from("/x.py")]),
      Buffer.concat([inClass("\xff"), Buffer.from("/server-\xe9.py", "latin1")]),
    );
    const { code, stdout } = await gema(GRADE, { cwd });
    expect(stdout).toMatch(/1\/2 ✓ \\xff .*\n2\/2 ✓ caf\\xe9\.py /);
    expect(code).toBe(0);
    const { rows, junit } = await readOut(cwd);
    expect(rows.map((row) => row.split(",")[0])).toEqual(["\\xff", "caf\\xe9.py"]);
    expect(junitBreaches(junit)).toEqual([]);
  });

  test("that is empty, or whose results cannot be written, is refused", async () => {
    const cwd = await folderWith({ "any.yaml": ANY_PORT, "class/README.md": "", "out/submissions": "a file" });
    const empty = await gema(GRADE, { cwd });
    expect(empty.code).toBe(64);
    expect(empty.stderr).toContain("no submissions in class (empty)");
    await writeFile(join(cwd, "class/a.py"), "pass");
    const blocked = await gema(GRADE, { cwd });
    expect(blocked.code).toBe(3);
    expect(blocked.stderr).toMatch(/out.submissions.* could not be written/);
  });
});

/** Of the lines that tell the progress. */
const FIRST_RESULT = /^1\/\d+ /m;

describe("what was graded is kept", () => {
  const FIXED = (port: number) =>
    `extends: tcp-echo\nname: fixed\nprograms: { tcp-server: {} }\naddress: { port: ${port} }\n`;
  const CLASS = Object.fromEntries(["a", "b", "c", "d", "e", "f"].map((name) => [`class/${name}.py`, "pass\n"]));

  test.skipIf(process.platform !== "linux")("when the port is taken in the middle", SLOW, async () => {
    const port = await getPort({ host: "127.0.0.1" });
    const cwd = await folderWith({ "any.yaml": FIXED(port), ...CLASS });
    const running = startGema([...GRADE, ...NOT_ISOLATED], { cwd });
    await untilSaid(running, FIRST_RESULT);
    const intruder = createServer().listen(port, "127.0.0.1");
    const { exitCode, stdout, stderr } = await running;
    intruder.close();

    expect(exitCode).toBe(3);
    expect(stderr).toContain(`127.0.0.1:${port} is already in use by process ${process.pid} (`);
    const done = stdout.match(/^[1-5]\/6 /gm)?.length ?? 0;
    expect(done).toBeGreaterThan(0);
    expect(stdout).toContain(`stopped early: ${done} of 6 submissions were graded`);
    const { rows, junit, files } = await readOut(cwd);
    expect(rows).toHaveLength(done);
    expect(
      parseJunit(junit)
        .children.map(casesOf)
        .every((cases) => cases.length > 0),
    ).toBe(true);
    expect(parseJunit(junit).children).toHaveLength(done);
    expect(files).toHaveLength(2 * done);
  });

  /** The second listens after a while, or never. */
  const slowly = (seconds: number) => ({
    "any.yaml": ANY_PORT,
    ...CLASS,
    "class/b.py": `import time\ntime.sleep(${seconds})\n${ECHO}`,
  });
  const running = (cwd: string) =>
    listProc("/proc").filter((pid) => readProc(`/proc/${pid}/cmdline`)?.includes(join(cwd, "class/b.py")));

  describe.runIf(process.platform === "linux").each([[[]], [NOT_ISOLATED]])(
    "when the user interrupts, with %j",
    (options) => {
      async function interrupted(cwd: string) {
        const grading = startGema([...GRADE, ...options], { cwd });
        while (running(cwd).length === 0) await new Promise(setImmediate);
        grading.kill("SIGINT");
        await untilSaid(grading, /Ctrl-C again/);
        return { grading };
      }

      test("what is under way is finished first, and the same command goes on", { timeout: 120_000 }, async () => {
        const cwd = await folderWith(slowly(1));
        const { exitCode, stdout, stderr } = await (await interrupted(cwd)).grading;
        expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: "" });
        expect(stdout).toMatch(/^2\/6 ✓ b\.py /m);
        expect(stdout).toContain("stopped early: 2 of 6 submissions were graded; the same command goes on");
        expect((await readOut(cwd)).rows.map((row) => row.split(",")[0])).toEqual(["a.py", "b.py"]);
        const again = await gema([...GRADE, ...options], { cwd });
        expect(again.stdout.match(/\(graded before\)$/gm)).toHaveLength(2);
        expect((await readOut(cwd)).rows).toHaveLength(6);
      });

      test("a second time, it stops at once", SLOW, async () => {
        const cwd = await folderWith(slowly(600));
        const { grading } = await interrupted(cwd);
        grading.kill("SIGINT");
        const { exitCode, stdout } = await grading;
        expect(exitCode).toBe(130);
        expect(stdout).toContain("stopped early: 1 of 6");
        expect((await readOut(cwd)).rows).toHaveLength(1);
        while (running(cwd).length > 0) await new Promise(setImmediate);
        expect(await readdir(join(cwd, "out"))).not.toContain(".gema-running");
      });
    },
  );

  test("when nobody reads the output any more", SLOW, async () => {
    const cwd = await folderWith({ "any.yaml": ANY_PORT, "class/a.py": "pass\n", "class/b.py": "pass\n" });
    const running = startGema(GRADE, { cwd });
    await untilSaid(running, FIRST_RESULT);
    running.stdout.destroy();
    const { exitCode, stderr } = await running;
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
    expect((await readOut(cwd)).rows).toHaveLength(2);
  });
});

/** Commands that mount a small disk, in a mount namespace of their own, and start the command behind them. */
const MOUNTING = [
  ["unshare", "--mount"],
  ["unshare", "--user", "--map-root-user", "--mount"],
] as const;
/** Grades onto a disk of one size, keeps what is there then, makes room, and grades once more. */
const TWICE = `mount -t tmpfs -o size=$0 tmpfs out || exit 99
"$@"; echo "then $?"
cp -r out full
mount -o remount,size=64m out
"$@"; echo "then $?"
cp -r out done`;

describe("a disk that is full in the middle", async () => {
  const able = await Promise.all(
    MOUNTING.map(async ([command, ...args]) => {
      const tried = await execa(command, [...args, "mount", "-t", "tmpfs", "tmpfs", "/tmp"], { reject: false });
      return !tried.failed;
    }),
  );
  const mounting = MOUNTING[able.indexOf(true)];

  test.skipIf(!mounting && !process.env.CI)("is named, and what was graded is kept", SLOW, async () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    const folder = Object.fromEntries(names.map((name) => [`class/${name}.py`, "pass\n"]));
    const cwd = await folderWith({ "any.yaml": ANY_PORT, "out/.keep": "", ...folder });
    const via = [...(mounting ?? MOUNTING[0]), "sh", "-c", TWICE, "80k"];
    const { stdout, stderr } = await gema([...GRADE, ...NOT_ISOLATED], { cwd, via });
    const [first = "", second = ""] = stdout.split(/^then 3$/m);
    const done = first.match(/^[1-6]\/6 /gm)?.length ?? 0;
    expect(done, stdout + stderr).toBeGreaterThan(0);
    expect(done).toBeLessThan(6);
    expect(first).toContain(`stopped early: ${done} of 6 submissions were graded`);
    expect(stderr).toMatch(/^gema: out\/\S+ could not be written \(ENOSPC\)\.\n +Choose another place .*make room/);
    expect(stderr).not.toMatch(/^\s+at /m);

    expect(second).toMatch(/^then 1$/m);
    expect(second.match(/\(graded before\)$/gm)?.length).toBe(done);
    const evidence = (await readdir(join(cwd, "full/submissions"))).filter((name) => name.endsWith(".evidence.json"));
    for (const name of evidence.sort().slice(0, done)) {
      const [before, after] = ["full", "done"].map((place) => readFile(join(cwd, place, "submissions", name), "utf8"));
      expect(await after).toBe(await before);
    }
    expect((await readdir(join(cwd, "done"))).sort()).toEqual(
      ["grades.csv", "journal.jsonl", "junit.xml", "run.json", "submissions", "summary.json"].sort(),
    );
  });
});

describe("a run that goes on", () => {
  const WORKS = Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [`class/${name}.py`, ECHO]));
  const kept = (stdout: string): number => stdout.match(/\(graded before\)$/gm)?.length ?? 0;

  test("grades only what is new, what was changed, and what is to be tried again", SLOW, async () => {
    const cwd = await folderWith({ "any.yaml": ANY_PORT, ...WORKS, "class/f.py": "pass\n" });
    const withoutSeed = GRADE.filter((word) => word !== "--seed" && word !== "7");
    const first = await gema(withoutSeed, { cwd });
    expect(kept(first.stdout)).toBe(0);
    const graded = await readOut(cwd);

    const again = await gema(withoutSeed, { cwd });
    expect({ code: again.code, kept: kept(again.stdout) }).toEqual({ code: 1, kept: 6 });
    expect(await readOut(cwd)).toEqual(graded);

    await writeFile(join(cwd, "class/f.py"), ECHO);
    await writeFile(join(cwd, "class/g.py"), ECHO);
    const changed = await gema([...withoutSeed, "--retry", "inconclusive", "error"], { cwd });
    expect({ code: changed.code, kept: kept(changed.stdout) }).toEqual({ code: 0, kept: 5 });

    const otherSeed = await gema([...withoutSeed, "--seed", "8"], { cwd });
    expect(kept(otherSeed.stdout)).toBe(0);
  });

  test("after it was killed at any instant equals one that was not", { timeout: 120_000 }, async () => {
    const cwd = await folderWith({ "any.yaml": ANY_PORT, ...WORKS });
    await gema(GRADE, { cwd });
    const undisturbed = await readOut(cwd);
    for (const lines of [0, 1, 3, 5]) {
      await rm(join(cwd, "out"), { recursive: true });
      const running = startGema(GRADE, { cwd });
      if (lines > 0) await untilSaid(running, new RegExp(`^${lines}/5 `, "m"));
      running.kill("SIGKILL");
      await running;
      const { code, stdout } = await gema(GRADE, { cwd });
      expect(code).toBe(0);
      expect(kept(stdout)).toBeGreaterThanOrEqual(lines === 5 ? 5 : lines);
      expect(await readOut(cwd)).toEqual({ ...undisturbed, junit: expect.any(String) });
    }
  });

  test("leaves a folder alone that holds the results of another assignment", SLOW, async () => {
    const cwd = await folderWith({ "any.yaml": ANY_PORT, "class/a.py": ECHO });
    expect((await gema(GRADE, { cwd })).code).toBe(0);
    const before = await readFile(join(cwd, "out/grades.csv"), "utf8");
    const refused = await gema(GRADE.with(3, "tcp-echo"), { cwd });
    expect(refused).toMatchObject({ code: 64, stdout: "" });
    expect(refused.stderr).toContain(
      "out holds the results of the assignment any-port, and these would be of tcp-echo.",
    );
    expect(await readFile(join(cwd, "out/grades.csv"), "utf8")).toBe(before);
  });

  test("leaves a folder alone that another run writes to", SLOW, async () => {
    const cwd = await folderWith({ "any.yaml": ANY_PORT, ...WORKS });
    const running = startGema(GRADE, { cwd });
    await untilSaid(running, FIRST_RESULT);
    const second = await gema(GRADE, { cwd });
    expect(second.code).toBe(3);
    expect(second.stderr).toContain(`Another run (process ${running.pid}) writes its results to out`);
    expect((await running).exitCode).toBe(0);
    expect(await readdir(join(cwd, "out"))).not.toContain(".gema-running");
  });

  test("does not trip over a journal that was cut off, or evidence that was damaged", SLOW, async () => {
    const cwd = await folderWith({ "any.yaml": ANY_PORT, "class/a.py": ECHO, "class/b.py": ECHO });
    await gema(GRADE, { cwd });
    const journal = join(cwd, "out/journal.jsonl");
    await writeFile(journal, (await readFile(journal, "utf8")).slice(0, -20));
    await writeFile(join(cwd, "out/submissions/001-a.py.evidence.json"), "{");
    const { code, stdout } = await gema(GRADE, { cwd });
    expect({ code, kept: kept(stdout) }).toEqual({ code: 0, kept: 0 });
    expect(kept((await gema(GRADE, { cwd })).stdout)).toBe(2);
  });
});

describe("rejudge", () => {
  test("notices evidence that was changed, and refuses what is none", SLOW, async () => {
    const cwd = await folderWith({ "server.py": ECHO, "any.yaml": ANY_PORT });
    const evidence = join(cwd, "e.json");
    const only = ["--only", "tcp-server/echoes-a-message"];
    await gema(["check", "server.py", "-a", "any.yaml", ...only, "--evidence", evidence], { cwd });
    const stored = JSON.parse(await readFile(evidence, "utf8")) as {
      judged: { earned: number };
      transcripts: { type: string; bytes?: unknown }[][];
    };
    const untouched = await gema(["rejudge", evidence]);
    expect(untouched).toMatchObject({ code: 0, stderr: "" });
    expect(untouched.stdout).toContain("1 judged again, 0 differences");

    await writeFile(evidence, JSON.stringify({ ...stored, judged: { ...stored.judged, earned: 60 } }));
    const richer = await gema(["rejudge", evidence]);
    expect(richer.stdout).toContain("points: 60 -> ");
    expect(richer.code).toBe(1);

    // The bytes that came back.
    const received = stored.transcripts.flat().filter(({ type }) => type === "received");
    for (const event of received) event.bytes = { text: "manipulated" };
    await mkdir(join(cwd, "folder"));
    await writeFile(join(cwd, "folder/changed.evidence.json"), JSON.stringify(stored));
    const changed = await gema(["rejudge", join(cwd, "folder")]);
    // One transcript is no confirmed failure, and no pass either.
    expect(changed.stdout).toContain("tcp-server/echoes-a-message: pass -> inconclusive");
    expect(changed.code).toBe(1);

    // A mistyped folder proves nothing.
    const nothing = await gema(["rejudge", await folderWith({ "server.py": ECHO })]);
    expect(nothing.code).toBe(64);
    expect(nothing.stderr).toContain("holds no evidence");

    const wrong = await gema(["rejudge", join(cwd, "server.py")]);
    expect(wrong.code).toBe(64);
    expect(wrong.stderr).toContain("This evidence is not valid JSON");
  });
});
