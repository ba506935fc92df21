import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { gemaVersion } from "../grade/gema-version.ts";
import { UserError } from "../user-error.ts";
import { buildCommand } from "./program.ts";
import { ANY_PORT, ECHO, folderWith, gema } from "./run-gema.test-helper.ts";
import { USAGE_ERRORS } from "./usage-error.ts";

/** Every description of a command, an argument or an option. */
function wordsOf(command: Command): string[] {
  const parts = [...command.options, ...command.registeredArguments].map(({ description }) => description);
  return [command.description(), ...parts, ...command.commands.flatMap(wordsOf)];
}

describe("help", () => {
  test("says what there is, what exit codes mean and where to start", async () => {
    const { code, stdout, stderr } = await gema(["--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const word of ["check", "grade", "list", "explain", "rejudge", "Exit codes", "gema check server.py"])
      expect(stdout).toContain(word);
  });

  test("of a command shows its options and an example", async () => {
    const { code, stdout } = await gema(["grade", "--help"]);
    expect(code).toBe(0);
    for (const word of ["--out <folder>", "--assignment <name|file>", "Example:", "could not be told"])
      expect(stdout.replace(/\s+/g, " ")).toContain(word);
  });

  test("speaks Indonesian when asked to, or when the environment does", async () => {
    const asked = await gema(["grade", "--help", "--lang", "id"]);
    const told = await gema(["grade", "--help"], { env: { LANG: "id_ID.UTF-8" } });
    expect(asked).toEqual(told);
    for (const word of [
      "Cara pakai: gema grade",
      "Opsi:",
      "menilai satu kelas",
      "Kode keluar:",
      "Contoh:",
      "(pilihan: ",
    ])
      expect(told.stdout.replace(/\s+/g, " ")).toContain(word);
    expect((await gema(["--help"], { env: { LANG: "id_ID.UTF-8" } })).stdout).toContain("Mulailah dengan:");
  });

  test("says everything in both languages, and nothing the same way", () => {
    const [english, indonesian] = [wordsOf(buildCommand("en")), wordsOf(buildCommand("id"))];
    expect(english.length).toBeGreaterThan(40);
    expect(indonesian.length).toBe(english.length);
    for (const [place, words] of english.entries()) expect(indonesian[place]).not.toBe(words);
    const help = buildCommand("id").commands.map((command) => command.helpInformation());
    for (const text of help) expect(text).not.toMatch(/Usage|Options|Arguments|Commands|choices|default|display/);
  });

  test("tells its version", async () => {
    expect((await gema(["--version"])).stdout).toBe(`${gemaVersion()}\n`);
  });
});

describe("wrong usage ends with 64 and a way out, without a stack", () => {
  test.each([
    [[], "Usage: gema"],
    [["chek"], "Did you mean check?"],
    [["check", "--sed", "4"], "Did you mean --seed?"],
    [["check", "--seed", "-1"], "whole number, 0 or more"],
    [["check", "--seed", "1.5"], "whole number, 0 or more"],
    [["check", "--program", "udp"], "tcp-server, tcp-client"],
    [["check", "--lang", "fr"], "en, id"],
    [["check", "one", "two"], "too many arguments: 2 instead of 1"],
    [["grade", "."], "--assignment"],
    [["grade", ".", "--assignment", "tcp-echo"], "--out"],
    [["rejudge"], "<evidence> is missing."],
    [["explain", "singel-recv"], "Did you mean single-recv?"],
    [["explain", "keeps-the-conection"], "Did you mean keeps-the-connection?"],
    [["rejudge", "nowhere"], "nowhere cannot be read (ENOENT)"],
    [["grade", "nowhere", "-a", "tcp-echo", "--out", "out"], "no submissions in nowhere (ENOENT)"],
  ])("%j", async (args, expected) => {
    const { code, stdout, stderr } = await gema(args);
    expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
    expect(stderr).toContain(expected);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe("what Commander complains of", () => {
  const made: Readonly<Record<string, readonly [args: string[], what: string, help: string]>> = {
    "commander.unknownCommand": [["chek"], "Tidak ada perintah chek.", "Maksud Anda check?"],
    "commander.unknownOption": [["check", "--sed=4"], "Tidak ada opsi --sed=4.", "Maksud Anda --seed?"],
    "commander.missingArgument": [["rejudge"], "<evidence> belum diberikan.", "gema rejudge [options] <evidence...>"],
    "commander.optionMissingArgument": [
      ["check", "--only"],
      "Nilai dari --only <id...> belum diberikan.",
      "gema check --help",
    ],
    "commander.missingMandatoryOptionValue": [
      ["merge", "a"],
      "--out <folder> belum diberikan.",
      "gema merge --help menampilkan yang ada.",
    ],
    "commander.conflictingOption": [
      ["check", "--watch", "--junit", "a.xml"],
      "--watch tidak dapat dipakai bersama --junit <file>.",
      "Pakai salah satu saja.",
    ],
    "commander.excessArguments": [
      ["check", "my", "server.py"],
      "Argumennya terlalu banyak: 2, padahal seharusnya 1.",
      "gema check [options] [program]",
    ],
    "commander.invalidArgument": [
      ["check", "--program", "udp"],
      "--program <kind> tidak dapat berisi udp.",
      "Pilihannya: tcp-server, tcp-client",
    ],
  };

  test("has words of ours for every code that it has", async () => {
    const lib = createRequire(import.meta.url)
      .resolve("commander")
      .replace("index.js", "lib");
    const sources = await Promise.all(["command.js", "error.js"].map((file) => readFile(`${lib}/${file}`, "utf8")));
    const complaints = sources
      .join("\n")
      .matchAll(/this\.error\([^;]*?'(commander\.\w+)'|super\(1, '(commander\.\w+)'/g);
    const codes = [...complaints].flatMap(([, thrown, wrapped]) => thrown ?? wrapped ?? []);
    expect(codes.sort()).toEqual(Object.keys(USAGE_ERRORS).sort());
  });

  test.each(Object.keys(USAGE_ERRORS))("%s is told in both languages, with a way out", async (code) => {
    const [args, what, help] = made[code] ?? [[], "", ""];
    const told = await buildCommand("id")
      .parseAsync(args, { from: "user" })
      .catch((error: unknown) => error);
    if (!(told instanceof UserError)) throw new Error(`${args.join(" ")} is no wrong usage`);
    expect({ ...told, what: told.what.id }).toMatchObject({ what, exit: 64 });
    expect(told.help.id).toContain(help);
    expect(told.what.en).not.toBe(told.what.id);
    expect(told.help.en).not.toBe(told.help.id);
  });

  test("is told in the language asked for, or in the environment's", async () => {
    const asked = await gema(["check", "--sed", "4", "--lang", "id"]);
    expect(asked).toEqual({
      code: 64,
      stdout: "",
      stderr: "gema: Tidak ada opsi --sed.\n      Maksud Anda --seed? gema check --help menampilkan yang ada.\n",
    });
    expect(await gema(["check", "--sed", "4"], { env: { LANG: "id_ID.UTF-8" } })).toEqual(asked);
    expect((await gema(["check", "--seed", "-1", "--lang", "id"])).stderr).toContain(
      "harus bilangan bulat, 0 atau lebih",
    );
  });
});

describe("--only", () => {
  test.each([
    ["keeps-the-connection", "Did you mean tcp-server/keeps-the-connection?"],
    ["tcp-server/keeps-the-conection", "Did you mean tcp-server/keeps-the-connection?"],
    ["tcp-server/closes-after-its-echo", "does not apply here"],
    ["tcp-client/sends-its-message", "does not apply here"],
  ])("refuses %s instead of passing with nothing tried", async (id, expected) => {
    const cwd = await folderWith({ "server.py": ECHO, "any.yaml": ANY_PORT });
    const { code, stderr } = await gema(["check", "server.py", "-a", "any.yaml", "--only", id], { cwd });
    expect(code).toBe(64);
    expect(stderr).toContain(expected);
  });
});

describe("an assignment that cannot be used is named with line, column and a way out", () => {
  test.each([
    ["missing", undefined, "There is no assignment a.yaml.", "tcp-echo, tcp-echo-lecture"],
    ["not YAML", "a: [1\nb: }", "a.yaml:2:1:", "Mend the syntax"],
    ["empty", "", "a.yaml", "extends: tcp-echo"],
    ["a list", "- 1\n", "a.yaml:1:1:", "keys and values"],
    ["an unknown key", "extends: tcp-echo\nadress: {}", "a.yaml:2:1: Unknown key adress.", "Did you mean address?"],
    ["an unknown preset", "extends: tcp-ecko", "a.yaml:1:10:", "Did you mean tcp-echo?"],
    [
      "negative points",
      "extends: tcp-echo\nrequirements: [{ id: a, text: A, points: -3 }]",
      "a.yaml:2:42: requirements[0].points cannot be -3.",
      "at least 0",
    ],
    ["no programs", "extends: tcp-echo\nprograms: {}", "a.yaml:2:11:", "tcp-server: {}"],
    ["a port out of range", "extends: tcp-echo\naddress: { port: 70000 }", "a.yaml:2:18:", "at most 65535"],
    [
      "an unknown check",
      "extends: tcp-echo\nrequirements: [{ id: a, text: A, points: 1, checks: [tcp-server/ecoes-a-message] }]",
      "There is no check tcp-server/ecoes-a-message.",
      "tcp-server/echoes-a-message",
    ],
  ])("%s", async (_, yaml, what, help) => {
    const cwd = await folderWith({ "server.py": ECHO, ...(yaml !== undefined && { "a.yaml": yaml }) });
    const { code, stdout, stderr } = await gema(["check", "server.py", "-a", "a.yaml"], { cwd });
    expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
    expect(stderr).toContain(what);
    expect(stderr).toContain(help);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test("a folder", async () => {
    const cwd = await folderWith({ "server.py": ECHO });
    const { code, stderr } = await gema(["check", "server.py", "-a", "."], { cwd });
    expect(code).toBe(64);
    expect(stderr).toContain(". is a folder, not an assignment.");
  });
});

describe("the language", () => {
  test("of errors follows --lang, then the environment", async () => {
    const english = await gema(["check", "nowhere.py"]);
    expect(english.stderr).toContain("There is no file or folder nowhere.py.");
    const asked = await gema(["check", "nowhere.py", "--lang", "id"]);
    expect(asked.stderr).toContain("Tidak ada");
    const set = await gema(["check", "nowhere.py"], { env: { LANG: "id_ID.UTF-8" } });
    expect(set.stderr).toBe(asked.stderr);
    expect((await gema(["check", "nowhere.py", "--lang=en"], { env: { LANG: "id_ID.UTF-8" } })).stderr).toBe(
      english.stderr,
    );
  });
});
