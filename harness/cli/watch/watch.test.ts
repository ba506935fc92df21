import { once } from "node:events";
import { readdir, rename, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { descendants, listProc, readLink, readProc } from "../../kernel/processes.ts";
import { ANY_PORT, ECHO, folderWith, gema, LISTEN, SINGLE_RECV, startGema } from "../run-gema.test-helper.ts";

const SLOW = { timeout: 120_000 };

/** Runs a command in a terminal of 100 columns, and says afterwards how the terminal was left. */
const IN_A_TERMINAL = [
  "python3",
  "-c",
  "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))",
  "sh",
  "-c",
  'stty cols 100 rows 40; "$@"; code=$?; stty -a; exit $code',
  "sh",
];
/** Said after each verdict. */
const DONE = "q quit";

function watch(cwd: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const running = startGema(["check", "server.py", "-a", "any.yaml", "--watch", ...args], {
    cwd,
    via: IN_A_TERMINAL,
    typed: true,
    env: { TERM: "xterm", ...env },
  });
  onTestFinished(() => void running.kill("SIGKILL"));
  let unread = "";
  running.stdout.on("data", (text) => {
    unread += stripVTControlCharacters(String(text)).replaceAll("\r\n", "\n");
  });
  return {
    press: (key: string) => running.stdin?.write(key),
    /** All that is said up to these words. */
    async until(words: string): Promise<string> {
      for (;;) {
        const end = unread.indexOf(words);
        if (end >= 0) {
          const said = unread.slice(0, end + words.length);
          unread = unread.slice(said.length);
          return said;
        }
        await once(running.stdout, "data");
      }
    },
    /** The process of Gema itself. */
    pid(): number {
      const found = descendants(running.pid ?? 0).find((pid) => readLink(`/proc/${pid}/exe`) === process.execPath);
      if (found === undefined) throw new Error("Gema does not run");
      return found;
    },
    async end() {
      const { exitCode } = await running;
      return { exitCode, said: unread };
    },
  };
}

/** As editors do: a new file takes the old one's place. */
async function save(cwd: string, name: string, contents: string): Promise<void> {
  await writeFile(join(cwd, ".half"), contents);
  await rename(join(cwd, ".half"), join(cwd, name));
}

function processesOf(marker: string): string[] {
  return listProc("/proc").filter((pid) => readProc(`/proc/${pid}/cmdline`)?.includes(marker));
}

const RESTORED = / icanon .* echo /s;
const SYNTAX_ERROR = "def (:\n";

describe.runIf(process.platform === "linux").each([["auto"], ["none"]])("--watch with --isolation %s", (isolation) => {
  const ISOLATION = ["--isolation", isolation];

  test("checks again when the program is saved: what failed before comes first", SLOW, async () => {
    const cwd = await folderWith({ "server.py": SINGLE_RECV, "any.yaml": ANY_PORT, "tmp/.keep": "" });
    const screen = watch(cwd, ISOLATION, { TMPDIR: join(cwd, "tmp") });
    expect(await screen.until(DONE)).toContain("✗ Receives only once\n");

    await save(cwd, "server.py", ECHO);
    const mended = await screen.until(DONE);
    expect(mended).toMatch(
      /── \d\d:\d\d:\d\d · server\.py ─+\n( {2}✓ passed: .*\n)+✓ Everything that was asked for works/,
    );

    await save(cwd, "server.py", SYNTAX_ERROR);
    const broken = await screen.until(DONE);
    expect(broken).toContain("✗ failed: starts and listens");
    expect(broken).toMatch(/\| {3}File ".*server\.py", line 1\n.*def \(:/);

    screen.press("q");
    const { exitCode, said } = await screen.end();
    expect({ exitCode, left: processesOf(cwd), files: await readdir(join(cwd, "tmp")) }).toEqual({
      exitCode: 0,
      left: [],
      files: [".keep"],
    });
    expect(said).toMatch(RESTORED);
  });

  test("ends what is under way when a file is saved meanwhile", SLOW, async () => {
    const seconds = `600.${process.pid}`;
    const hangs = `import os\nos.execvp("sleep", ["sleep", "${seconds}"])\n`;
    const cwd = await folderWith({ "server.py": hangs, "any.yaml": ANY_PORT });
    const screen = watch(cwd, ISOLATION);
    while (processesOf(`sleep\0${seconds}`).length === 0) await new Promise(setImmediate);
    await save(cwd, "server.py", ECHO);
    const said = await screen.until(DONE);
    expect(said).toContain("✓ Everything");
    expect(said).not.toContain("✗");
    expect(processesOf(`sleep\0${seconds}`)).toEqual([]);
    screen.press("\u0003");
    expect(await screen.end()).toMatchObject({ exitCode: 0 });
  });
});

describe.runIf(process.platform === "linux")("--watch", () => {
  test("sees what the program imports and its assignment, and no save that changes nothing", SLOW, async () => {
    const imports = `import helper\n${ECHO}`;
    const cwd = await folderWith({ "server.py": imports, "helper.py": "", "other.py": "", "any.yaml": ANY_PORT });
    const screen = watch(cwd);
    await screen.until(DONE);
    await utimes(join(cwd, "server.py"), new Date(), new Date());
    await save(cwd, "server.py", imports);
    await save(cwd, "other.py", "changed = True\n");
    await save(cwd, "helper.py", SYNTAX_ERROR);
    const inHelper = await screen.until(DONE);
    expect(inHelper.match(/── .* ─/g)).toEqual([expect.stringContaining("· helper.py ")]);
    expect(inHelper).toContain('helper.py", line 1');
    await save(cwd, "any.yaml", "extends: tcp-ecko\n");
    const inAssignment = await screen.until(DONE);
    expect(inAssignment).toContain("· any.yaml ─");
    expect(inAssignment).toContain("! any.yaml:1: There is no preset tcp-ecko. Did you mean tcp-echo?");
    await save(cwd, "any.yaml", ANY_PORT);
    expect(await screen.until(DONE)).toContain('helper.py", line 1');
    screen.press("q");
    await screen.end();
  });

  test("obeys its keys", SLOW, async () => {
    const cwd = await folderWith({ "server.py": SINGLE_RECV, "any.yaml": ANY_PORT });
    const screen = watch(cwd, ["--lang", "id", "--only", "tcp-server/keeps-the-connection"]);
    const done = "q keluar";
    expect(await screen.until(done)).toContain("✗ gagal: ");
    screen.press("d");
    expect(await screen.until(done)).toMatch(/Percakapannya\n[\s\S]*server\.py\n[\s\S]*─ (FIN|RST) ─/);
    screen.press("e");
    expect(await screen.until(done)).toContain("Pelajari:");
    screen.press("f");
    const failed = await screen.until(done);
    expect(failed).toContain("· yang gagal ─");
    expect(failed).toContain("Hanya yang sebelumnya gagal yang diperiksa.");
    screen.press("a");
    expect(await screen.until(done)).toContain("· semua ─");
    screen.press("\r");
    expect(await screen.until(done)).toContain("· sekali lagi ─");
    screen.press("\u0004");
    expect(await screen.end()).toMatchObject({ exitCode: 0 });
  });

  test("leaves the terminal as it was when it is ended, and no process", SLOW, async () => {
    const hangs = `${LISTEN}\ninput()\n`;
    const cwd = await folderWith({ "server.py": hangs, "any.yaml": ANY_PORT });
    const screen = watch(cwd);
    while (processesOf(join(cwd, "server.py")).length === 0) await new Promise(setImmediate);
    process.kill(screen.pid(), "SIGTERM");
    const { exitCode, said } = await screen.end();
    expect({ exitCode, left: processesOf(cwd) }).toEqual({ exitCode: 143, left: [] });
    expect(said).toMatch(RESTORED);
  });

  test("is refused without a terminal, and beside a report", async () => {
    const cwd = await folderWith({ "server.py": ECHO, "any.yaml": ANY_PORT });
    const plain = await gema(["check", "--watch"], { cwd });
    expect(plain).toMatchObject({ code: 64, stdout: "" });
    expect(plain.stderr).toContain("--watch needs a terminal");
    const both = await gema(["check", "--watch", "--junit", "x.xml"], { cwd });
    expect(both.code).toBe(64);
    expect(both.stderr).toContain("--watch cannot be used with --junit <file>");
  });
});
