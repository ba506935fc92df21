import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadAssignment } from "../assignment/load.ts";
import { UserError } from "../user-error.ts";
import { prepareEntry, type Runnable } from "./build.ts";
import { openSubmission } from "./find-programs.ts";
import { preparedPackages } from "./packages.ts";
import { pythonInterpreter } from "./python.ts";

let root = "";
let workDir = "";
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "gema submission <&> ")));
  workDir = await mkdtemp(join(tmpdir(), "gema-work-"));
});
afterEach(async () => {
  await rm(root, { recursive: true });
  await rm(workDir, { recursive: true });
});

/** @param source where a copy lies for a sandbox */
async function prepare(files: Readonly<Record<string, string>>, source?: string, prepared?: string): Promise<Runnable> {
  for (const [name, source] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), source);
  }
  const options = { program: "tcp-server", entry: Object.keys(files)[0] ?? "" } as const;
  const { programs, handedIn } = await openSubmission(root, await loadAssignment("tcp-echo"), options);
  const entry = programs["tcp-server"];
  if (entry === undefined) throw new Error("no server was found");
  const read = { ...handedIn, ...(source !== undefined && { source }) };
  return prepareEntry(entry, { workDir, handedIn: read, prepared });
}

async function run({ command, cwd }: Runnable, ...args: string[]) {
  const [program, ...rest] = command;
  if (program === undefined) throw new Error("there is no command");
  return execa(program, [...rest, ...args], { cwd, reject: false, timeout: 20_000 });
}

async function output(files: Readonly<Record<string, string>>): Promise<string> {
  const { stdout, stderr } = await run(await prepare(files));
  return stdout + stderr;
}

describe("Python", () => {
  test("runs with the real interpreter in the submission's folder, beside its modules", async () => {
    const source = "import os, sys, helper\nprint(os.getcwd(), helper.word, sys.argv[1:])";
    const runnable = await prepare({ 'src/it\'s a "server".py': source, "src/helper.py": "word = 'halo'" });
    expect(runnable.command[0]).toBe(await pythonInterpreter());
    expect((await run(runnable, "a b")).stdout).toBe(`${root} halo ['a b']`);
  });

  test.each([
    ["a program of a package", "src/echo/server.py", "src.echo.server"],
    ["a package that is a program", "echo/__main__.py", "echo"],
  ])("%s is run by its module's name", async (_, file, module) => {
    const source = "import sys\nfrom .core import word\nfrom . import core\nprint(word, core.__name__, sys.argv[1:])";
    const runnable = await prepare({ [file]: source, [join(dirname(file), "core.py")]: "word = 'halo'" });
    expect(runnable.byHand).toEqual(["python3", "-m", module]);
    const core = `${dirname(file).replaceAll("/", ".")}.core`;
    expect((await run(runnable, "a")).stdout).toBe(`halo ${core} ['a']`);
  });

  test("the interpreter is not a shim", async () => {
    const { stdout } = await execa(await pythonInterpreter(), ["-c", "import sys; print(sys.executable)"]);
    expect(stdout).toBe(await pythonInterpreter());
  });

  test("a machine without Python is told so with exit code 3", async () => {
    const path = process.env.PATH;
    process.env.PATH = workDir;
    try {
      await expect(pythonInterpreter()).rejects.toMatchObject({ code: "python-missing", exit: 3 });
      await expect(pythonInterpreter()).rejects.toBeInstanceOf(UserError);
    } finally {
      process.env.PATH = path;
    }
  });

  test("a syntax error is left to Python", async () => {
    const runnable = await prepare({ "server.py": "def (:\n" });
    expect(runnable.problem).toBeUndefined();
    expect((await run(runnable)).stderr).toContain("SyntaxError");
  });
});

test.each([
  ["src/server.py", ["python3", "src/server.py"]],
  ["server.cjs", ["node", "server.cjs"]],
  ["server.mts", ["npx", "tsx", "server.mts"]],
])("%s is started by hand without the paths of this machine", async (name, words) => {
  expect((await prepare({ [name]: "1\n" })).byHand).toEqual(words);
});

