import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadAssignment } from "../assignment/load.ts";
import { ANY_PORT, folderWith, gema } from "./run-gema.test-helper.ts";
import { agreedSeed, assignmentHash, isIn, parseShard } from "./shard.ts";

const CLASS = Object.fromEntries(["a", "b", "c", "d"].map((name) => [`class/${name}.py`, "pass\n"]));
const GRADE = ["grade", "class", "--assignment", "any.yaml"];
const SLOW = { timeout: 60_000 };

describe("the parts of a class", () => {
  test("are together the whole, none twice, and of the same size but for one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 40 }), (size, of) => {
        const places = Array.from({ length: size }, (_, place) => place);
        const parts = Array.from({ length: of }, (_, i) =>
          places.filter((place) => isIn({ number: i + 1, of }, place)),
        );
        expect(parts.flat().sort((a, b) => a - b)).toEqual(places);
        const sizes = parts.map((part) => part.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test.each(["1/1", "1/4", "4/4", "010/10"])("%s is one", (text) => {
    const [number, of] = text.split("/").map(Number);
    expect(parseShard(text)).toEqual({ number, of });
  });

  test.each(["", "1", "0/3", "4/3", "1/0", "a/b", "1/3/5", "-1/3", "1.5/3", " 1/3", "1/9999999", "1/3x", "1/3\n"])(
    "%j is none",
    (text) => expect(() => parseShard(text)).toThrow(expect.objectContaining({ code: "no-shard", exit: 64 })),
  );
});

describe("the seed that shards agree on", () => {
  test("follows from the assignment and the names, and from nothing else", async () => {
    const assignment = await loadAssignment("tcp-echo");
    const otherAssignment = await loadAssignment("tcp-echo-lecture");
    const names = ["ani", "budi"];
    const seed = agreedSeed(assignment, names);
    expect(seed).toBeGreaterThanOrEqual(0);
    const turned = Object.fromEntries(Object.entries(assignment).reverse()) as unknown as typeof assignment;
    expect(assignmentHash(turned)).toBe(assignmentHash(assignment));
    expect(agreedSeed(turned, [...names])).toBe(seed);
    expect(agreedSeed(assignment, ["ani"])).not.toBe(seed);
    expect(agreedSeed(otherAssignment, names)).not.toBe(seed);
  });

  test("is taken by each of them, also by one for which nothing is left", SLOW, async () => {
    const cwd = await folderWith({ "any.yaml": ANY_PORT, ...CLASS });
    const first = await gema([...GRADE, "--shard", "1/5", "--out", "one"], { cwd });
    const last = await gema([...GRADE, "--shard", "5/5", "--out", "five"], { cwd });
    expect({ code: last.code, stderr: last.stderr }).toEqual({ code: 0, stderr: "" });
    expect(last.stdout).toContain("shard 5/5: 0 of 4 submissions");
    const seedOf = (stdout: string) => /^seed (\d+);/m.exec(stdout)?.[1];
    expect(seedOf(first.stdout)).toMatch(/^\d+$/);
    expect(seedOf(last.stdout)).toBe(seedOf(first.stdout));

    const given = await gema([...GRADE, "--shard", "1/5", "--out", "one", "--seed", "3"], { cwd });
    expect(seedOf(given.stdout)).toBe("3");
    const agreed = await gema([...GRADE, "--shard", "1/5", "--out", "one"], { cwd });
    expect(seedOf(agreed.stdout)).toBe(seedOf(first.stdout));
  });
});

describe("gema grade --shard", () => {
  test("keeps the numbers of the whole class, writes down what it is, and speaks both languages", SLOW, async () => {
    const cwd = await folderWith({ "any.yaml": ANY_PORT, ...CLASS });
    const shard = [...GRADE, "--shard", "2/2", "--seed", "7", "--out", "two", "--lang", "id"];
    const { code, stdout } = await gema(shard, { cwd, env: { GITHUB_ACTIONS: "true" } });
    expect(code).toBe(1);
    expect(stdout).toContain("bagian 2/2: 2 dari 4 kumpulan tugas; gema merge menggabungkan semua bagian");
    expect(stdout).not.toContain("::error");
    const files = await readdir(join(cwd, "two/submissions"));
    expect(files.filter((name) => name.endsWith(".txt")).sort()).toEqual(["002-b.py.txt", "004-d.py.txt"]);
    expect(JSON.parse(await readFile(join(cwd, "two/run.json"), "utf8"))).toMatchObject({
      assignment: { name: "any-port", given: "any.yaml", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      seed: 7,
      language: "id",
      shard: { number: 2, of: 2 },
      submissions: ["a.py", "b.py", "c.py", "d.py"],
      graded: [2, 4],
    });

    const again = await gema(shard, { cwd });
    expect(again.stdout.match(/\(sudah dinilai\)$/gm)).toHaveLength(2);
  });

  test("does not replace the results of another part", SLOW, async () => {
    const cwd = await folderWith({ "any.yaml": ANY_PORT, ...CLASS });
    await gema([...GRADE, "--shard", "1/4", "--out", "out"], { cwd });
    const english = await gema([...GRADE, "--shard", "2/4", "--out", "out"], { cwd });
    expect({ code: english.code, stdout: english.stdout }).toEqual({ code: 64, stdout: "" });
    expect(english.stderr).toContain("out holds the results of shard 1/4, and these would be of shard 2/4.");
    expect(english.stderr).toContain("--out shards/2");
    const indonesian = await gema([...GRADE, "--shard", "1/3", "--out", "out", "--lang", "id"], { cwd });
    expect(indonesian.stderr).toContain("out berisi hasil bagian 1/4, sedangkan ini bagian 1/3.");

    // The whole class may go on in it: nothing is lost by that.
    const whole = await gema([...GRADE, "--out", "out"], { cwd });
    expect(whole.stdout).toContain("0 of 4 passed");
    const back = await gema([...GRADE, "--shard", "1/4", "--out", "out"], { cwd });
    expect(back.stderr).toContain("out holds the results of shard 1/1");
  });

  test("refuses what names no part, in both languages", async () => {
    const args = [...GRADE, "--out", "out", "--shard", "0/4"];
    const english = await gema(args);
    expect({ code: english.code, stdout: english.stdout }).toEqual({ code: 64, stdout: "" });
    expect(english.stderr).toContain("--shard 0/4 names no part of a class.");
    expect(english.stderr).toContain("counted from 1");
    const indonesian = await gema([...args, "--lang", "id"]);
    expect({ code: indonesian.code, stdout: indonesian.stdout }).toEqual({ code: 64, stdout: "" });
    expect(indonesian.stderr).toContain("--shard 0/4 bukan bagian dari sebuah kelas.");
  });
});
