import { readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { tarOf, zipOf } from "../submission/archive/archives.test-helper.ts";
import { ANY_PORT, ECHO, folderWith, gema, SINGLE_RECV } from "./run-gema.test-helper.ts";

const GRADE = ["grade", "class", "--assignment", "any.yaml", "--out", "out", "--seed", "7"];
const SLOW = { timeout: 90_000 };
/** Each way of starting programs hands submissions over differently. */
const WAYS = [["auto"], ["none"]];
/** Two files that only work together. */
const PARTS = { "server.py": "import helper\n", "helper.py": ECHO };

interface Summary {
  readonly list: readonly { readonly submission: string; readonly id?: string; readonly verdict: string }[];
}

async function readOut(cwd: string) {
  const csv = await readFile(join(cwd, "out/grades.csv"), "utf8");
  const rows = csv.replace("\ufeff", "").trimEnd().split("\r\n");
  const summary = JSON.parse(await readFile(join(cwd, "out/summary.json"), "utf8")) as Summary;
  const texts = await readdir(join(cwd, "out/submissions"));
  const words = await Promise.all(
    texts.filter((name) => name.endsWith(".txt")).map((name) => readFile(join(cwd, "out/submissions", name), "utf8")),
  );
  return { head: rows[0], rows: rows.slice(1), summary, words: words.map((one) => one.replace(/\s+/g, " ")) };
}

function verdicts({ list }: Summary): (string | undefined)[][] {
  return list.map(({ submission, id, verdict }) => [submission, id, verdict]);
}

function inClass(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const named = Object.entries(files).map(([name, contents]) => [`class/${name}`, contents]);
  return folderWith({ "any.yaml": ANY_PORT, ...Object.fromEntries(named) });
}

describe.each(WAYS)("with --isolation %s", (isolation) => {
  test("exports of Moodle and Canvas are graded by student", SLOW, async () => {
    const cwd = await inClass({
      "Ani Lestari_101_assignsubmission_file_/server.py": ECHO,
      "Ani Lestari_102_assignsubmission_file_/server.py": SINGLE_RECV,
      "budi_201_9001_server.py": PARTS["server.py"],
      "budi_201_9002_helper.py": PARTS["helper.py"],
      "budi_201_9003_README.md": "# tugas",
      "citra_LATE_202_9004_main.py": ECHO,
      "notes.md": "# the class",
    });
    const { stdout, stderr, code } = await gema([...GRADE, "--isolation", isolation ?? ""], { cwd });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toMatch(/^not submissions: notes.md$/m);
    const { head, rows, summary } = await readOut(cwd);
    expect(verdicts(summary)).toEqual([
      ["Ani Lestari (101)", "101", "pass"],
      ["Ani Lestari (102)", "102", "fail"],
      ["budi", "201", "pass"],
      ["citra", "202", "pass"],
    ]);
    expect(head).toMatch(/^submission,id,listens,/);
    expect(rows.map((row) => row.split(",").slice(0, 2).join())).toEqual([
      "Ani Lestari (101),101",
      "Ani Lestari (102),102",
      "budi,201",
      "citra,202",
    ]);
    const again = await gema([...GRADE, "--isolation", isolation ?? ""], { cwd });
    expect(again.stdout.match(/graded before/g)).toHaveLength(4);
  });

  test("archives are opened, wherever they are, and refused ones stop nobody", SLOW, async () => {
    const cwd = await inClass({
      "ani.zip": zipOf([
        { name: "tugas/server.py", data: PARTS["server.py"] },
        { name: "tugas/helper.py", data: PARTS["helper.py"] },
        { name: "__MACOSX/tugas/._server.py", data: "\0" },
      ]),
      "budi/tugas.tar.gz": gzipSync(tarOf([{ name: "server.py", data: ECHO }])),
      "budi/laporan.pdf": "%PDF",
      "citra_1_2_tugas.tgz": gzipSync(tarOf([{ name: "server.py", data: SINGLE_RECV }])),
      "dedi.zip": zipOf([{ name: "../../evil.py", data: ECHO }]),
      "eka.zip": zipOf([{ name: "server.py", data: ECHO, flags: 1 }]),
      "fajar.tgz": "not an archive",
      "gita.zip": zipOf([
        { name: "server.py", data: ECHO },
        { name: "data", data: "/etc/passwd", mode: 0o120777 },
      ]),
      "hadi.zip": zipOf([{ name: "catatan.txt", data: "belum selesai" }]),
    });
    const { stderr, code } = await gema([...GRADE, "--isolation", isolation ?? ""], { cwd });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    const { summary, words, rows } = await readOut(cwd);
    expect(verdicts(summary)).toEqual([
      ["ani.zip", undefined, "pass"],
      ["budi", undefined, "pass"],
      ["citra", "1", "fail"],
      ["dedi.zip", undefined, "fail"],
      ["eka.zip", undefined, "fail"],
      ["fajar.tgz", undefined, "fail"],
      ["gita.zip", undefined, "pass"],
      ["hadi.zip", undefined, "fail"],
    ]);
    expect(rows).toHaveLength(8);
    expect(words[3]).toContain("the name ../../evil.py leads out of its folder");
    expect(words[4]).toContain("eka.zip is protected by a password");
    expect(words[5]).toContain("fajar.tgz is damaged");
    expect(words[6]).toContain("were left out: data");
    expect(words[7]).toContain("class/hadi.zip holds no program that Gema can run, only .txt");
    expect((await readdir(cwd)).sort()).toEqual(["any.yaml", "class", "out"]);
    expect((await readdir(tmpdir())).filter((name) => name === "evil.py")).toEqual([]);
    const again = await gema(["rejudge", "out"], { cwd });
    expect(again.stdout).toContain("8 judged again, 0 differences");
  });
});

test("gema check opens an archive before it is handed in, and says what is wrong with one", SLOW, async () => {
  const cwd = await folderWith({
    "assignment.yaml": ANY_PORT,
    "ani.zip": zipOf(Object.entries(PARTS).map(([name, data]) => ({ name: `tugas/${name}`, data }))),
    "eka.zip": zipOf([{ name: "server.py", data: ECHO, flags: 1 }]),
  });
  const right = await gema(["check", "ani.zip"], { cwd });
  expect(right).toMatchObject({ code: 0, stderr: "" });
  expect(right.stdout).toMatch(/^65 of 65 points/m);
  const locked = await gema(["check", "eka.zip"], { cwd });
  expect(locked).toMatchObject({ code: 64, stdout: "" });
  expect(locked.stderr).toContain("eka.zip is protected by a password");
});

describe("--names", () => {
  test("reads students as the pattern says", SLOW, async () => {
    const cwd = await inClass({ "2100 - ani/server.py": ECHO, "2101 - budi.py": SINGLE_RECV });
    await gema([...GRADE, "--names", "^(?<id>\\d+) - (?<name>[^.]+)"], { cwd });
    expect(verdicts((await readOut(cwd)).summary)).toEqual([
      ["ani", "2100", "pass"],
      ["budi", "2101", "fail"],
    ]);
  });

  test("that is no pattern, or fits nothing, is wrong usage in both languages", async () => {
    const cwd = await inClass({ "ani.py": ECHO });
    const none = await gema([...GRADE, "--names", "(?<nama>.+)"], { cwd });
    expect(none).toMatchObject({ code: 64, stderr: expect.stringContaining("is no pattern for names") });
    const nothing = await gema([...GRADE, "--names", "(?<name>x+)", "--lang", "id"], { cwd });
    expect(nothing).toMatchObject({ code: 64, stderr: expect.stringContaining("tidak cocok dengan satu nama pun") });
    expect(await readdir(cwd)).not.toContain("out");
  });
});

test("a run that has a student's file changed grades that student again", SLOW, async () => {
  const cwd = await inClass({ "ani_1_2_server.py": PARTS["server.py"], "ani_1_3_helper.py": PARTS["helper.py"] });
  await gema(GRADE, { cwd });
  await writeFile(join(cwd, "class/ani_1_3_helper.py"), SINGLE_RECV);
  const again = await gema(GRADE, { cwd });
  expect(again.stdout).not.toContain("graded before");
  expect(verdicts((await readOut(cwd)).summary)).toEqual([["ani", "1", "fail"]]);
});
