import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ANY_PORT, ECHO, folderWith, gema } from "./run-gema.test-helper.ts";

const SLOW = { timeout: 60_000 };

async function filesIn(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const paths = names.map(({ parentPath, name }) => join(parentPath, name));
  const read = await Promise.all(
    paths.map(async (path) => [path.slice(folder.length + 1), await readFile(path, "utf8")]),
  );
  return Object.fromEntries(read);
}

describe("gema init", () => {
  test.each([
    [[], "tcp-echo", ["README.md", "assignment.yaml", "client.py", "server.py"]],
    [["--language", "typescript"], "tcp-echo", ["README.md", "assignment.yaml", "client.ts", "server.ts"]],
    [["mine", "-a", "tcp-echo-lecture"], "mine", ["README.md", "assignment.yaml", "client.py", "server.py"]],
    [["-a", "udp-echo"], "udp-echo", ["README.md", "assignment.yaml", "client.py", "server.py"]],
    [
      ["-a", "echo-all"],
      "echo-all",
      ["README.md", "assignment.yaml", "tcp_client.py", "tcp_server.py", "udp_client.py", "udp_server.py"],
    ],
    [["-a", "any.yaml"], "any-port", ["README.md", "assignment.yaml", "server.py"]],
  ])("with %j makes %s, which gema check understands at once", SLOW, async (args, folder, names) => {
    const cwd = await folderWith({ "any.yaml": ANY_PORT });
    const made = await gema(["init", ...args], { cwd });
    expect(made).toMatchObject({ code: 0, stderr: "" });
    expect(made.stdout).toContain(`cd ${folder}\n  gema check\n`);
    expect((await readdir(join(cwd, folder))).sort()).toEqual(names);
    const checked = await gema(["check"], { cwd: join(cwd, folder) });
    expect(checked).toMatchObject({ code: 1, stderr: "" });
    expect(checked.stdout).toMatch(/^✗ The program ends before it does anything\n/);
  });

  test("writes the handout and the program's first lines in the language that was chosen", async () => {
    const cwd = await folderWith({});
    await gema(["init", "en", "-a", "tcp-echo-lecture"], { cwd });
    await gema(["init", "id", "-a", "tcp-echo-lecture", "--lang", "id"], { cwd });
    const [english, indonesian] = await Promise.all(["en", "id"].map((folder) => filesIn(join(cwd, folder))));
    expect(english?.["README.md"]).toContain("| The client receives the reply. | 9 |\n");
    expect(english?.["README.md"]).toContain("| | **100** |\n");
    expect(english?.["README.md"]).toContain("Host `127.0.0.1`, port `5000`. Both stand in your program.");
    expect(indonesian?.["README.md"]).toContain("| Klien menerima balasan. | 9 |\n");
    expect(indonesian?.["README.md"]).toContain("gema check --lang id");
    for (const [name, contents] of Object.entries(english ?? {})) {
      if (name === "assignment.yaml") expect(indonesian?.[name]).toBe(contents);
      else expect(indonesian?.[name]).not.toBe(contents);
    }
    for (const line of english?.["server.py"]?.trimEnd().split("\n") ?? [""]) expect(line).toMatch(/^#/);
  });

  test.each([
    ["{ passed: argv }", "`python3 server.py 127.0.0.1 5000`"],
    ["{ passed: env, port: 7000 }", "`HOST=127.0.0.1 PORT=7000 python3 server.py`"],
    ["{ passed: stdin }", "`python3 server.py`, then types `127.0.0.1`, `5000`"],
    ["{ passed: { by: command, command: [node, app.js, '{port}'] } }", "`node app.js 5000`"],
  ])("shows how a program learns its address when %s", async (address, expected) => {
    const yaml = `extends: tcp-echo\nname: a\nprograms: { tcp-server: {} }\naddress: ${address}\n`;
    const cwd = await folderWith({ "a.yaml": yaml });
    expect(await gema(["init", "-a", "a.yaml"], { cwd })).toMatchObject({ code: 0 });
    expect((await filesIn(join(cwd, "a")))["README.md"]).toContain(`as in ${expected}\n`);
  });

  test("shows that the client learns its address in another way", async () => {
    const yaml = "extends: tcp-echo\nname: a\naddress: { passed: { by: argv, args: ['{port}'] } }\n";
    const cwd = await folderWith({
      "a.yaml": `${yaml}client: { passed: argv }\n`,
      "b.yaml": `${yaml}client: { passed: fixed }\n`,
    });
    await gema(["init", "a", "-a", "a.yaml"], { cwd });
    await gema(["init", "b", "-a", "b.yaml"], { cwd });
    const [given, fixed] = await Promise.all(["a", "b"].map((folder) => filesIn(join(cwd, folder))));
    expect(given?.["README.md"]).toContain("as in `python3 server.py 5000`");
    expect(given?.["README.md"]).toContain("as in `python3 client.py 127.0.0.1 5000 Halo`");
    expect(fixed?.["README.md"]).toContain("Both stand in your client. Your server is given both when it is started.");
  });

  test("overwrites nothing, and then makes nothing at all", async () => {
    const cwd = await folderWith({ "mine/client.py": "my work\n", "mine/notes.txt": "" });
    const refused = await gema(["init", "mine"], { cwd });
    expect(refused).toMatchObject({ code: 64, stdout: "" });
    expect(refused.stderr).toContain("mine/client.py is there already, and Gema overwrites nothing.");
    expect(await filesIn(join(cwd, "mine"))).toEqual({ "client.py": "my work\n", "notes.txt": "" });
  });

  test.each([
    [["a-file"], 3, "could not be written (ENOTDIR)"],
    [["-a", "week-9"], 64, "There is no assignment week-9."],
    [["-a", "named.yaml", "--language", "typescript"], 64, "asks for app.py, which is not typescript."],
    [["--language", "java"], 64, "python, typescript"],
  ])("refuses %j", async (args, code, words) => {
    const named = "extends: tcp-echo\nprograms: { tcp-server: { file: app.py } }\n";
    const cwd = await folderWith({ "a-file": "", "named.yaml": named });
    const refused = await gema(["init", ...args], { cwd });
    expect(refused).toMatchObject({ code, stdout: "" });
    expect(refused.stderr).toContain(words);
    expect((await readdir(cwd)).sort()).toEqual(["a-file", "named.yaml"]);
  });
});

describe("gema check without arguments", () => {
  test("takes the assignment that lies in the folder, also for a file in it", SLOW, async () => {
    const cwd = await folderWith({ "mine/server.py": ECHO, "mine/assignment.yaml": ANY_PORT });
    const passed = await gema(["check"], { cwd: join(cwd, "mine") });
    expect(passed).toMatchObject({ code: 0, stderr: "" });
    expect(await gema(["check", "mine/server.py"], { cwd })).toMatchObject({ code: 0 });
    expect((await gema(["list"], { cwd: join(cwd, "mine") })).stdout).not.toContain("tcp-client/");
    await writeFile(join(cwd, "mine/assignment.yaml"), "extends: tcp-ecko\n");
    const broken = await gema(["check"], { cwd: join(cwd, "mine") });
    expect(broken).toMatchObject({ code: 64, stdout: "" });
    expect(broken.stderr).toContain("assignment.yaml:1:10:");
  });

  test("asks for nothing that nobody asked for, and says what it took for granted", SLOW, async () => {
    const cwd = await folderWith({ "server.py": "pass\n" });
    const assumed = await gema(["check"], { cwd });
    expect(assumed.code).toBe(1);
    expect(assumed.stdout.replace(/\s+/g, " ")).toContain(
      "There is no assignment.yaml here: what is there was checked as tcp-echo.",
    );
    expect(assumed.stdout).toContain("0 of 65 points");
    expect((await gema(["check", "-a", "tcp-echo"], { cwd })).stdout).toContain("0 of 100 points");

    const datagrams = await folderWith({ "server.py": "import socket\ns = socket.socket(type=socket.SOCK_DGRAM)\n" });
    expect((await gema(["check"], { cwd: datagrams })).stdout.replace(/\s+/g, " ")).toContain("checked as udp-echo.");
  });
});
