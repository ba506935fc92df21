import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { listProc, readProc } from "../../kernel/processes.ts";
import type { Mount } from "../../submission/submission.ts";
import { isAlive } from "../program.test-helper.ts";
import type { Launcher, Subject } from "../subject.ts";
import { mayHaveSandboxes } from "./sandbox.test-helper.ts";
import { findSandbox, sandboxLauncher } from "./sandbox.ts";
import { seccompFilter } from "./seccomp.ts";

const ENDS_MS = 60_000;

describe.runIf(mayHaveSandboxes)("a sandbox", { timeout: ENDS_MS }, () => {
  let launcher: Launcher;
  let interpreter: string;
  /** Those that do not lie in /usr. */
  let interpreters: readonly string[];
  beforeAll(async () => {
    const plan = await findSandbox([]);
    if ("why" in plan) throw new Error(`there are no sandboxes on this machine: ${plan.why}; see CONTRIBUTING.md`);
    interpreter = plan.python?.executable ?? "";
    interpreters = plan.interpreters;
    launcher = sandboxLauncher(plan);
  });

  async function start(command: readonly string[], more: { cwd?: string; readable?: readonly Mount[] } = {}) {
    const subject = await launcher.launch({ command, cwd: "/", env: {}, readable: [], ...more });
    onTestFinished(() => subject.stop());
    return { subject, ...listenTo(subject) };
  }

  const python = (source: string, ...args: string[]) => start([interpreter, "-c", source, ...args]);

  /** What a Python program prints until it has ended. */
  async function printed(source: string, ...args: string[]): Promise<string> {
    const { subject, output } = await python(source, ...args);
    await subject.exited;
    return output();
  }

  const opens = (path: string) =>
    printed(
      "import sys\ntry: open(sys.argv[1]).read(1); print('read')\nexcept OSError as e: print(type(e).__name__)",
      path,
    );

  test("shows no files but the system's programs and what is to be read", async () => {
    const listed = async (path: string): Promise<string[]> =>
      JSON.parse(await printed("import json, os, sys; print(json.dumps(sorted(os.listdir(sys.argv[1]))))", path));
    const usual = ["bin", "dev", "etc", "lib", "lib64", "proc", "sbin", "tmp", "usr"];
    const within = (path: string): string[] =>
      interpreters.flatMap((one) => (one.startsWith(path) ? (one.slice(path.length).split("/")[0] ?? "") : []));
    expect(await listed("/")).toEqual([...new Set([...usual, ...within("/")])].sort());
    expect(await listed("/tmp")).toEqual(within("/tmp/"));
    expect(await listed("/etc")).toEqual(["group", "hosts", "nsswitch.conf", "passwd", "protocols", "services"]);
    expect(await opens("/etc/shadow")).toBe("FileNotFoundError\n");
    expect(await opens(fileURLToPath(import.meta.url))).toBe("FileNotFoundError\n");
  });

  const CLASS = "/home/teacher/class a";

  /** Files as they were handed in, which `mounted` puts at their places. */
  async function handedIn(files: Readonly<Record<string, string>>): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "gema sandbox "));
    onTestFinished(() => rm(folder, { recursive: true }));
    await launcher.share(folder);
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    return folder;
  }

  test.each([
    ["a folder", "copy", `${CLASS}/budi`, `${CLASS}/budi`, "['budi'] ['data', 'server.py']"],
    ["a file", "copy/server.py", `${CLASS}/budi.py`, CLASS, "['class a'] ['budi.py']"],
  ])("shows %s that was handed in at its place, and nothing beside it", async (_, source, path, cwd, listed) => {
    const program = `import os, stat
print(os.getcwd(), os.listdir('..'), sorted(os.listdir('.')), open(__file__).read(6))
for fd in range(3, 64):
    try: print("LEFT OPEN", stat.S_IFMT(os.fstat(fd).st_mode))
    except OSError: pass`;
    const folder = await handedIn({ "copy/server.py": program, "copy/data/old.txt": "old", "beside.txt": "x" });
    const file = path.endsWith(".py") ? "budi.py" : "server.py";
    const readable = [{ path, source: join(folder, source) }];
    const { subject, output, errors } = await start([interpreter, file], { cwd, readable });
    expect(await subject.exited).toEqual({ code: 0, signal: null });
    expect(output()).toBe(`${cwd} ${listed} import\n`);
    expect(errors()).toBe("");
  });

  test("lets a program write in its folder, into what was handed in too; nothing of it is left for the next", async () => {
    const program = `
import os
os.makedirs("logs", exist_ok=True)
for path in ("new.log", "old.log", "data/old.txt", "logs/new.log", __file__):
    with open(path, "a") as file: file.write("# more")
print(os.path.getsize("new.log"), open("old.log").read(), open("data/old.txt").read(), os.access("run.sh", os.X_OK))`;
    const files = { "copy/server.py": program, "copy/old.log": "old", "copy/data/old.txt": "", "copy/run.sh": "" };
    const folder = await handedIn(files);
    await chmod(join(folder, "copy/run.sh"), 0o755);
    const mounted = { cwd: CLASS, readable: [{ path: CLASS, source: join(folder, "copy") }] };
    for (const _ of ["first", "next"]) {
      const { subject, output, errors } = await start([interpreter, "server.py"], mounted);
      await subject.exited;
      expect([output(), errors()]).toEqual(["6 old# more # more True\n", ""]);
    }
    for (const [path, content] of Object.entries(files))
      expect(await readFile(join(folder, path), "utf8")).toBe(content);
    expect(await readdir(join(folder, "copy"))).toEqual(["data", "old.log", "run.sh", "server.py"]);
  });

  test("shows what is too much to be copied for each launch, too: to be read alone", async () => {
    const many = Array.from({ length: 120 }, (_, n) => [`copy/packages/${n}.txt`, ""]);
    const program = `
import os
print(len(os.listdir("packages")), os.path.getsize("large.bin"), open("small.txt", "a").write("x"))
for path in ("packages/0.txt", "large.bin"):
    try: open(path, "a")
    except OSError: print("refused")`;
    const folder = await handedIn({
      ...Object.fromEntries(many),
      "copy/large.bin": "x".repeat(5 << 20),
      "copy/small.txt": "",
      "copy/server.py": program,
    });
    const mounted = { cwd: CLASS, readable: [{ path: CLASS, source: join(folder, "copy") }] };
    const { subject, output } = await start([interpreter, "server.py"], mounted);
    await subject.exited;
    expect(output()).toBe(`120 ${5 << 20} 1\nrefused\nrefused\n`);
  });

  test("a folder in a program's own, such as an interpreter's, is there all the same", async () => {
    const folder = await handedIn({
      "copy/server.py": "print(open('tools/inner.txt').read())",
      "tools/inner.txt": "in",
    });
    const readable = [
      { path: `${CLASS}/exercise/tools`, source: join(folder, "tools") },
      { path: `${CLASS}/exercise`, source: join(folder, "copy") },
    ];
    const { subject, output } = await start([interpreter, "server.py"], { cwd: `${CLASS}/exercise`, readable });
    await subject.exited;
    expect(output()).toBe("in\n");
  });

  test("has no rights, no other processes, no descriptors and no words of ours", async () => {
    const status = await printed("print(open('/proc/self/status').read())");
    expect(status).toMatch(/^CapEff:\s*0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\s*1$/m);
    expect(status).toMatch(/^Seccomp:\s*2$/m);
    expect(status).toMatch(/^Uid:\s*1000\s/m);
    expect(await printed("import os; print([p for p in os.listdir('/proc') if p.isdigit()])")).toBe("['1', '2']\n");
    // Of ours it gets none; what this process was left open by others is closed in a slot (see slot.test.ts).
    const open = await printed("import os; print(*[fd for fd in os.listdir('/proc/self/fd') if int(fd) > 2])");
    const strays = listProc("/proc/self/fd").filter(
      (fd) => !/^flags:\s*\d*2\d{6}$/m.test(readProc(`/proc/self/fdinfo/${fd}`) ?? ""),
    );
    // One is the folder that is being listed.
    expect(
      open
        .trim()
        .split(" ")
        .filter((fd) => !strays.includes(fd)),
    ).toHaveLength(1);
    process.env.GEMA_TEST_SECRET = "secret";
    onTestFinished(() => {
      process.env.GEMA_TEST_SECRET = undefined;
    });
    expect(await printed("import os; print(sorted(os.environ))")).toBe(
      "['HOME', 'LANG', 'LOGNAME', 'PATH', 'PWD', 'PYTHONDONTWRITEBYTECODE', 'PYTHONUNBUFFERED', 'SHELL', 'TERM', 'USER']\n",
    );
  });

  test("is not root outside, where we are", async () => {
    const { subject } = await python("input()");
    const [, uid] = /^Uid:\s*(\d+)/m.exec(readProc(`/proc/${subject.pid}/status`) ?? "") ?? [];
    expect(uid).toBe(process.getuid?.() === 0 ? "60001" : String(process.getuid?.()));
  });

  test("finds localhost, its own name, and the numbers of protocols and services", async () => {
    const source =
      "import socket; print(socket.gethostbyname('localhost'), socket.gethostbyname(socket.gethostname()))";
    expect(await printed(source)).toBe("127.0.0.1 127.0.0.1\n");
    const numbers =
      "print(socket.getprotobyname('tcp'), socket.getservbyname('echo'), socket.getservbyname('echo', 'udp'))";
    expect(await printed(`import socket; ${numbers}`)).toBe("6 7 7\n");
    const node = await start([process.execPath, "-p", "require('os').userInfo().username"]);
    await node.subject.exited;
    expect(node.output()).toBe("student\n");
  });

  test("refuses calls that reach beyond it", async () => {
    const source = `
import ctypes, os
for name in ("memfd_create", "unshare"):
    try: getattr(os, name, lambda _: None)("x" if name == "memfd_create" else 0); print("done")
    except OSError as e: print(e.errno)
libc = ctypes.CDLL(None, use_errno=True)
for call in (101 if os.uname().machine == "x86_64" else 117, 272 if os.uname().machine == "x86_64" else 97, 425):
    print(libc.syscall(call, 0, 0, 0, 0), ctypes.get_errno())`;
    expect(await printed(source)).toMatch(/^1\n(done|1)\n-1 1\n-1 1\n-1 1\n$/);
  });

  test("tells how a program ended", async () => {
    expect(await (await python("import sys; sys.exit(7)")).subject.exited).toEqual({ code: 7, signal: null });
    const killed = await python("import os, signal; os.kill(os.getpid(), signal.SIGTERM)");
    expect(await killed.subject.exited).toEqual({ code: null, signal: "SIGTERM" });
    const nothing = await python("");
    expect(await nothing.subject.exited).toEqual({ code: 0, signal: null });
    const stopped = await python("input()");
    await stopped.subject.stop();
    expect(await stopped.subject.exited).toEqual({ code: null, signal: "SIGKILL" });
  });

  test("passes on Ctrl-C, what is typed, and the end of the input", async () => {
    const { subject, output, said } = await python(
      "import sys\ntry: print('asks', flush=True); print(sys.stdin.read())\nexcept KeyboardInterrupt: print('interrupted')",
    );
    await said("asks");
    subject.signal("SIGINT");
    expect(await subject.exited).toEqual({ code: 0, signal: null });
    expect(output()).toContain("interrupted");
    const typed = await python("print(input(), input())");
    typed.subject.type("a\nb\n");
    await typed.subject.exited;
    expect(typed.output()).toBe("a b\n");
  });

  test("passes on Ctrl-C to the program's workers, too", async () => {
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

  test("takes every process with it, also one that left its parent", async () => {
    const { subject, said } = await python(`
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        print("daemon", flush=True)
        time.sleep(600)
    os._exit(0)
os.wait()
time.sleep(600)`);
    await said("daemon");
    const all = subject.allProcesses();
    expect(all).toHaveLength(2);
    expect(all[0]).toBe(subject.pid);
    await subject.stop();
    expect(all.filter(isAlive)).toEqual([]);
  });

  test("a daemon outlives its parent until it is stopped", async () => {
    const { subject, said } = await python(
      "import os, time\nif os.fork() == 0:\n  print('daemon', flush=True); time.sleep(600)\ninput()\nos._exit(0)",
    );
    await said("daemon");
    subject.type("\n");
    expect(await subject.exited).toEqual({ code: 0, signal: null });
    const [daemon = 0, ...others] = subject.allProcesses();
    expect(others).toEqual([]);
    expect(isAlive(daemon)).toBe(true);
    await subject.stop();
    expect(isAlive(daemon)).toBe(false);
  });

  test("is ended with us", async () => {
    const { subject, said } = await python("print('runs', flush=True); input()");
    await said("runs");
    subject.pause().then(() => subject.resume());
    await subject.stop();
    expect(listProc(`/proc/${subject.pid}/task`)).toEqual([]);
  });

  test("has room for a pool of many threads", async () => {
    const source = `
import threading
end = threading.Event()
for _ in range(200): threading.Thread(target=end.wait, daemon=True).start()
print(threading.active_count())`;
    expect(await printed(source)).toBe("201\n");
  });

  test("has an end to its memory, its processes, its files and its patience", async () => {
    const memory = `
import mmap
kept = [mmap.mmap(-1, 1 << 26) for _ in range(40)]
for one in kept:
    for at in range(0, 1 << 26, 4096): one[at] = 1
print("had it all")`;
    const greedy = await python(memory);
    expect(await greedy.subject.exited).toMatchObject({ signal: "SIGKILL", limit: "memory" });
    expect(greedy.output()).toBe("");
    expect(await printed("try: bytearray(2 << 30)\nexcept MemoryError: print('no')")).toBe("no\n");
    const forks = `
import os, time
count = 0
try:
    while count < 2000:
        if os.fork() == 0: time.sleep(60)
        count += 1
except OSError: pass
print(count)`;
    const forked = Number(await printed(forks));
    expect(forked).toBeGreaterThan(100);
    expect(forked).toBeLessThan(600);
    const fills = `
import os, sys
signal = __import__("signal"); signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
written = 0
try:
    for n in range(100):
        with open(f"{sys.argv[1]}/{n}", "wb") as f:
            for _ in range(15): written += f.write(bytes(1 << 20))
except OSError as e: print(written >> 20 < int(sys.argv[2]), e.errno)`;
    expect(await printed(fills, "/tmp", "40")).toBe("True 28\n");
    expect(await printed(fills, "/dev/shm", "40")).toBe("True 28\n");
    const readable = [{ path: CLASS, source: await handedIn({}) }];
    const { subject, output } = await start([interpreter, "-c", fills, CLASS, "260"], { cwd: CLASS, readable });
    await subject.exited;
    expect(output()).toBe("True 28\n");
  });

  test("runs beside servers of ours on the same network", async () => {
    const server = createServer((socket) => socket.end("ours")).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const source = "import socket, sys; print(socket.create_connection(('127.0.0.1', int(sys.argv[1]))).recv(9))";
    expect(await printed(source, String(port))).toBe("b'ours'\n");
  });

  test.runIf(process.getuid?.() === 0)("there are none where nobody may see what is handed to them", async () => {
    const closed = await mkdtemp(join(tmpdir(), "gema-closed-"));
    const before = process.env.TMPDIR;
    onTestFinished(async () => {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
      await rm(closed, { recursive: true });
    });
    process.env.TMPDIR = closed;
    expect(await findSandbox([])).toEqual({ why: expect.stringContaining("Permission denied") });
  });

  test("what cannot be mounted is an error of ours, in bubblewrap's words", async () => {
    const nowhere = { path: "/nowhere", source: "/nowhere" };
    await expect(start([interpreter, "-V"], { readable: [nowhere] })).rejects.toThrow(
      /could not be built: bwrap: .*nowhere/,
    );
  });
});

