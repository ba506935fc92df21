import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { blockedForever, isStopped } from "../kernel/blocked.ts";
import { pythonInterpreter } from "../submission/python.ts";
import { UserError } from "../user-error.ts";
import { plainLauncher } from "./plain-launcher.ts";
import { kill } from "./process-subject.ts";
import { isAlive, launch, python } from "./program.test-helper.ts";
import type { Exit, SubjectEvent } from "./subject.ts";

const killed: Exit = { code: null, signal: "SIGKILL" };

describe("how a program ends", () => {
  test.each([0, 1, 3, 255])("with exit code %i", async (code) => {
    const { subject } = await python(`import sys; sys.exit(${code})`);
    expect(await subject.exited).toEqual({ code, signal: null });
    expect(subject.exit).toEqual({ code, signal: null });
  });

  test.runIf(process.platform !== "win32")("by a signal of its own", async () => {
    const { subject } = await python("import os, signal; os.kill(os.getpid(), signal.SIGTERM)");
    expect(await subject.exited).toEqual({ code: null, signal: "SIGTERM" });
  });

  test.runIf(process.platform !== "win32").each(["SIGINT", "SIGTERM"] as const)("by %s from us", async (name) => {
    const { subject, said } = await python(`
import signal, sys
signal.signal(signal.${name}, lambda *_: sys.exit(7))
print("ready", flush=True)
signal.pause()`);
    await said("ready");
    expect(subject.exit).toBeUndefined();
    subject.signal(name);
    expect(await subject.exited).toEqual({ code: 7, signal: null });
    // Its process id may belong to somebody else by now.
    subject.signal(name);
  });

  test.runIf(process.platform !== "win32")("its workers hear of Ctrl-C, too", async () => {
    const { subject, said } = await python(`
import os, signal
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
worker = os.fork()
if worker == 0: os._exit(5 if signal.sigwait({signal.SIGINT}) else 1)
print("ready", flush=True)
signal.sigwait({signal.SIGINT})
os._exit(os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]))`);
    await said("ready");
    subject.signal("SIGINT");
    expect(await subject.exited).toEqual({ code: 5, signal: null });
  });

  test("a signal that it does not handle ends it like any other program", async () => {
    const { subject, said, stderr } = await python(`
print("ready", flush=True)
input()`);
    await said("ready");
    subject.signal("SIGINT");
    expect(await subject.exited).toEqual({ code: null, signal: "SIGINT" });
    expect(stderr()).toContain("KeyboardInterrupt");
  });
});

describe("a program that cannot be started", () => {
  let folder = "";
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test.each(["/no/such/program", "gema-no-such-program"])("%s does not exist", async (file) => {
    const error = await launch({ command: [file] }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ code: "cannot-start", exit: 3 });
    expect((error as UserError).what.en).toContain(file);
    expect((error as UserError).what.id).toContain(file);
    expect((error as UserError).what.en).toContain("ENOENT");
  });

  test.runIf(process.platform !== "win32")("a file that may not be executed", async () => {
    folder = await mkdtemp(join(tmpdir(), "gema-launch-"));
    const file = join(folder, "program");
    await writeFile(file, "#!/bin/sh\n", { mode: 0o600 });
    await expect(launch({ command: [file] })).rejects.toMatchObject({
      code: "cannot-start",
      what: { en: expect.stringContaining("EACCES") },
    });
  });
});

