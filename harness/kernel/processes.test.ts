import { describe, expect, test, vi } from "vitest";
import { isAlive, python } from "../launch/program.test-helper.ts";
import { blockedForever } from "./blocked.ts";
import {
  commandLine,
  descendants,
  holderOf,
  listProc,
  processTree,
  ranCpuMs,
  readProc,
  readStat,
  residentBytes,
  socketInodes,
  threadTimes,
  waitedCpuMs,
} from "./processes.ts";

/** No process has this id: it is above the kernel's limit of 2^22. */
const NOBODY = 2 ** 22 + 1;
const NO_MARKER = "GEMA_SUBJECT=nobody";

/** The tree of a process, by all but the marker in its environment. */
function unmarked(root: number): number[] {
  return processTree(root, NO_MARKER).map(({ pid }) => pid);
}

describe.runIf(process.platform === "linux")("one process", () => {
  test("its parent, session and state, whatever its name is", async () => {
    const odd = await python(`
import sys
open("/proc/self/comm", "w").write("a) R 1 (b")
print("named", flush=True)
sys.stdin.read()`);
    await odd.said("named");
    const { pid } = odd.subject;
    // The launcher gives every program a session of its own.
    await vi.waitFor(() => expect(readStat(pid)).toMatchObject({ pid, parent: process.pid, session: pid, state: "S" }));
    expect(readStat(pid)?.startTime).toBeGreaterThanOrEqual(readStat(process.pid)?.startTime ?? Number.NaN);
  });

  test("one that is gone has nothing to say", () => {
    expect(readStat(NOBODY)).toBeUndefined();
    expect(readProc(`/proc/${NOBODY}/stat`)).toBeUndefined();
    expect(listProc(`/proc/${NOBODY}/task`)).toEqual([]);
    expect(commandLine(NOBODY)).toBe("");
    expect(socketInodes([NOBODY])).toEqual([]);
    expect(residentBytes([NOBODY])).toBe(0);
    expect(ranCpuMs([NOBODY])).toBe(0);
    expect(unmarked(NOBODY)).toEqual([]);
  });

  test("its command line, with the arguments", async () => {
    const { subject } = await python("import sys; sys.stdin.read()", "one two", "three");
    await vi.waitFor(() => expect(commandLine(subject.pid)).toMatch(/ one two three$/));
  });

  test("a socket leads to the process that holds it", async () => {
    const { subject, said } = await python(`
import os, socket, sys
one = socket.create_server(("127.0.0.1", 0))
two = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
print("inodes", os.fstat(one.fileno()).st_ino, os.fstat(two.fileno()).st_ino, flush=True)
sys.stdin.read()`);
    const inodes = (await said("inodes")).split(" ").map(Number);
    // Its standard streams are sockets too: Node's pipes to a child are.
    expect(socketInodes([subject.pid]).slice(-2)).toEqual(inodes);
    for (const inode of inodes) expect(holderOf(inode)).toBe(subject.pid);
    expect(socketInodes([process.pid])).not.toContain(inodes[0]);
    expect(holderOf(0)).toBeUndefined();
  });

  test("its memory in bytes", async () => {
    const { subject, said } = await python(`
print("small", flush=True)
input()
kept = b"x" * 50_000_000
print("large", flush=True)
input()`);
    await said("small");
    const before = residentBytes([subject.pid]);
    subject.type("\n");
    await said("large");
    const grown = residentBytes([subject.pid]) - before;
    expect(grown).toBeGreaterThan(49_000_000);
    expect(grown).toBeLessThan(60_000_000);
  });

  test("its processor time: none asleep, whatever it gets when it spins", async () => {
    const { subject, said } = await python(`
import time
print("asleep", flush=True)
input()
print("spins", flush=True)
while True: pass`);
    await said("asleep");
    await vi.waitFor(() => expect(readProc(`/proc/${subject.pid}/syscall`)).toMatch(/^(0|63) 0x0 /));
    const atRest = threadTimes([subject.pid]);
    expect([...atRest.keys()]).toEqual([String(subject.pid)]);
    expect(threadTimes([subject.pid])).toEqual(atRest);
    expect(ranCpuMs([subject.pid])).toBeGreaterThan(0);
    subject.type("\n");
    await said("spins");
    const start = performance.now();
    const [ran, waited] = [ranCpuMs([subject.pid]), waitedCpuMs([subject.pid])];
    const spun = (): number => ranCpuMs([subject.pid]) - ran;
    await vi.waitFor(() => expect(spun()).toBeGreaterThan(100), { interval: 20, timeout: 4_000 });
    // Time spent waiting for a processor is written down when it ends, so a busy machine may hide one slice.
    const share = (spun() + waitedCpuMs([subject.pid]) - waited) / (performance.now() - start);
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(1.2);
  });
});

