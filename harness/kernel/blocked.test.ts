import { describe, expect, test, vi } from "vitest";
import { type Launched, LISTEN, python, server } from "../launch/program.test-helper.ts";
import { asleep, blockedForever, endlessCall, isStopped, limitOf, timeLimits } from "./blocked.ts";

/** A line of `/proc/PID/task/TID/syscall`: the number, six arguments, stack pointer and program counter. */
function line(number: number, ...args: readonly string[]): string {
  const registers = [...args, ...Array<string>(6).fill("0x0")].slice(0, 6);
  return `${number} ${registers.join(" ")} 0x7ffc4d3b2a58 0x7f3a2c9e1b4d\n`;
}

const POINTER = "0x7ffc4d3b2b00";
const MINUS_ONE = ["0xffffffffffffffff", "0xffffffff"];

describe("a call without a time limit", () => {
  test.each([
    ["x64", 0, "read"],
    ["x64", 1, "write"],
    ["x64", 43, "accept"],
    ["x64", 44, "sendto"],
    ["x64", 45, "recvfrom"],
    ["x64", 47, "recvmsg"],
    ["x64", 288, "accept4"],
    ["arm64", 63, "read"],
    ["arm64", 64, "write"],
    ["arm64", 202, "accept"],
    ["arm64", 206, "sendto"],
    ["arm64", 207, "recvfrom"],
    ["arm64", 242, "accept4"],
  ])("%s %i is %s, on its first argument", (architecture, number, call) => {
    expect(endlessCall(line(number, "0x3", POINTER), architecture)).toEqual({ call, fd: 3 });
  });

  test.each([
    ["x64", 34, "pause"],
    ["x64", 61, "wait4"],
    ["x64", 247, "waitid"],
    ["x64", 130, "rt_sigsuspend"],
    ["arm64", 95, "waitid"],
    ["arm64", 133, "rt_sigsuspend"],
    ["arm64", 260, "wait4"],
  ])("%s %i is %s, whatever its arguments", (architecture, number, call) => {
    expect(endlessCall(line(number, "0xffffffff", POINTER, "0x5"), architecture)).toEqual({ call });
  });

  test.each([
    ["x64", 7, 2, "poll"],
    ["x64", 232, 3, "epoll_wait"],
    ["x64", 281, 3, "epoll_pwait"],
    ["arm64", 22, 3, "epoll_pwait"],
  ])("%s %i with its milliseconds (argument %i) negative is %s", (architecture, number, at, call) => {
    const withTimeout = (value: string) => line(number, ...Array<string>(at).fill("0x1"), value);
    for (const value of MINUS_ONE) expect(endlessCall(withTimeout(value), architecture)).toEqual({ call });
    for (const value of MINUS_ONE) expect(limitOf(withTimeout(value), architecture)).toBeUndefined();
    for (const value of ["0x0", "0x1", "0x3e8", "0x7fffffff"]) {
      expect(endlessCall(withTimeout(value), architecture)).toBeUndefined();
      expect(limitOf(withTimeout(value), architecture)).toBe(Number(value));
    }
  });

  test.each([
    ["x64", 23, 4, "select"],
    ["x64", 128, 2, "rt_sigtimedwait"],
    ["x64", 202, 3, "futex"],
    ["x64", 270, 4, "pselect6"],
    ["x64", 271, 2, "ppoll"],
    ["x64", 441, 3, "epoll_pwait2"],
    ["arm64", 72, 4, "pselect6"],
    ["arm64", 73, 2, "ppoll"],
    ["arm64", 98, 3, "futex"],
    ["arm64", 137, 2, "rt_sigtimedwait"],
  ])("%s %i with its time limit (argument %i) NULL is %s", (architecture, number, at, call) => {
    const withLimit = (value: string) => line(number, ...Array<string>(at).fill("0x1"), value);
    expect(endlessCall(withLimit("0x0"), architecture)).toEqual({ call });
    expect(endlessCall(withLimit(POINTER), architecture)).toBeUndefined();
  });

  test.each([
    ["a running thread", "running\n", "x64"],
    ["a thread outside of any call", `-1 ${POINTER} 0x7f3a2c9e1b4d\n`, "x64"],
    ["nothing to read", "", "x64"],
    ["nanosleep", line(35, POINTER, POINTER), "x64"],
    ["clock_nanosleep", line(230, "0x1", "0x1", POINTER), "x64"],
    ["a number that the table lacks", line(9999, "0x0"), "x64"],
    ["another machine", line(0, "0x0"), "riscv64"],
    ["x64's read on arm64", line(0, "0x0"), "arm64"],
  ])("%s is none", (_, text, architecture) => {
    expect(endlessCall(text, architecture)).toBeUndefined();
  });
});

const ACCEPT = /^accept4?$/;

