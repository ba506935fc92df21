import { existsSync, readFileSync } from "node:fs";
import { chmod, chown, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ANY_PORT, ECHO, folderWith, gema, LISTEN, SERVE, SINGLE_RECV } from "./run-gema.test-helper.ts";

/** Checks one program that is told its port. */
async function checkProgram(source: string | Uint8Array, name = "server.py", args: readonly string[] = []) {
  const cwd = await folderWith({ [name]: source, "any.yaml": ANY_PORT });
  return { cwd, ...(await gema(["check", name, "-a", "any.yaml", ...args], { cwd })) };
}

/** A process that has ended may remain in the table until its parent takes notice. */
function isAlive(pid: number): boolean {
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "utf8") : "";
  return /\) [^ZX] /.test(stat);
}

const ONLY_ECHO = ["--only", "tcp-server/echoes-a-message"];
/** Where programs may write, and nothing but Gema itself keeps them within bounds. */
const IN_THE_OPEN = [...ONLY_ECHO, "--isolation", "none"];

describe("what is no program at all ends with 64 and says why", () => {
  test.each<[string, string | Uint8Array, string, string]>([
    ["empty", "", "server.py", "server.py is empty."],
    ["white space", " \n\t\n", "server.py", "server.py is empty."],
    ["binary", Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]), "server.py", "server.py is not text in UTF-8."],
    ["in another language", "int main() {}", "server.c", ".py .ts .mts .cts .js .mjs .cjs"],
  ])("%s", async (_, source, name, why) => {
    const { code, stdout, stderr } = await checkProgram(source, name);
    expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
    expect(stderr).toContain(why);
  });

  test("a folder that contains itself, and links that lead nowhere", async () => {
    const cwd = await folderWith({ "any.yaml": ANY_PORT, "loop/readme.txt": "nothing to run" });
    await symlink(".", join(cwd, "loop/self"));
    await symlink("second.py", join(cwd, "loop/first.py"));
    await symlink("first.py", join(cwd, "loop/second.py"));
    const whole = await gema(["check", "loop", "-a", "any.yaml"], { cwd });
    expect(whole.code).toBe(64);
    expect(whole.stderr).toContain("loop holds no program that Gema can run, only .txt.");
    const link = await gema(["check", "loop/first.py", "-a", "any.yaml"], { cwd });
    expect(link.code).toBe(64);
    expect(link.stderr).toContain("loop/first.py cannot be opened (ELOOP).");
  });

  test("several files, none of them clearly the server", async () => {
    const cwd = await folderWith({ "any.yaml": ANY_PORT, "two/a.py": ECHO, "two/b.py": `${ECHO}\n` });
    const { code, stderr } = await gema(["check", "two", "-a", "any.yaml"], { cwd });
    expect(code).toBe(64);
    expect(stderr).toContain("Which file is the tcp-server? a.py, b.py");
    expect(stderr).toContain("--entry FILE");
    const chosen = await gema(["check", "two", "--entry", "b.py", "-a", "any.yaml", ...ONLY_ECHO], { cwd });
    expect(chosen.code).toBe(0);
  });

  test("a file that could be either program", async () => {
    const cwd = await folderWith({ "tugas.py": "print('halo')" });
    const { code, stderr } = await gema(["check", "tugas.py"], { cwd });
    expect(code).toBe(64);
    expect(stderr).toContain("Is tugas.py a server or a client?");
    expect(stderr).toContain("--program tcp-server or --program tcp-client");
  });

  test.skipIf(process.platform === "win32")("a file that may not be read", async () => {
    const cwd = await folderWith({ "server.py": ECHO, "any.yaml": ANY_PORT });
    await chmod(join(cwd, "server.py"), 0);
    // Root may read everything: Gema runs as nobody then.
    const root = process.getuid?.() === 0;
    if (root) await chown(cwd, 65534, 65534);
    const { code, stderr } = await gema(["check", "server.py", "-a", "any.yaml"], {
      cwd,
      env: { TMPDIR: cwd },
      ...(root && { user: 65534 }),
    });
    expect(stderr).toContain("server.py may not be read.");
    expect(code).toBe(64);
  });
});

describe("what does not serve fails with 1 and says what it did", () => {
  const ELSEWHERE = ECHO.replace("int(sys.argv[2])", "0");
  const UDP = LISTEN.replace("socket.socket()", "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)").replace(
    "listener.listen()",
    "listener.recv(1)",
  );
  test.each([
    ["a syntax error in Python", "server.py", "def (:\n", /SyntaxError/, /does-not-start/],
    [
      "a syntax error in TypeScript",
      "server.ts",
      "const x: = 3;\n",
      /server\.ts:1: the TypeScript cannot be built/,
      /does-not-start/,
    ],
    ["ends at once", "server.py", "pass\n", /ended \(exit code 0\)/, /does-not-start/],
    [
      "crashes",
      "server.py",
      "import nosuchmodule\n",
      /ModuleNotFoundError: No module named 'nosuchmodule'/,
      /missing-package/,
    ],
    ["asks for input", "server.py", "port = input('port? ')\n", /port\? /, /prompts-on-stdin/],
    [
      "never listens",
      "server.py",
      "import threading\nthreading.Event().wait()\n",
      /never listens|waits|does not listen/,
      /starts-listening/,
    ],
    ["listens elsewhere", "server.py", ELSEWHERE, /It listens on 127\.0\.0\.1:\d+ \(/, /listens-where-asked/],
    ["listens on UDP", "server.py", UDP, /UDP/, /wrong-socket-type/],
  ])("%s", async (_, name, source, observed, named) => {
    const { code, stdout, stderr } = await checkProgram(source, name);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout.replace(/\s+/g, " ")).toMatch(observed);
    expect(stdout).toMatch(named);
  });
});