describe("JavaScript runs as it is", () => {
  test.each([
    ["server.js", 'import os from "node:os"; console.log(typeof os.EOL, import.meta.url.endsWith("/server.js"))'],
    ["server.js", 'const os = require("os"); console.log(typeof os.EOL, require.main === module)'],
    ["server.cjs", "console.log(typeof __dirname, require.main === module)"],
    ["server.mjs", 'await null; console.log(typeof "", import.meta.url.endsWith("/server.mjs"))'],
  ])("%s: %s", async (name, source) => {
    expect(await output({ [name]: source })).toBe("string true");
    expect((await prepare({ [name]: source })).command).toEqual([
      process.execPath,
      "--no-memory-reducer",
      join(root, name),
    ]);
  });

  test("what only a bundler would refuse is left to Node", async () => {
    const runnable = await prepare({ "server.cjs": "try { require('./absent.js') } catch { console.log('ok') }" });
    expect((await run(runnable)).stdout).toBe("ok");
    const broken = await prepare({ "server.js": "let = ;" });
    expect((await run(broken)).stderr).toContain("SyntaxError");
  });

  test("unless it imports TypeScript", async () => {
    const files = {
      "server.js": 'import { word } from "./word.ts"; console.log(word)',
      "word.ts": "export const word: string = 'halo'",
    };
    expect(await output(files)).toBe("halo");
  });
});

const URL_MAIN =
  'import { pathToFileURL } from "node:url";\nif (import.meta.url === pathToFileURL(process.argv[1]!).href)';