describe.runIf(process.platform === "linux")("a Python program", () => {
  /** Both looks at a program, once it is where it says it will be. */
  function looks({ subject }: Launched) {
    return { forever: blockedForever(subject.processes()), asleep: asleep(subject.processes()) };
  }

  /** On its way into its calls it may sleep for a moment elsewhere, so it is looked at until it waits in `calls`. */
  async function settled(launched: Launched, calls: unknown, how: keyof ReturnType<typeof looks> = "asleep") {
    await launched.said("ready");
    return vi.waitFor(() => {
      const seen = looks(launched);
      expect(seen[how]?.calls).toEqual(calls);
      expect(looks(launched)).toEqual(seen);
      return seen;
    });
  }

  test("blocked in accept, with the listener's descriptor", async () => {
    const launched = await server(`${LISTEN}
print("ready", listener.fileno(), flush=True)
listener.accept()`);
    const fd = Number(await launched.said("ready"));
    const seen = await settled(launched, [{ call: expect.stringMatching(ACCEPT), fd }], "forever");
    expect(seen.forever).toEqual(seen.asleep);
  });

  test.each([
    ["recv", "a, b = socket.socketpair()", "a.recv(1)", "recvfrom"],
    ["a read from stdin", "", "sys.stdin.read()", "read"],
    ["a full send", "a, b = socket.socketpair()", "a.sendall(bytes(10_000_000))", "sendto"],
    ["a wait for a child", "pid = os.fork() or os.read(0, 1)", "os.wait()", "wait4"],
    ["a lock", "lock = threading.Lock(); lock.acquire()", "lock.acquire()", "futex"],
    ["select without a limit", "", "select.select([0], [], [])", /^p?select6?$/],
    ["epoll without a limit", "poll = select.epoll()", "poll.poll()", /^epoll_p?wait2?$/],
    ["a signal", "", "signal.pause()", /^(pause|ppoll)$/],
  ])("blocked in %s", async (_, before, act, call) => {
    const launched = await python(`
import os, select, signal, socket, sys, threading
${before}
print("ready", flush=True)
${act}`);
    const one = { call: typeof call === "string" ? call : expect.stringMatching(call) };
    const seen = await settled(launched, expect.arrayContaining([expect.objectContaining(one)]), "forever");
    expect(seen.forever).toEqual(seen.asleep);
  });

  test.each([
    ["time.sleep", "time.sleep(60)"],
    ["select with a limit", "select.select([0], [], [], 60)"],
    ["epoll with a limit", "select.epoll().poll(60)"],
    ["recv with a limit", "a.settimeout(60); a.recv(1)"],
    ["a lock with a limit", "threading.Event().wait(60)"],
    ["sigtimedwait", "signal.sigtimedwait([signal.SIGUSR1], 60)"],
  ])("in %s sleeps, and not for ever", async (_, act) => {
    const launched = await python(`
import select, signal, socket, threading, time
a, b = socket.socketpair()
print("ready", flush=True)
${act}`);
    const seen = await settled(launched, [{ call: "timed" }]);
    expect(seen.forever).toBeUndefined();
  });

  test("that waits in a poll or an epoll with a limit shows which", async () => {
    const launched = await python(`
import select, socket, threading
a, b = socket.socketpair()
a.settimeout(60)
threading.Thread(target=a.recv, args=[1]).start()
threading.Thread(target=select.select, args=[[0], [], [], 60]).start()
print("ready", flush=True)
select.epoll().poll(30)`);
    await settled(launched, expect.anything());
    expect(timeLimits(launched.subject.processes()).sort()).toEqual([30_000, 60_000]);
  });

  test("that spins neither sleeps nor is blocked", async () => {
    const launched = await python(`print("ready", flush=True)\nwhile True: pass`);
    await launched.said("ready");
    for (let look = 0; look < 200; look++) expect(looks(launched)).toEqual({});
  });

  test("with one thread that sleeps is not blocked for ever, though the others are", async () => {
    const launched = await python(`
import threading, time
threading.Thread(target=input).start()
threading.Thread(target=time.sleep, args=[60]).start()
print("ready", flush=True)`);
    const joins = expect.objectContaining({ call: "futex" });
    const seen = await settled(launched, [joins, { call: "read", fd: 0 }, { call: "timed" }]);
    expect(seen.forever).toBeUndefined();
  });

  test("that ran in between has another signature", async () => {
    const launched = await python(`
print("ready", flush=True)
while True: input()`);
    const before = await settled(launched, [{ call: "read", fd: 0 }]);
    launched.subject.type("\n");
    await vi.waitFor(() => expect(looks(launched).forever?.signature).not.toBe(before.forever?.signature));
    await vi.waitFor(() => expect(looks(launched).forever?.calls).toEqual(before.forever?.calls));
  });

  test("is at rest like others, in whatever order they are found", async () => {
    const launched = await Promise.all([python("input()"), python("input()")]);
    const pids = launched.map(({ subject }) => subject.pid);
    await vi.waitFor(() => expect(blockedForever(pids)?.calls).toHaveLength(2));
    expect(blockedForever([...pids].reverse())?.signature).toBe(blockedForever(pids)?.signature);
  });

  test("that handles alarms may wake up by itself", async () => {
    const launched = await python(`
import signal
signal.signal(signal.SIGALRM, lambda *_: None)
print("ready", flush=True)
input()`);
    const seen = await settled(launched, [{ call: "read", fd: 0 }]);
    expect(seen.forever).toBeUndefined();
  });

  test("that is stopped is neither asleep nor blocked, and says so", async () => {
    const launched = await python(`print("ready", flush=True)\ninput()`);
    await settled(launched, [{ call: "read", fd: 0 }]);
    expect(isStopped(launched.subject.processes())).toBe(false);
    await launched.subject.pause();
    expect(isStopped(launched.subject.processes())).toBe(true);
    expect(looks(launched)).toEqual({});
    launched.subject.resume();
    await vi.waitFor(() => expect(looks(launched).forever).toBeDefined());
  });

  test("a zombie among its processes does not matter; nobody at all is not at rest", async () => {
    const launched = await python(`
import os
pid = os.fork()
if pid == 0: os._exit(0)
os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
print("ready", flush=True)
input()`);
    const seen = await settled(launched, [{ call: "read", fd: 0 }]);
    expect(launched.subject.processes()).toHaveLength(2);
    expect(seen.forever).toEqual(seen.asleep);
    expect(blockedForever([])).toBeUndefined();
  });
});
