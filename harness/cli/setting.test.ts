import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import getPort from "get-port";
import { describe, expect, test } from "vitest";
import { MOST_ISOLATION } from "../launch/isolation/sandbox.test-helper.ts";
import { junitBreaches } from "../report/junit-rules.test-helper.ts";
import { ANY_PORT, ECHO, folderWith, gema, SINGLE_RECV, startGema } from "./run-gema.test-helper.ts";

const CHECK = ["check", "server.py", "-a", "any.yaml"];
const KEEPS = ["--only", "tcp-server/keeps-the-connection", "--seed", "1"];

describe("what hinders Gema ends with 3 and is not held against the program", () => {
  test.skipIf(process.platform !== "linux")("a port that is taken: its holder is named", async () => {
    const port = await getPort({ host: "127.0.0.1" });
    const holder = createServer().listen(port, "127.0.0.1");
    const yaml = `extends: tcp-echo\nprograms: { tcp-server: {} }\naddress: { port: ${port} }\n`;
    const cwd = await folderWith({ "server.py": ECHO, "any.yaml": yaml });
    const english = await gema([...CHECK, "--isolation", "none"], { cwd });
    const indonesian = await gema([...CHECK, "--isolation", "none", "--lang", "id"], { cwd });
    const elsewhere = await gema([...CHECK, ...KEEPS, "--isolation", MOST_ISOLATION], { cwd });
    holder.close();
    expect(elsewhere.stderr).toBe("");
    expect(english).toMatchObject({ code: 3, stdout: "" });
    expect(english.stderr).toContain(`127.0.0.1:${port} is already in use by process ${process.pid} (`);
    expect(english.stderr).toContain("End that process");
    expect(indonesian.stderr).toContain(`127.0.0.1:${port} sedang dipakai oleh proses ${process.pid} (`);
  });

  test("a machine without Python", async () => {
    const cwd = await folderWith({ "server.py": ECHO, "any.yaml": ANY_PORT });
    const { code, stdout, stderr } = await gema(CHECK, { cwd, env: { PATH: cwd } });
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toContain("There is no Python 3 on this machine.");
  });

  test("an error of our own, wherever it happens", async () => {
    const cwd = await folderWith({ "server.py": ECHO, "any.yaml": ANY_PORT });
    const later = `import promises from "node:fs/promises";
      import { syncBuiltinESMExports } from "node:module";
      promises.mkdtemp = () => new Promise(() => setImmediate(() => { throw new Error("our own"); }));
      syncBuiltinESMExports();`;
    await writeFile(join(cwd, "break.mjs"), later);
    const { code, stderr } = await gema(CHECK, { cwd, env: { NODE_OPTIONS: `--import=${join(cwd, "break.mjs")}` } });
    expect(stderr).toContain("gema broke: Error: our own");
    expect(code).toBe(3);
  });

  test.each(["--junit", "--evidence"])("a place where %s cannot be written", async (option) => {
    const cwd = await folderWith({ "server.py": "pass\n", "any.yaml": ANY_PORT, "taken/file": "" });
    const { code, stdout, stderr } = await gema([...CHECK, option, "taken"], { cwd });
    expect(code).toBe(3);
    expect(stdout).toContain("✗");
    expect(stderr).toContain("taken could not be written (EISDIR).");
  });

  test.skipIf(process.platform !== "linux")("a full disk under its output", async () => {
    const cwd = await folderWith({ "server.py": "pass\n", "any.yaml": ANY_PORT });
    const { code, stderr } = await gema(CHECK, { cwd, via: ["sh", "-c", 'exec "$@" >/dev/full', "sh"] });
    expect(code).toBe(3);
    expect(stderr).toContain("could not be written (ENOSPC)");
  });
});

describe("a reader that leaves early", () => {
  test("gets no stack, and the exit code stands", async () => {
    const cwd = await folderWith({ "server.py": "pass\n", "any.yaml": ANY_PORT });
    const running = startGema([...CHECK, "--junit", "junit.xml"], { cwd });
    running.stdout.destroy();
    const { exitCode, stderr } = await running;
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
    expect(await readFile(join(cwd, "junit.xml"), "utf8")).toContain("<failure");
  });
});

describe("colours and width", () => {
  const output = async (env: Record<string, string>) => {
    const cwd = await folderWith({ "server.py": SINGLE_RECV, "any.yaml": ANY_PORT });
    return (await gema([...CHECK, ...KEEPS], { cwd, env })).stdout;
  };

  test("there are none in a pipe, and 80 columns but for commands to copy", async () => {
    const plain = await output({});
    expect(stripVTControlCharacters(plain)).toBe(plain);
    const [beforeCommand] = plain.split("To see it by hand");
    expect(beforeCommand?.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test("FORCE_COLOR asks for them, NO_COLOR has the last word", async () => {
    const colored = await output({ FORCE_COLOR: "1" });
    expect(stripVTControlCharacters(colored)).not.toBe(colored);
    for (const env of [{ FORCE_COLOR: "0" }, { FORCE_COLOR: "1", NO_COLOR: "1" }]) {
      const plain = await output(env);
      expect(stripVTControlCharacters(plain)).toBe(plain);
    }
  });
});

describe("in Indonesian", () => {
  test("all that a student reads is", async () => {
    const cwd = await folderWith({ "server.py": SINGLE_RECV, "any.yaml": ANY_PORT });
    const { code, stdout } = await gema([...CHECK, ...KEEPS, "--lang", "id"], { cwd });
    expect(code).toBe(1);
    for (const word of ["gagal", "harusnya", "ternyata", "sebab", "Percakapannya", "Untuk melihatnya sendiri", "poin"])
      expect(stdout).toContain(word);
    for (const word of ["failed", "expected", "observed", "The conversation", "To see", "points", "look up"])
      expect(stdout).not.toContain(word);
  });
});

describe("on GitHub", () => {
  test("a failure is an annotation and a summary; a report in JUnit is valid", async () => {
    const cwd = await folderWith({ "server.py": "def (:\n", "any.yaml": ANY_PORT, "summary.md": "before\n" });
    const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: join(cwd, "summary.md") };
    const { code, stdout } = await gema([...CHECK, "--junit", "out/junit.xml"], { cwd, env });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^::error file=server\.py,line=1,title=.*SyntaxError/m);
    const summary = await readFile(join(cwd, "summary.md"), "utf8");
    expect(summary).toMatch(/^before\n## ✗ server\.py: failed, \d+\/65\n/);
    expect(junitBreaches(await readFile(join(cwd, "out/junit.xml"), "utf8"))).toEqual([]);
  });

  test("elsewhere nothing is annotated", async () => {
    const cwd = await folderWith({ "server.py": "def (:\n", "any.yaml": ANY_PORT });
    expect((await gema(CHECK, { cwd })).stdout).not.toMatch(/^\s*::/m);
  });

  test("a program cannot speak to the runner", async () => {
    const source = `print("::error::pwned\\n##[error]pwned\\n::set-output name=a::b")\nimport sys\nprint("::warning::pwned", file=sys.stderr)\nsys.exit(3)\n`;
    const cwd = await folderWith({ "server.py": source, "any.yaml": ANY_PORT });
    const { stdout } = await gema([...CHECK, "--verbose"], { cwd, env: { GITHUB_ACTIONS: "true" } });
    expect(stdout).toContain("pwned");
    expect(stdout.split("\n").filter((line) => /^\s*::/.test(line) && line.includes("pwned::"))).toEqual([]);
    expect(stdout).not.toMatch(/^\s*::(error|warning)::|##\[/m);
  });
});
