import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, inject, test } from "vitest";
import { parse } from "yaml";
import { buildCommand } from "./program.ts";
import { ANY_PORT, folderWith } from "./run-gema.test-helper.ts";

const ROOT = join(import.meta.dirname, "../..");
const WORKFLOWS = join(ROOT, ".github/workflows");
const page = await readFile(join(ROOT, "docs/many-machines.md"), "utf8");
const grading = await readFile(join(WORKFLOWS, "grade-class.yml"), "utf8");

/** The files that a reader copies, by the name in the comment before each. */
const files = new Map(
  [...page.matchAll(/<!-- (.*) -->\n```\w+\n([\s\S]*?)```/g)].map(([, name = "", text = ""]) => [name, text]),
);

/** A class of nine, and a command `gema`. */
async function machine(): Promise<{ cwd: string; env: Record<string, string> }> {
  const names = Array.from({ length: 9 }, (_, i) => `submissions/s${i + 1}.py`);
  const cwd = await folderWith({
    "assignment.yaml": ANY_PORT,
    "bin/gema": `#!/bin/sh\nexec "${process.execPath}" "${join(inject("built"), "harness/cli/main.js")}" "$@"\n`,
    ...Object.fromEntries(names.map((name) => [name, "pass\n"])),
  });
  await chmod(join(cwd, "bin/gema"), 0o755);
  return { cwd, env: { PATH: `${join(cwd, "bin")}:${process.env.PATH}`, ISOLATION: "auto", LANG: "C.UTF-8" } };
}

async function rowsIn(csv: string): Promise<number> {
  return (await readFile(csv, "utf8")).trimEnd().split("\r\n").length - 1;
}

describe.skipIf(process.platform === "win32")("what a lecturer copies", () => {
  test("for Slurm grades a whole class, and one shard again", { timeout: 240_000 }, async () => {
    const { cwd, env } = await machine();
    for (const name of ["grade.sbatch", "merge.sbatch"]) await writeFile(join(cwd, name), files.get(name) ?? "");
    const [, last] = /^#SBATCH --array=1-(\d+)$/m.exec(files.get("grade.sbatch") ?? "") ?? [];
    for (let task = 1; task <= Number(last); task++)
      await execa("bash", ["grade.sbatch"], { cwd, env: { ...env, SLURM_ARRAY_TASK_ID: String(task) } });
    const again = { ...env, SLURM_ARRAY_TASK_ID: "3", SLURM_ARRAY_TASK_COUNT: "1", SLURM_CPUS_PER_TASK: "2" };
    expect((await execa("bash", ["grade.sbatch"], { cwd, env: again })).stdout).toContain("(graded before)");
    await execa("bash", ["merge.sbatch"], { cwd, env });
    expect(await rowsIn(join(cwd, "results/grades.csv"))).toBe(9);

    const twice = await execa("bash", ["merge.sbatch"], { cwd, env, reject: false });
    expect(twice).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("results is not empty") });
  });

  test("for Kubernetes counts from 0 and fails when a shard is missing", { timeout: 120_000 }, async () => {
    const { cwd, env } = await machine();
    const [grade, merge] = ["grade.yaml", "merge.yaml"].map((name) => parse(files.get(name) ?? ""));
    const scriptOf = (job: typeof grade): string[] => {
      const { command, args } = job.spec.template.spec.containers[0];
      return [...command, ...args].map((word: string) =>
        word.replaceAll("/class/", `${cwd}/`).replace("--isolation require", "--isolation auto"),
      );
    };
    const run = (job: typeof grade, more: Record<string, string> = {}) => {
      const [shell = "", ...script] = scriptOf(job);
      return execa(shell, script, { cwd, env: { ...env, ...more }, reject: false });
    };
    const first = await run(grade, { JOB_COMPLETION_INDEX: "0" });
    const count: number = grade.spec.completions;
    const last = await run(grade, { JOB_COMPLETION_INDEX: String(count - 1) });
    expect(first).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`shard 1/${count}: 2 of 9`) });
    expect(last).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`shard ${count}/${count}: 1 of 9`) });
    expect(await run(merge)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`shard 2/${count}`) });
  });
});

describe("the workflow for a class", () => {
  const { permissions, jobs, on } = parse(grading);

  test("is started by hand and gives strangers' programs no token", () => {
    expect({ on, permissions }).toEqual({ on: { workflow_dispatch: null }, permissions: {} });
    for (const job of Object.values<{ permissions: object; steps: { uses?: string; with?: object }[] }>(jobs)) {
      expect(job.permissions).toEqual({});
      const checkouts = job.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
      expect(checkouts.map((step) => step.with)).toEqual([{ "persist-credentials": false }]);
    }
  });

  test("grades every shard of its matrix, and merges after a lost one, too", () => {
    const { number, of } = jobs.grade.strategy.matrix;
    expect(of).toEqual([number.length]);
    expect(number).toEqual(Array.from({ length: number.length }, (_, i) => i + 1));
    expect(jobs.grade.strategy["fail-fast"]).toBe(false);
    expect(jobs.merge.needs).toBe("grade");
    expect(jobs.merge.if).toContain("!cancelled()");
  });

  test("names commands and options that exist, and so does the page", () => {
    const commands = [...`${grading}\n${page}`.replaceAll("\\\n", " ").matchAll(/^[\s\d.-]*(?:npx )?gema (\w+ .*)$/gm)];
    expect(commands.length).toBeGreaterThan(8);
    for (const [, words = ""] of commands) {
      const command = buildCommand().commands.find((one) => one.name() === words.split(" ")[0]);
      const known = command?.options.map(({ long }) => long);
      for (const [option] of words.matchAll(/--[a-z-]+/g)) expect(known, words).toContain(option);
    }
  });

  test("uses the versions of actions that the other workflows use", async () => {
    const texts = (await readdir(WORKFLOWS)).map((name) => readFile(join(WORKFLOWS, name), "utf8"));
    const used = (await Promise.all(texts)).flatMap((text) => [...text.matchAll(/uses: (\S+)@(\S+)/g)]);
    const versions = new Map<string, Set<string>>();
    for (const [, action = "", version = ""] of used)
      versions.set(action, (versions.get(action) ?? new Set()).add(version));
    expect(versions.size).toBeGreaterThan(3);
    for (const [action, seen] of versions) expect([...seen], action).toHaveLength(1);
  });
});
