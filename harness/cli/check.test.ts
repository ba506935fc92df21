import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { listProc, readProc } from "../kernel/processes.ts";
import { mayHaveSandboxes } from "../launch/isolation/sandbox.test-helper.ts";
import { ANY_PORT, ECHO, folderWith, gema, startGema } from "./run-gema.test-helper.ts";

const SLOW = { timeout: 60_000 };
const ECHOES = ["-a", "any.yaml", "--only", "tcp-server/echoes-a-message"];
const REQUIRED = ["--isolation", "require"];

describe.runIf(process.platform === "linux")("gema check isolates the program", () => {
  test.runIf(mayHaveSandboxes)("which still finds what lies beside it, and reaches nothing else", SLOW, async () => {
    const imports = `
import helper, os
open("data.txt").read()
assert not os.path.exists("${join(import.meta.dirname, "check.ts")}")
${ECHO}`;
    const files = { "server.py": imports, "helper.py": "", "data.txt": "", "any.yaml": ANY_PORT };
    const cwd = await folderWith(files);
    const isolated = await gema(["check", "server.py", ...ECHOES, ...REQUIRED], { cwd });
    expect(isolated).toMatchObject({ code: 0, stderr: "" });
    expect(isolated.stdout).toMatch(/· isolated$/m);
    const open = await gema(["check", "server.py", ...ECHOES, "--isolation", "none"], { cwd });
    expect(open.stdout).toContain("AssertionError");
    expect(open.stdout).toMatch(/· not isolated$/m);
  });

  test.runIf(mayHaveSandboxes)(
    "but for its files where they are too many to be copied, unless that is required",
    SLOW,
    async () => {
      const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, nth) => [`notes/${nth}.txt`, ""]));
      const cwd = await folderWith({ "server.py": ECHO, "any.yaml": ANY_PORT, ...many });
      const partly = await gema(["check", "server.py", ...ECHOES], { cwd });
      expect(partly).toMatchObject({ code: 0, stderr: "" });
      expect(partly.stdout).toMatch(/· partly isolated \(network/);
      const required = await gema(["check", "server.py", ...ECHOES, ...REQUIRED], { cwd });
      expect(required).toMatchObject({ code: 64, stdout: "" });
      expect(required.stderr).toContain("more than 16 MiB or 1000 files");
    },
  );

  test("and tries what needs a network of its own", SLOW, async () => {
    const cwd = await folderWith({ "server.py": ECHO, "any.yaml": ANY_PORT });
    const only = ["--only", "tcp-server/sends-everything"];
    const isolated = await gema(["check", "server.py", "-a", "any.yaml", ...only, "--verbose"], { cwd });
    expect(isolated.stdout).toMatch(/✓ passed: goes on sending/);
  });

  test("and leaves nothing behind when the user interrupts", SLOW, async () => {
    const cwd = await folderWith({ "server.py": "input()\n", "any.yaml": ANY_PORT, "tmp/.keep": "" });
    const running = startGema(["check", "server.py", "-a", "any.yaml"], { cwd, env: { TMPDIR: join(cwd, "tmp") } });
    const inside = () =>
      listProc("/proc").filter((pid) => readProc(`/proc/${pid}/cmdline`)?.includes(join(cwd, "server.py")));
    while (inside().length === 0) await new Promise(setImmediate);
    running.kill("SIGINT");
    const { exitCode, stderr } = await running;
    expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: "" });
    await vi.waitFor(
      async () => {
        const left = { inside: inside(), files: await readdir(join(cwd, "tmp")) };
        expect(left).toEqual({ inside: [], files: [".keep"] });
      },
      { timeout: 20_000 },
    );
  });
});