function listenTo(subject: Subject) {
  const heard = { stdout: "", stderr: "" };
  let wake = (): void => {};
  subject.listener = (event) => {
    if (event.type !== "exited") heard[event.type] += event.text;
    wake();
  };
  return {
    output: () => heard.stdout,
    errors: () => heard.stderr,
    async said(word: string): Promise<void> {
      while (!heard.stdout.includes(word)) {
        if (subject.exit) throw new Error(`it ended before it said ${word}: ${heard.stderr}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

describe("the filter of system calls", () => {
  test("is a program of 8-byte instructions whose jumps end at allow or deny", () => {
    for (const architecture of ["x64", "arm64"]) {
      const filter = seccompFilter(architecture);
      if (!filter) throw new Error(`no filter for ${architecture}`);
      const count = filter.length / 8;
      const codes = Array.from({ length: count }, (_, at) => filter.readUInt16LE(at * 8));
      expect(codes.slice(-2)).toEqual([0x06, 0x06]);
      for (let at = 4; at < count - 2; at++) expect(at + 1 + filter.readUInt8(at * 8 + 2)).toBe(count - 1);
      expect(3 + 1 + filter.readUInt8(3 * 8 + 2)).toBe(count - 1);
      expect(1 + 1 + filter.readUInt8(1 * 8 + 3)).toBe(count - 1);
    }
  });

  test("is not made for a processor whose numbers are unknown", () => {
    expect(seccompFilter("mips")).toBeUndefined();
  });
});