describe("output", () => {
  test("all of it comes before the end is told, in order, no letter cut", async () => {
    const { subject } = await python(`
import sys
for i in range(20000): print("é€😀", i)
print("last words", file=sys.stderr)`);
    const events: SubjectEvent[] = [];
    subject.listener = (event) => events.push(event);
    await subject.exited;
    const text = (type: "stdout" | "stderr") =>
      events.flatMap((event) => (event.type === type ? event.text : [])).join("");
    expect(text("stdout")).toBe(Array.from({ length: 20000 }, (_, i) => `é€😀 ${i}\n`).join(""));
    expect(text("stderr")).toBe("last words\n");
    expect(events.at(-1)).toEqual({ type: "exited", exit: { code: 0, signal: null } });
    expect(events.filter(({ type }) => type === "exited")).toHaveLength(1);
  });

  test("a grandchild that holds the pipe does not keep the end from being told", async () => {
    const { subject, stdout } = await python(`
import os, signal
if os.fork() == 0:
    signal.pause()
else:
    print("parent leaves", flush=True)`);
    expect(await subject.exited).toEqual({ code: 0, signal: null });
    await vi.waitFor(() => expect(stdout()).toBe("parent leaves\n"));
    expect(subject.allProcesses()).toHaveLength(1);
    await subject.stop();
    expect(subject.allProcesses()).toEqual([]);
  });

  test("200 MB without end are drained, and the program is stopped", async () => {
    const { subject } = await python(`
import os
while True: os.write(1, b"spam and eggs\\n" * 4000)`);
    let length = 0;
    await new Promise<void>((resolve) => {
      subject.listener = (event) => {
        if (event.type === "stdout") length += event.text.length;
        if (length > 200_000_000) resolve();
      };
    });
    await subject.stop();
    expect(subject.exit).toEqual(killed);
  });
});

describe("stdin", () => {
  test.each([
    ["of a program that nothing was to be typed to", "sys.stdin", false],
    ["of one that is typed to", "sys.stdin", true],
    ["opened by its name", "open('/dev/stdin')", true],
  ])("what is typed arrives, and it stays open for more until it is ended: %s", async (_, input, isTyped) => {
    const source = `
import sys
for line in ${input}: print("got", repr(line), flush=True)
print("end of input", flush=True)`;
    const { subject, said, stdout } = await launch({ command: [await pythonInterpreter(), "-c", source], isTyped });
    subject.type("127.0.0.1\n");
    subject.type("5000\n");
    expect(await said("got '5000")).toBe("\\n'");
    if (process.platform === "linux")
      await vi.waitFor(() => expect(blockedForever(subject.processes())?.calls).toMatchObject([{ call: "read" }]));
    expect(stdout()).toBe("got '127.0.0.1\\n'\ngot '5000\\n'\n");
    expect(subject.exit).toBeUndefined();
    subject.type("héllo\n");
    await said("got 'héllo");
    subject.endInput();
    expect(await subject.exited).toEqual({ code: 0, signal: null });
    expect(stdout()).toContain("end of input\n");
  });

  test("typing to a program that does not read any more is no error", async () => {
    const { subject } = await python("import os; os.close(0); print('closed', flush=True)");
    await subject.exited;
    subject.type("hello\n".repeat(100_000));
    subject.endInput();
    await subject.stop();
    expect(subject.exit).toEqual({ code: 0, signal: null });
  });
});

describe("the environment", () => {
  afterEach(() => vi.unstubAllEnvs());

  test("holds nothing of ours but what a program needs, and what the plan adds", async () => {
    vi.stubEnv("NODE_OPTIONS", "--no-warnings");
    vi.stubEnv("GITHUB_TOKEN", "secret");
    vi.stubEnv("PYTHONPATH", "/nowhere");
    const { subject: first } = await python("pass");
    const source = `import json, os; print(json.dumps(dict(os.environ)), json.dumps(os.getcwd()), sep="\\n")`;
    const command = [first.plan.command[0] ?? "", "-c", source];
    const { subject, stdout } = await launch({ command, cwd: tmpdir(), env: { PORT: "5001", HOME: "/" } });
    await subject.exited;
    const [environment = "", cwd] = stdout().split("\n");
    const { GEMA_SUBJECT, ...rest } = JSON.parse(environment) as Record<string, string>;
    const needed = ["PATH", "HOME", "TMPDIR", "SystemRoot", "TEMP"].filter((key) => process.env[key] !== undefined);
    const ofAnAccount = ["LANG", "LOGNAME", "SHELL", "TERM", "USER"];
    expect(Object.keys(rest).sort()).toEqual(
      [...needed, ...ofAnAccount, "PORT", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"].sort(),
    );
    expect(rest).toMatchObject({
      PATH: process.env.PATH,
      PORT: "5001",
      LANG: "C.UTF-8",
      HOME: "/",
      USER: "student",
      PYTHONUNBUFFERED: "1",
    });
    expect(GEMA_SUBJECT).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.parse(cwd ?? "")).toBe(tmpdir());
  });
});