describe("TypeScript", () => {
  test("types, enums and neighbours with and without extensions", async () => {
    const files = {
      "server.ts":
        'import { a } from "./lib/a.js";\nimport { b } from "./lib/b";\nenum Port { echo = 7 }\nconst c: number = Port.echo;\nconsole.log(a, b, c);',
      "lib/a.ts": "export const a: string = 'a';",
      "lib/b.ts": "export const b = 'b' as const;",
    };
    expect(await output(files)).toBe("a b 7");
  });

  test("the folder to work in and the arguments are the student's", async () => {
    const runnable = await prepare({ "src/server.ts": "console.log(process.cwd(), process.argv.slice(1).join())" });
    expect((await run(runnable, "5000")).stdout).toBe(`${root} ${join(root, "src/server.ts")},5000`);
  });

  test.each([
    [`${URL_MAIN} console.log("main");`],
    ['if (import.meta.url === "file://" + encodeURI(process.argv[1]!)) console.log("main"); export {};'],
    [
      'import { fileURLToPath } from "node:url";\nif (process.argv[1] === fileURLToPath(import.meta.url)) console.log("main");',
    ],
    ['import * as net from "net";\nif (require.main === module) console.log(net ? "main" : "");'],
    [
      'import net from "net";\nexport function serve(): net.Server { return net.createServer(); }\nif (require.main === module) console.log("main");',
    ],
    ['const net = require("net");\nif (require.main === module) console.log(net ? "main" : "");'],
    ['if (import.meta.main) console.log("main");'],
    ['import path from "node:path";\nif (path.basename(process.argv[1]!) === "server.ts") console.log("main");'],
  ])('"am I main": %s', async (source) => {
    expect(await output({ "server.ts": source })).toBe("main");
  });

  test.each([
    [`${URL_MAIN} console.log("helper");\nexport const word = "halo";`],
    ['export const word = "halo";\nif (require.main === module) console.log("helper");'],
  ])("a file that is imported is not main: %s", async (helper) => {
    const server = 'import { word } from "./helper";\nconsole.log(word);';
    expect(await output({ "server.ts": server, "helper.ts": helper })).toBe("halo");
    expect(await output({ "server.cts": server, "helper.ts": helper })).toBe("halo");
  });

  test("a file's own place is its source's", async () => {
    const own = "console.log(__dirname, __filename);";
    expect(await output({ "src/server.cts": own })).toBe(`${join(root, "src")} ${join(root, "src/server.cts")}`);
    expect(await output({ "src/server.mts": `import "node:fs"; ${own}` })).toBe(
      `${join(root, "src")} ${join(root, "src/server.mts")}`,
    );
  });

  test("names that ES modules declare by hand", async () => {
    const source = [
      'import { createRequire } from "node:module";',
      'import { dirname } from "node:path";',
      'import { fileURLToPath } from "node:url";',
      "const require = createRequire(import.meta.url);",
      "const __filename = fileURLToPath(import.meta.url);",
      "const __dirname = dirname(__filename);",
      'console.log(typeof require("node:net").createServer, __dirname);',
    ].join("\n");
    expect(await output({ "server.ts": source })).toBe(`function ${root}`);
  });

  test("require in an ES module, await at the top level, a first line for the shell", async () => {
    const source =
      '#!/usr/bin/env node\nimport "node:fs";\nconst os = require("os");\nawait null;\nconsole.log(typeof os.EOL);';
    expect(await output({ "server.ts": source })).toBe("string");
  });

  test("packages of the student's", async () => {
    const files = {
      "server.ts":
        'import { word } from "greeting";\nconst other = require("greeting/other.cjs");\nconsole.log(word, other);',
      "node_modules/greeting/package.json": '{"name":"greeting","type":"module","main":"index.js"}',
      "node_modules/greeting/index.js": 'export const word = "halo";',
      "node_modules/greeting/other.cjs": 'module.exports = "dunia";',
    };
    expect(await output(files)).toBe("halo dunia");
  });

  test("a crash names the student's line", async () => {
    const source = "interface A {\n  a: string;\n}\nconst a: A = { a: '' };\nthrow new Error(a.a + 'boom');\n";
    expect((await run(await prepare({ "src/server.ts": source }))).stderr).toContain(
      `${join(root, "src/server.ts")}:5`,
    );
  });

  test("a syntax error is a problem with its place", async () => {
    const { problem, command } = await prepare({ "src/server.ts": 'import "node:net";\nconst a = ;\n' });
    expect(command).toEqual([]);
    expect(problem?.en).toMatch(/^src\/server\.ts:2: .*Unexpected/);
  });

  test("a neighbour that is missing is a problem with its place", async () => {
    const { problem } = await prepare({ "server.ts": '\nimport { a } from "./absent";\nconsole.log(a);' });
    expect(problem?.en).toMatch(/^server\.ts:2: .*absent/);
  });

  test("in a sandbox nothing from outside comes in, be it by a path, a link or packages", async () => {
    const outside = join(workDir, "secret.json");
    await writeFile(outside, '{ "secret": 1 }');
    await symlink(outside, join(root, "own.json"));
    await symlink("/", join(root, "node_modules"));
    for (const path of [outside, "./own.json"]) {
      const files = { "server.ts": `import a from ${JSON.stringify(path)};\nconsole.log(a);` };
      expect((await prepare(files)).problem).toBeUndefined();
      expect((await prepare(files, "/copy")).problem?.en).toMatch(/"secret.json" lies outside of the submission$/);
    }
    const { problem, readable } = await prepare(
      { "server.ts": 'import { a } from "./a";', "a.ts": "export const a = 1;" },
      "/copy",
    );
    expect(problem).toBeUndefined();
    expect(readable.map(({ path }) => path)).toEqual([root, join(workDir, "tcp-server")]);
  });

  test("type errors do not hinder it", async () => {
    expect(await output({ "server.ts": "const a: number = 'text';\nconsole.log(a);" })).toBe("text");
  });

  test("what was built before is replaced", async () => {
    expect(await output({ "server.ts": "console.log(1)" })).toBe("1");
    expect(await output({ "server.ts": "console.log(2)" })).toBe("2");
  });
});

