import { describe, expect, test, vi } from "vitest";
import type { Address } from "../kernel/address.ts";
import { blockedForever } from "../kernel/blocked.ts";
import { readSocketTable } from "../kernel/socket-table.ts";
import { freeAddress, javascript, LISTEN, python } from "./program.test-helper.ts";
import { type Readiness, waitUntilListening } from "./ready.ts";

const PLENTY_MS = 20_000;

describe.runIf(process.platform === "linux")("waiting for a program to listen", () => {
  async function wait(source: string, limitMs = PLENTY_MS): Promise<{ readiness: Readiness; asked: Address }> {
    const asked = await freeAddress();
    const { subject } = await python(`import os, socket, sys, threading, time\n${source}`, asked.port);
    return { readiness: await waitUntilListening(subject, asked, limitMs), asked };
  }

  test.each([
    ["at once", LISTEN],
    ["after 0.4 s", `time.sleep(0.4)\n${LISTEN}`],
    ["after computing for a while", `sum(range(4_000_000))\n${LISTEN}`],
    [
      "in a thread",
      `def run():\n  global one\n  one = socket.create_server(("", int(sys.argv[1])))\nthreading.Thread(target=run).start()`,
    ],
    [
      "in a child",
      `if os.fork() == 0:\n  time.sleep(0.1)\n  one = socket.create_server(("", int(sys.argv[1])))\n  sys.stdin.read()\nos.wait()`,
    ],
    [
      "as a daemon",
      `if os.fork() > 0: os._exit(0)\nos.setsid()\nif os.fork() > 0: os._exit(0)\n${LISTEN}\nlistener.accept()`,
    ],
    [
      "as a daemon whose parent waits for ever",
      `if os.fork() > 0:\n  os.wait()\n  sys.stdin.read()\nos.setsid()\nif os.fork() > 0: os._exit(0)\n${LISTEN}\nlistener.accept()`,
    ],
    [
      "on another port as well, and blocked there",
      `other = socket.create_server(("127.0.0.1", 0))\n${LISTEN}\nother.accept()`,
    ],
    ["on another port as well, first", `other = socket.create_server(("127.0.0.1", 0))\ntime.sleep(0.2)\n${LISTEN}`],
  ])("it listens %s", async (_, source) => {
    const { readiness, asked } = await wait(`${source}\nsys.stdin.read()`);
    expect(readiness.type).toBe("listening");
    const ports = readiness.type === "listening" ? readiness.sockets.map(({ port }) => port) : [];
    expect(ports).toContain(asked.port);
  });

  test("a daemon begins to listen while it is being looked for", async () => {
    const asked = await freeAddress();
    const { subject } = await python(
      `import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
if os.fork() > 0:
  os.wait()
  sys.stdin.read()
os.setsid()
if os.fork() > 0: os._exit(0)
signal.sigwait([signal.SIGUSR1])
${LISTEN}
listener.accept()`,
      asked.port,
    );
    const everyProcess = subject.allProcesses.bind(subject);
    const isListening = () => readSocketTable("tcp").some(({ local }) => local.port === asked.port);
    let looks = 0;
    vi.spyOn(subject, "allProcesses").mockImplementation(() => {
      const pids = everyProcess();
      const daemon = pids.find((pid) => pid !== subject.pid);
      if (++looks !== 2 || daemon === undefined) return pids;
      process.kill(daemon, "SIGUSR1");
      for (const end = performance.now() + PLENTY_MS; performance.now() < end; ) {
        if (isListening() && blockedForever(pids)) break;
      }
      return pids;
    });
    const sockets = [{ protocol: "tcp", ...asked }];
    expect(await waitUntilListening(subject, asked, PLENTY_MS)).toEqual({ type: "listening", sockets });
  });

  test("JavaScript listens", async () => {
    const asked = await freeAddress();
    const { subject } = await javascript(
      `require("net").createServer().listen(+process.argv[1], "127.0.0.1")`,
      asked.port,
    );
    expect(await waitUntilListening(subject, asked, PLENTY_MS)).toEqual({
      type: "listening",
      sockets: [{ protocol: "tcp", ...asked }],
    });
  });

  test("one that ends in the line after it began to listen does not", async () => {
    const { readiness } = await wait(`${LISTEN}\nlistener.accpet()`);
    expect(readiness).toEqual({ type: "not-listening", why: "exited", blocked: [] });
  });

  test("one that never sleeps does", async () => {
    const { readiness } = await wait(`${LISTEN}\nwhile True: pass`);
    expect(readiness.type).toBe("listening");
  });

  test("no connection was made: the only accept is still there", async () => {
    const asked = await freeAddress();
    const { subject, stdout } = await python(`${LISTEN}\nlistener.accept()\nprint("a client", flush=True)`, asked.port);
    expect(await waitUntilListening(subject, asked, PLENTY_MS)).toMatchObject({ type: "listening" });
    const rows = readSocketTable("tcp").filter(({ local, remote }) => [local.port, remote.port].includes(asked.port));
    expect(rows.map(({ state }) => state)).toEqual(["LISTEN"]);
    expect(stdout()).toBe("");
  });

  test("elsewhere: on another port, blocked there", async () => {
    const { readiness, asked } = await wait(`one = socket.create_server(("127.0.0.1", 0))\none.accept()`);
    if (readiness.type !== "listening") throw new Error(`it does not listen: ${readiness.why}`);
    expect(readiness.sockets).toMatchObject([{ protocol: "tcp", host: "127.0.0.1" }]);
    expect(readiness.sockets[0]?.port).not.toBe(asked.port);
  });

  test("elsewhere, in a loop that sleeps now and then", async () => {
    const { readiness, asked } = await wait(`
one = socket.create_server(("127.0.0.1", 0))
while True: time.sleep(0.05)`);
    if (readiness.type !== "listening") throw new Error(`it does not listen: ${readiness.why}`);
    expect(readiness.sockets).toHaveLength(1);
    expect(readiness.sockets[0]?.port).not.toBe(asked.port);
  });

  test("on UDP only, at the port that was asked for", async () => {
    const { readiness, asked } = await wait(`
one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
one.bind(("127.0.0.1", int(sys.argv[1])))
one.recvfrom(100)`);
    expect(readiness).toEqual({ type: "listening", sockets: [{ protocol: "udp", ...asked }] });
  });

  test.each([
    ["at once", "sys.exit(3)"],
    ["after it had listened", `${LISTEN}\nlistener.close()`],
    ["with a traceback", "time.sleep(0.1)\n1/0"],
  ])("it exits %s", async (_, source) => {
    const { readiness } = await wait(source);
    // Seen in the moment in which it listened, it did.
    if (source.includes("close") && readiness.type === "listening") return;
    expect(readiness).toEqual({ type: "not-listening", why: "exited", blocked: [] });
  });

  test.each([
    ["for input", "input()", "read"],
    ["for a message on a socket of its own", "a, b = socket.socketpair()\na.recv(1)", "recvfrom"],
    [
      "for ever, bound but without listen()",
      `one = socket.socket()\none.bind(("127.0.0.1", int(sys.argv[1])))\ninput()`,
      "read",
    ],
  ])("it waits %s", async (_, source, call) => {
    const { readiness } = await wait(source);
    expect(readiness).toMatchObject({ type: "not-listening", why: "blocked", blocked: [{ call }] });
  });

  test("the time that it waits for a processor does not count", async () => {
    const start = performance.now();
    // Its own child takes three quarters of the one processor that they share.
    const { readiness } = await wait(
      `
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
if os.fork() == 0:
  while os.getppid() != 1: pass
  os._exit(0)
os.nice(5)
until = time.thread_time() + 0.3
while time.thread_time() < until: pass
${LISTEN}
input()`,
      900,
    );
    expect(readiness.type).toBe("listening");
    expect(performance.now() - start).toBeGreaterThan(900);
  });

  test.each([
    ["sleeps", "time.sleep(60)"],
    ["spins", "while True: pass"],
    ["waits with a limit", "threading.Event().wait(60)"],
  ])("one that %s is given until the deadline", async (_, source) => {
    const start = performance.now();
    const { readiness } = await wait(source, 400);
    expect(readiness).toEqual({ type: "not-listening", why: "deadline", blocked: [] });
    expect(performance.now() - start).toBeGreaterThanOrEqual(400);
  });
});