describe("a troublesome program cannot trouble Gema", () => {
  test("prints without end: kept within bounds, and its echo still counts", { timeout: 60_000 }, async () => {
    const prints = `
import os
def chatter():
    written = 0
    while True:
        written += sys.stdout.write("x" * 1_000_000)
        if written == 200_000_000:
            open("printed-200-MB", "w").close()
threading.Thread(target=chatter, daemon=True).start()
while not os.path.exists("printed-200-MB"):
    threading.Event().wait(0.05)
`;
    const source = LISTEN.replace("\nlistener", `\n${prints}\nlistener`) + SERVE;
    const cwd = await folderWith({ "server.py": source, "any.yaml": ANY_PORT });
    const args = ["check", "server.py", "-a", "any.yaml", ...IN_THE_OPEN, "--evidence", "evidence.json"];
    // A heap of 128 MB could not hold what the program prints.
    const { code, stdout, stderr } = await gema(args, { cwd, env: { NODE_OPTIONS: "--max-old-space-size=128" } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.length).toBeLessThan(20_000);
    expect((await stat(join(cwd, "printed-200-MB"))).isFile()).toBe(true);
    expect((await stat(join(cwd, "evidence.json"))).size).toBeLessThan(5_000_000);
  });

  test.skipIf(process.platform !== "linux").each([
    ["ignores every signal that it can", "import signal\nfor s in (1, 2, 15): signal.signal(s, signal.SIG_IGN)\n"],
    ["forks into the background", "import os\nif os.fork(): os._exit(0)\nos.setsid()\nif os.fork(): os._exit(0)\n"],
  ])("%s: nothing of it is left", async (_, before) => {
    const source = `${before}import os\nopen("pids", "a").write(f"{os.getpid()} ")\n${ECHO}`;
    const { cwd, code } = await checkProgram(source, "server.py", IN_THE_OPEN);
    expect(code).toBe(0);
    const pids = (await readFile(join(cwd, "pids"), "utf8")).trim().split(" ").map(Number);
    expect(pids.length).toBeGreaterThan(0);
    expect(pids.filter(isAlive)).toEqual([]);
  });
});

describe("the exit code", () => {
  test("is 0 for a program that does what was asked", async () => {
    const { code, stdout } = await checkProgram(ECHO);
    expect(code).toBe(0);
    expect(stdout).toContain("Everything");
  });

  test("is 1 for a mistake, which is named first, with the conversation and a way to see it", async () => {
    const { code, stdout } = await checkProgram(SINGLE_RECV, "server.py", [
      "--only",
      "tcp-server/keeps-the-connection",
    ]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✗ Receives only once\n/);
    for (const heading of ["The conversation", "To see it by hand", "--assignment any.yaml", "--seed"])
      expect(stdout).toContain(heading);
  });

  test("is 2 when it failed once and passed once", async () => {
    const source = `
import os
first = not os.path.exists("seen")
open("seen", "w").close()
${ECHO.replace("client.sendall(data)", "client.sendall(b'?' * len(data) if first else data)")}`;
    const { code, stdout } = await checkProgram(source, "server.py", IN_THE_OPEN);
    expect(stdout).toContain("could not tell");
    expect(code).toBe(2);
  });

  test.each([[[]], [["--isolation", "none"]]])(
    "is 3 when what the assignment starts does not exist %j",
    async (args) => {
      const cwd = await folderWith({
        "server.py": ECHO,
        "a.yaml":
          "extends: tcp-echo\nprograms: { tcp-server: {} }\naddress: { passed: { by: command, command: [no-such-program, '{port}'] } }",
      });
      const { code, stderr } = await gema(["check", ".", "-a", "a.yaml", ...args], { cwd });
      expect(stderr).toContain("no-such-program could not be started");
      expect(code).toBe(3);
    },
  );
});

describe("a seed", () => {
  test("gives the same payloads again, and another one others", async () => {
    const cwd = await folderWith({ "server.py": ECHO, "any.yaml": ANY_PORT });
    const sentWith = async (seed: string) => {
      const args = ["check", "server.py", "-a", "any.yaml", "--only", "tcp-server/keeps-the-connection"];
      expect((await gema([...args, "--seed", seed, "--evidence", "e.json"], { cwd })).code).toBe(0);
      const { transcripts } = JSON.parse(await readFile(join(cwd, "e.json"), "utf8")) as {
        transcripts: { type: string; bytes?: unknown }[][];
      };
      return transcripts.flat().flatMap(({ type, bytes }) => (type === "sent" ? [JSON.stringify(bytes)] : []));
    };
    const first = await sentWith("41");
    expect(first.length).toBeGreaterThan(2);
    expect(await sentWith("41")).toEqual(first);
    expect(await sentWith("42")).not.toEqual(first);
  });
});

test("a program that changes while it is checked is still only a program", async () => {
  const cwd = await folderWith({ "any.yaml": ANY_PORT });
  await writeFile(join(cwd, "server.py"), `import os\nos.remove(__file__)\n${ECHO}`);
  const { code, stderr } = await gema(["check", "server.py", "-a", "any.yaml", ...IN_THE_OPEN], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});