describe.runIf(process.platform === "linux")("a tree of processes", () => {
  const TREE = `
import os, sys, threading
def child():
    pid = os.fork()
    if pid == 0:
        grandchild = os.fork()
        if grandchild == 0:
            os.write(1, b"grandchild %d\\n" % os.getpid())
        else:
            os.write(1, b"child %d\\n" % os.getpid())
        sys.stdin.read()
`;

  test("holds children and grandchildren, also those of a thread", async () => {
    const { subject, said } = await python(`${TREE}
threading.Thread(target=child).start()
sys.stdin.read()`);
    const child = Number(await said("child"));
    const grandchild = Number(await said("grandchild"));
    expect(descendants(subject.pid)).toEqual([subject.pid, child, grandchild]);
    expect(unmarked(subject.pid).sort()).toEqual([subject.pid, child, grandchild].sort());
    expect(descendants(child)).toEqual([child, grandchild]);
  });

  test("a daemon that left its parent and its session is found by its environment", async () => {
    const { subject, said } = await python(`
import os, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        sys.stdin.read()
    else:
        os._exit(0)
else:
    os.wait()
    print("parent waits", flush=True)
    sys.stdin.read()`);
    await said("parent waits");
    expect(descendants(subject.pid)).toEqual([subject.pid]);
    expect(unmarked(subject.pid)).toEqual([subject.pid]);
    const all = subject.allProcesses();
    expect(all).toHaveLength(2);
    expect(all).toContain(subject.pid);
    const daemon = all.find((pid) => pid !== subject.pid) ?? NOBODY;
    expect(readStat(daemon)?.session).not.toBe(subject.pid);
    // Once seen, the quick look knows it too.
    expect([...subject.processes()].sort()).toEqual([...all].sort());
    await subject.stop();
    expect(isAlive(daemon)).toBe(false);
  });

  test("one that was seen stays known without its environment, which one that is being ended loses first", async () => {
    const { subject, said } = await python(`
import os, signal, sys
if os.fork() > 0: os._exit(0)
os.setsid()
if os.fork() > 0: os._exit(0)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
print("daemon", os.getpid(), flush=True)
signal.sigwait({signal.SIGUSR1})
os.execve(sys.executable, [sys.executable, "-c", "import signal; print('bare', flush=True); signal.pause()"], {})`);
    const daemon = Number(await said("daemon"));
    await subject.exited;
    expect(subject.allProcesses()).toEqual([daemon]);
    process.kill(daemon, "SIGUSR1");
    await said("bare");
    expect(subject.allProcesses()).toEqual([daemon]);
    expect(subject.processes()).toEqual([daemon]);
    await subject.stop();
    expect(isAlive(daemon)).toBe(false);
  });

  test("a daemon is never missed, though it forks and its parents end while we look", async () => {
    const { subject, said } = await python(`
import os
if os.fork() > 0: os._exit(0)
os.setsid()
for hop in range(200):
    if os.fork() > 0: os._exit(0)
os.write(1, b"daemon %d\\n" % os.getpid())
os.read(os.pipe()[0], 1)`);
    let daemon: string | undefined;
    const arrived = said("daemon").then((pid) => {
      daemon = pid;
    });
    while (daemon === undefined) {
      expect(subject.allProcesses()).not.toEqual([]);
      await new Promise(setImmediate);
    }
    await arrived;
    expect(subject.allProcesses()).toEqual([Number(daemon)]);
  });

  test("a zombie is left out", async () => {
    const { subject, said } = await python(`
import os, sys
pid = os.fork()
if pid == 0: os._exit(0)
os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
print("zombie", pid, flush=True)
sys.stdin.read()`);
    const zombie = Number(await said("zombie"));
    expect(readStat(zombie)?.state).toBe("Z");
    expect(unmarked(subject.pid)).toEqual([subject.pid]);
    expect(subject.allProcesses()).toEqual([subject.pid]);
  });

  test("a process whose first thread has ended lives as long as its other threads", async () => {
    const { subject, said } = await python(`
import ctypes, os, threading, time
def work():
    while open(f"/proc/{os.getpid()}/stat").read().rpartition(")")[2].split()[0] != "Z": time.sleep(0.001)
    print("alone", flush=True)
    os.read(os.pipe()[0], 1)
threading.Thread(target=work).start()
EXIT_THREAD = 60 if os.uname().machine == "x86_64" else 93
ctypes.CDLL(None).syscall(EXIT_THREAD, 0)`);
    await said("alone");
    expect(readStat(subject.pid)?.state).toBe("Z");
    expect(subject.allProcesses()).toEqual([subject.pid]);
    await vi.waitFor(() => expect(blockedForever([subject.pid])?.calls).toMatchObject([{ call: "read" }]));
  });

  test("neither this process nor a stranger belongs to it", async () => {
    const [one, other] = await Promise.all([python("input()"), python("input()")]);
    expect(one.subject.allProcesses()).toEqual([one.subject.pid]);
    expect(other.subject.allProcesses()).toEqual([other.subject.pid]);
  });
});