describe.skipIf(process.platform !== "linux")("names that are no UTF-8", () => {
  test.each([
    ["server-\\xe9.py", "import helper\nprint(helper.word)", "helper.py", "word = 'halo'"],
    ["server-\\xe9.js", 'console.log(require("./helper").word)', "helper.js", "exports.word = 'halo'"],
    [
      "server-\\xe9.ts",
      'import { word } from "./helper";\nconsole.log(word as string)',
      "helper.ts",
      "export const word = 'halo'",
    ],
  ])("%s runs", async (shownName, source, helper, helperSource) => {
    const [stem = "", extension = ""] = shownName.split("\\xe9");
    await writeFile(Buffer.concat([Buffer.from(`${root}/${stem}`), Buffer.of(0xe9), Buffer.from(extension)]), source);
    await writeFile(join(root, helper), helperSource);
    const { programs, handedIn } = await openSubmission(root, await loadAssignment("tcp-echo"));
    const entry = programs["tcp-server"];
    expect(entry?.file).toBe(shownName);
    if (entry === undefined) throw new Error("no server was found");
    const { stdout, stderr } = await run(await prepareEntry(entry, { workDir, handedIn }));
    expect(stdout + stderr).toBe("halo");
  });
});

describe("packages of others", () => {
  const asking = { "package.json": '{ "dependencies": { "echo-kit": "^1.0.0", "@kelas/kit": "*" } }' };
  /** Beside the submission, as a lecturer has them. */
  async function preparedFolder(): Promise<string> {
    const folder = join(workDir, "prepared");
    for (const name of ["echo-kit", "@kelas/kit"]) {
      await mkdir(join(folder, name), { recursive: true });
      await writeFile(join(folder, name, "package.json"), JSON.stringify({ name, main: "index.js" }));
      await writeFile(join(folder, name, "index.js"), `exports.word = ${JSON.stringify(name)};`);
    }
    return folder;
  }

  test.each([
    ["server.mjs", 'import { word } from "echo-kit"; console.log(word);'],
    ["server.js", 'const { word } = require("echo-kit"); console.log(word);'],
    ["server.cjs", 'console.log(require("echo-kit").word);'],
    ["server.ts", 'import { word } from "echo-kit"; const said: string = word; console.log(said);'],
    ["server.cts", 'const kit: { word: string } = require("echo-kit"); console.log(kit.word);'],
  ])("%s imports a prepared one, which it may read", async (file, source) => {
    const prepared = await preparedFolder();
    const runnable = await prepare({ [file]: source, ...asking }, undefined, prepared);
    expect(await run(runnable)).toMatchObject({ stdout: "echo-kit", stderr: "" });
    expect(runnable.readable).toContainEqual({ path: prepared, source: prepared });
    expect(runnable.notes).toEqual([]);
  });

  test("that are asked for and not there are named, and never installed", async () => {
    const runnable = await prepare({ "server.mjs": 'import "echo-kit";', ...asking });
    expect(runnable.notes[0]?.en).toContain("package.json asks for echo-kit, @kelas/kit, and Gema installs nothing");
    expect((await run(runnable)).stderr).toContain("Cannot find package 'echo-kit'");
    const brought = { "node_modules/echo-kit/package.json": "{}", "node_modules/echo-kit/index.js": "" };
    const some = await prepare({ "server.mjs": 'import "echo-kit";', ...asking, ...brought });
    expect(some.notes[0]?.en).toContain("package.json asks for @kelas/kit, and");
  });

  test.each(["", "[]", "null", '{ "dependencies": null }', "{"])("a package.json of %j asks for none", async (text) => {
    expect((await prepare({ "server.mjs": "console.log(1)", "package.json": text })).notes).toEqual([]);
  });
});

describe("the packages that an assignment allows", () => {
  test("lie beside its file", async () => {
    await mkdir(join(root, "packages"));
    const usual = await loadAssignment("tcp-echo");
    const file = join(root, "a.yaml");
    expect(await preparedPackages(file, usual)).toBeUndefined();
    expect(await preparedPackages(file, { ...usual, nodeModules: "packages" })).toBe(join(root, "packages"));
    await expect(preparedPackages(file, { ...usual, nodeModules: "elsewhere" })).rejects.toThrow(UserError);
  });
});