describe.runIf(process.platform === "linux")("stop", () => {
  const CASES: Record<string, string> = {
    "a program that waits": `ready()`,
    "a program that ignores SIGTERM, SIGINT and SIGHUP": `
for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP): signal.signal(one, signal.SIG_IGN)
ready()`,
    "children and grandchildren": `
os.fork(); os.fork(); os.fork()
ready()`,
    "a grandchild that ignores signals in a session of its own": `
if os.fork() == 0:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if os.fork() == 0: ready()
ready()`,
    "a daemon whose parents are gone": `
if os.fork() > 0: os._exit(0)
os.setsid()
if os.fork() > 0: os._exit(0)
ready()`,
    "a program that is stopped by SIGSTOP": `
print("ready", os.getpid(), flush=True)
os.kill(os.getpid(), signal.SIGSTOP)`,
    "a program that spins": `
print("ready", os.getpid(), flush=True)
while True: pass`,
  };

  test.each(Object.keys(CASES))("ends %s", async (name) => {
    const { subject, said } = await python(`
import os, signal, sys
def ready():
    print("ready", os.getpid(), flush=True)
    signal.pause()
${CASES[name]}`);
    await said("ready");
    const living = subject.allProcesses();
    expect(living.length).toBeGreaterThan(0);
    await Promise.all([subject.stop(), subject.stop()]);
    expect(living.filter(isAlive)).toEqual([]);
    expect(subject.allProcesses()).toEqual([]);
    expect(subject.processes()).toEqual([]);
    expect(subject.exit).toBeDefined();
  });

  /** A process that Gema cannot know for the program's: no parent, another session, no marker. It ends by itself. */
  const HIDES = `
import os, signal, sys, time
def hide():
    if os.fork() > 0: return os.wait()
    os.setsid()
    if os.fork() > 0: os._exit(0)
    source = "import os, time; print('hidden', os.getpid(), flush=True); time.sleep(60)"
    os.execve(sys.executable, [sys.executable, "-c", source], {})
hide()`;

  test.each([
    ["is stopped", "print('last words', flush=True); signal.pause()", killed],
    ["ends", "sys.stdin.readline(); print('last words', flush=True); sys.exit(3)", { code: 3, signal: null }],
  ])("a hidden process that keeps the output open does not keep a program that %s", async (_, then, exit) => {
    const { subject, said, stdout } = await python(`${HIDES}\n${then}`);
    const hidden = Number(await said("hidden"));
    onTestFinished(() => kill(hidden, "SIGKILL"));
    if (exit === killed) {
      await said("last words");
      await subject.stop();
    } else subject.type("\n");
    expect(await subject.exited).toEqual(exit);
    expect(stdout()).toContain("last words");
    expect(isAlive(hidden)).toBe(true);
  });

  test("a program that has ended already keeps its exit", async () => {
    const { subject } = await python("pass");
    await subject.exited;
    await subject.stop();
    await subject.stop();
    expect(subject.exit).toEqual({ code: 0, signal: null });
  });

  test("one program leaves the others alone", async () => {
    const [one, other] = await Promise.all([python("input()"), python("input()")]);
    await one.subject.stop();
    expect(one.subject.exit).toEqual(killed);
    expect(isAlive(other.subject.pid)).toBe(true);
    expect(other.subject.exit).toBeUndefined();
  });

  test("pause stands all threads and children still, resume lets them go on", async () => {
    const { subject, said, stdout } = await python(`
import os, threading
def spin():
    while True: pass
threading.Thread(target=spin, daemon=True).start()
print("ready", flush=True)
os.fork()
while True: print("line", input(), flush=True)`);
    await said("ready");
    await vi.waitFor(() => expect(subject.processes()).toHaveLength(2));
    await subject.pause();
    expect(isStopped(subject.allProcesses())).toBe(true);
    subject.type("typed while it stood\n");
    expect(stdout()).toBe("ready\n");
    subject.resume();
    expect(await said("line")).toBe("typed while it stood");
    expect(isStopped(subject.allProcesses())).toBe(false);
  });
});

test("there is no isolation yet, and it says so", () => {
  expect(plainLauncher.isolation).toBe("none");
});
