import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadAssignment } from "../assignment/load.ts";
import { allChecks } from "../checks/all-checks.ts";
import { ownWorld } from "../launch/isolation/slot.ts";
import { EXIT } from "../user-error.ts";
import { buildCommand } from "./program.ts";
import { folderWith, gema } from "./run-gema.test-helper.ts";

const ROOT = join(import.meta.dirname, "../..");
const readme = await readFile(join(ROOT, "README.md"), "utf8");
const workflow = await readFile(join(ROOT, ".github/workflows/grade.yml"), "utf8");

interface Block {
  readonly language: string;
  readonly text: string;
  /** What the comment before it says. */
  readonly note: string;
}

const blocks = [...readme.matchAll(/(?:<!-- (.*) -->\n)?```(\w+)\n([\s\S]*?)```/g)].map(
  ([, note = "", language = "", text = ""]): Block => ({ note, language, text }),
);

/** The words after `npx gema` of every command in a text. */
function commandsIn(text: string): string[][] {
  return [...text.matchAll(/npx gema (.*)$/gm)].map(([, rest = ""]) => rest.split(" "));
}

const shell = blocks.filter(({ language }) => language === "sh");
const running = shell.flatMap(({ note, text }) => {
  const code = /^exit (\d+)$/.exec(note)?.[1];
  return code === undefined ? [] : commandsIn(text).map((args) => ({ args, code: Number(code) }));
});

describe("the README", () => {
  test.each([...shell.flatMap(({ text }) => commandsIn(text)), ...commandsIn(workflow)])(
    "names commands and options that exist: %s %s",
    (name, ...args) => {
      const command = buildCommand().commands.find((one) => one.name() === name);
      expect(command?.parseOptions(args).unknown).toEqual([]);
    },
  );

  test("shows commands that a test can run", () => {
    expect(running.map(({ args }) => args[0])).toEqual(["grade", "check", "explain", "explain", "explain"]);
  });

  test.each(running)("says how this ends: $args", { timeout: 240_000 }, async ({ args, code }) => {
    const out = join(await folderWith({}), "out");
    const elsewhere = args.map((word) => (word === "results" ? out : word));
    const told = await gema(elsewhere, { cwd: ROOT, via: (await ownWorld()) ?? [] });
    expect({ code: told.code, stderr: told.stderr }).toEqual({ code, stderr: "" });
    if (!args.includes("--only")) return;
    const shown = blocks.find(({ note }) => note === "output of the command above")?.text ?? "";
    expect(fixedPart(told.stdout)).toBe(fixedPart(shown));
  });

  test("shows an assignment that loads", async () => {
    const yaml = blocks.find(({ language }) => language === "yaml")?.text ?? "";
    const folder = await folderWith({ "week-3.yaml": yaml });
    const assignment = await loadAssignment(join(folder, "week-3.yaml"), [...(await allChecks()).keys()]);
    expect(assignment).toMatchObject({ name: "week-3", contract: { kind: "stream", concurrent: true } });
    expect(assignment.requirements.map(({ points }) => points)).toEqual([60, 40]);
  });

  test("explains every exit code there is", () => {
    const codes = [...readme.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(codes).toEqual(Object.values(EXIT));
  });

  test("links to files that exist", async () => {
    const links = [...readme.matchAll(/\]\((?!http)([^)#]+)\)/g)].map(([, path = ""]) => path);
    expect(links.length).toBeGreaterThan(2);
    for (const link of links) expect((await readFile(join(ROOT, link))).length).toBeGreaterThan(0);
  });
});

/** What is said before the first thing that depends on how two programs happened to meet. */
function fixedPart(output: string): string {
  return output.slice(0, output.indexOf("  observed"));
}
