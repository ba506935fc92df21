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
const workflow = await readFile(join(ROOT, ".github/workflows/grade.yml"), "utf8");
const READMES = ["README.md", "README.id.md"];
const [english, indonesian] = await Promise.all(READMES.map((name) => readFile(join(ROOT, name), "utf8")));

interface Block {
  readonly language: string;
  readonly text: string;
  /** What the comment before it says. */
  readonly note: string;
}

function blocksOf(readme = ""): Block[] {
  return [...readme.matchAll(/(?:<!-- (.*) -->\n)?```(\w+)\n([\s\S]*?)```/g)].map(
    ([, note = "", language = "", text = ""]): Block => ({ note, language, text }),
  );
}

/** The words after `npx gema` of every command in a text. */
function commandsIn(text: string): string[][] {
  return [...text.matchAll(/npx gema (.*)$/gm)].map(([, rest = ""]) => rest.split(" "));
}

function shellOf(readme?: string): Block[] {
  return blocksOf(readme).filter(({ language }) => language === "sh");
}

/** The commands whose end is told, with the block that shows what they print. */
function runningIn(readme?: string) {
  const shown = blocksOf(readme).find(({ note }) => note === "output of the command above")?.text ?? "";
  return shellOf(readme).flatMap(({ note, text }) => {
    const code = /^exit (\d+)$/.exec(note)?.[1];
    return code === undefined ? [] : commandsIn(text).map((args) => ({ args, code: Number(code), shown }));
  });
}

const running = runningIn(english);
const alike = new Set(running.map(({ args }) => args.join(" ")));
const onlyIndonesian = runningIn(indonesian).filter(({ args }) => !alike.has(args.join(" ")));

test("both READMEs show the same commands; only the language asked for may differ", () => {
  const commands = (readme?: string) =>
    shellOf(readme).map(({ note, text }) => [note, text.replaceAll(" --lang id", "")]);
  expect(commands(indonesian)).toEqual(commands(english));
  expect(onlyIndonesian.map(({ args }) => args.slice(-2))).toEqual([["--lang", "id"]]);
  const headings = (readme = "") => [...readme.matchAll(/^#+ /gm)].map(([mark]) => mark);
  expect(headings(indonesian)).toEqual(headings(english));
});

describe("the READMEs", () => {
  test.each([...shellOf(english).flatMap(({ text }) => commandsIn(text)), ...commandsIn(workflow)])(
    "names commands and options that exist: %s %s",
    (name, ...args) => {
      const command = buildCommand().commands.find((one) => one.name() === name);
      expect(command?.parseOptions(args).unknown).toEqual([]);
    },
  );

  test("shows commands that a test can run", () => {
    expect(running.map(({ args }) => args[0])).toEqual(["grade", "check", "explain", "explain", "explain"]);
  });

  test.each([...running, ...onlyIndonesian])(
    "say how this ends: $args",
    { timeout: 240_000 },
    async ({ args, code, shown }) => {
      const out = join(await folderWith({}), "out");
      const elsewhere = args.map((word) => (word === "results" ? out : word));
      const told = await gema(elsewhere, { cwd: ROOT, via: (await ownWorld()) ?? [] });
      expect({ code: told.code, stderr: told.stderr }).toEqual({ code, stderr: "" });
      if (!args.includes("--only")) return;
      expect(fixedPart(told.stdout)).toBe(fixedPart(shown));
    },
  );

  test.each(READMES)("show an assignment that loads: %s", async (name) => {
    const readme = await readFile(join(ROOT, name), "utf8");
    const yaml = blocksOf(readme).find(({ language }) => language === "yaml")?.text ?? "";
    const folder = await folderWith({ "week-3.yaml": yaml });
    const assignment = await loadAssignment(join(folder, "week-3.yaml"), [...(await allChecks()).keys()]);
    expect(assignment).toMatchObject({ name: "week-3", contract: { kind: "stream", concurrent: true } });
    expect(assignment.requirements.map(({ points }) => points)).toEqual([60, 40]);
  });

  test.each(READMES)("explain every exit code there is: %s", async (name) => {
    const readme = await readFile(join(ROOT, name), "utf8");
    const codes = [...readme.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(codes).toEqual(Object.values(EXIT));
  });

  test.each(READMES)("link to files that exist: %s", async (name) => {
    const readme = await readFile(join(ROOT, name), "utf8");
    const links = [...readme.matchAll(/\]\((?!http)([^)#]+)\)/g)].map(([, path = ""]) => path);
    expect(links.length).toBeGreaterThan(2);
    for (const link of links) expect((await readFile(join(ROOT, link))).length).toBeGreaterThan(0);
  });
});

/** What is said before the first thing that depends on how two programs happened to meet. */
function fixedPart(output: string): string {
  return output.slice(0, output.search(/^ {2}(observed|ternyata) {2}/m));
}
