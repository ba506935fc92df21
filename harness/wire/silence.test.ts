import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { blockedForever } from "../kernel/blocked.ts";
import { readSocketTable, type SocketRow } from "../kernel/socket-table.ts";
import { javascript, LISTEN, python } from "../launch/program.test-helper.ts";
import type { Subject } from "../launch/subject.ts";
import { eventsOf, type Meeting, meet, newConversation } from "./conversation.test-helper.ts";
import type { Probe } from "./probe.ts";
import { proveSilence } from "./silence.ts";

/** One connection after another, one line of work for each: what `serve` does with `connection`. */
const ONE_BY_ONE = `${LISTEN}
def one_by_one(serve):
    while True:
        connection, _ = listener.accept()
        serve(connection)
`;

/** A thread for each connection. */
const THREADS = `${LISTEN}
def threads(serve):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=[connection], daemon=True).start()
`;

/** Reads requests of one line, the seconds until the answer, and answers each by \`answer(connection, seconds)\`. */
const REQUESTS = `${THREADS}
def serve(connection):
    for line in connection.makefile():
        answer(connection, float(line))
`;

/** A client of the port of its first argument. */
const CLIENT = `
import socket, sys
one = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
`;

const ROUNDS = 20;
const START_MS = 20_000;
const NODE_LISTEN = `const net = require("net"), port = +process.argv[1];`;

describe.runIf(process.platform === "linux")("silence is proved of a server that will never answer", () => {
  interface Silent {
    readonly source: string;
    readonly run?: typeof python;
    /** Calls that must be among those in which it is blocked. */
    readonly calls: RegExp;
    readonly accepted?: boolean;
    readonly unread?: boolean;
  }

  const SILENT: Record<string, Silent> = {
    "waits for the end of a line": {
      source: `${ONE_BY_ONE}\none_by_one(lambda one: one.makefile().readline())`,
      calls: /^recvfrom$/,
    },
    "waits for more than it gets": {
      source: `${ONE_BY_ONE}\none_by_one(lambda one: one.recv(1 << 20, socket.MSG_WAITALL))`,
      calls: /^recvfrom$/,
    },
    "reads and never answers, a thread for each client": {
      source: `${THREADS}\ndef serve(one):\n  while one.recv(100): pass\nthreads(serve)`,
      calls: /^recvfrom$/,
    },
    "never accepts, and waits on stdin": {
      source: `${LISTEN}\nsys.stdin.readline()`,
      calls: /^read$/,
      accepted: false,
      unread: true,
    },
    "accepts and waits on stdin": {
      source: `${ONE_BY_ONE}\none_by_one(lambda one: sys.stdin.readline())`,
      calls: /^read$/,
      unread: true,
    },
    "waits for a lock that it holds": {
      source: `${ONE_BY_ONE}\nlock = threading.Lock()\none_by_one(lambda one: [lock.acquire(), lock.acquire()])`,
      calls: /^futex$/,
      unread: true,
    },
    "waits in select without a limit": {
      source: `${ONE_BY_ONE}\ndef serve(one):\n  while True: select.select([one], [], []); one.recv(100)\none_by_one(serve)`,
      calls: /^p?select6?$/,
    },
    "waits for a child that reads": {
      source: `${ONE_BY_ONE}
def serve(one):
    if os.fork() == 0:
        while one.recv(100): pass
    os.wait()
one_by_one(serve)`,
      calls: /^wait4$/,
    },
    "is several processes that accept": {
      source: `${ONE_BY_ONE}
for _ in range(3): os.fork() or one_by_one(lambda one: one.recv(1 << 20, socket.MSG_WAITALL))
signal.pause()`,
      calls: /^(pause|ppoll)$/,
    },
    "is a daemon": {
      source: `${ONE_BY_ONE}
if os.fork() > 0: os._exit(0)
os.setsid()
if os.fork() > 0: os._exit(0)
one_by_one(lambda one: one.makefile().readline())`,
      calls: /^recvfrom$/,
    },
    "listens on all addresses, IPv6 as well": {
      source: `import socket, sys
one = socket.create_server(("", int(sys.argv[1])), family=socket.AF_INET6, dualstack_ipv6=True)
one.accept()[0].makefile().readline()`,
      calls: /^recvfrom$/,
    },
    "is asyncio and waits for a line": {
      source: `
import asyncio, sys
async def serve(reader, writer): writer.write(await reader.readline())
async def main():
    async with await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1])) as server: await server.serve_forever()
asyncio.run(main())`,
      calls: /^epoll_p?wait2?$/,
    },
    "is Node with a listener that does not answer": {
      source: `${NODE_LISTEN} net.createServer((one) => one.on("data", () => {})).listen(port, "127.0.0.1");`,
      run: javascript,
      calls: /^epoll_p?wait2?$/,
    },
    "is Node without a listener for data": {
      source: `${NODE_LISTEN} net.createServer(() => {}).listen(port, "127.0.0.1");`,
      run: javascript,
      calls: /^epoll_p?wait2?$/,
    },
  };

  test.each(Object.keys(SILENT))("one that %s", async (name) => {
    const { source, run = python, calls, accepted = true, unread = false } = SILENT[name] as Silent;
    const { conversation, address } = await meet(source, { run });
    const probe = await conversation.connect("A", address);
    for (let round = 1; round <= ROUNDS; round++) {
      probe.send(Buffer.from("x"));
      expect(await conversation.until(() => probe.received > 0 || probe.over)).toBe("silent");
    }
    const silences = eventsOf(conversation, "silent");
    expect(silences).toHaveLength(ROUNDS);
    for (const silence of silences) {
      expect(silence).toMatchObject({ proved: true, connections: [{ peer: "A", accepted }] });
      expect(silence.blocked.map(({ call }) => call)).toContainEqual(expect.stringMatching(calls));
    }
    const left = silences.map(({ connections }) => connections[0]?.unread ?? Number.NaN);
    expect(left).toEqual(left.map((_, round) => (unread ? round + 1 : 0)));
  });

  test("one that is blocked in sending to a client that does not read", async () => {
    const { conversation, address } = await meet(
      `${ONE_BY_ONE}\none_by_one(lambda one: one.sendall(bytes(30_000_000)))`,
    );
    const probe = await conversation.connect("A", address);
    for (let round = 0; round < 5; round++) {
      const before = probe.received;
      probe.stall();
      expect(await conversation.until(() => probe.over)).toBe("silent");
      expect(eventsOf(conversation, "silent").at(-1)?.blocked).toMatchObject([{ call: "sendto" }]);
      probe.drain();
      // What lies in the buffers is still to come: never silent until it is here.
      expect(await conversation.until(() => probe.received > before)).toBe("met");
    }
    expect(await conversation.until(() => probe.received === 30_000_000)).toBe("met");
  });

  test("one that does not read, while our bytes fill all buffers", async () => {
    const { conversation, address } = await meet(`${ONE_BY_ONE}\none_by_one(lambda one: sys.stdin.read())`);
    const probe = await conversation.connect("A", address);
    probe.send(Buffer.alloc(30_000_000));
    expect(await conversation.until(() => probe.received > 0)).toBe("silent");
    expect(probe.unsent).toBeGreaterThan(0);
    expect(eventsOf(conversation, "silent")[0]?.connections[0]?.unread).toBeGreaterThan(10_000);
  });

  test("one that has ended altogether", async () => {
    const { conversation, subject, address } = await meet(`${LISTEN}\nlistener.accept()[0].close()`);
    const probe = await conversation.connect("A", address);
    expect(await conversation.ending(probe)).toBe("met");
    expect(await conversation.exit()).toBe("met");
    expect(await conversation.until(() => probe.received > 0)).toBe("silent");
    expect(proveSilence([subject], conversation.probes)).toEqual({ blocked: [], connections: [] });
  });

  test("several clients at once, one of them not accepted", async () => {
    const { conversation, address } = await meet(`${ONE_BY_ONE}\none_by_one(lambda one: one.makefile().readline())`);
    const probes = [await conversation.connect("A", address), await conversation.connect("B", address)];
    for (const probe of probes) probe.send(Buffer.from("abc"));
    expect(await conversation.until(() => probes.some(({ received }) => received > 0))).toBe("silent");
    expect(eventsOf(conversation, "silent")[0]?.connections).toEqual([
      { peer: "A", accepted: true, unread: 0 },
      { peer: "B", accepted: false, unread: 3 },
    ]);
  });

  test("a client that waits for an answer of ours", async () => {
    const conversation = newConversation();
    const address = await conversation.listen({ host: "127.0.0.1", port: 0 }, () => {});
    const { subject } = await python(
      `
import socket, sys
one = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
one.sendall(b"hello")
one.recv(100)`,
      address.port,
    );
    conversation.attach(subject);
    expect(await conversation.until(() => conversation.probes.some(({ over }) => over))).toBe("silent");
    expect(conversation.probes[0]?.received).toBe(5);
  });

  test.each([
    ["wait for each other", "one.recv(1)", "one.recv(1)"],
    ["are both blocked in sending", "one.sendall(bytes(30_000_000))", "one.sendall(bytes(30_000_000))"],
  ])("a client and a server of the subject's that %s", async (_, client, serve) => {
    const { conversation, subject, address } = await meet(`${ONE_BY_ONE}\none_by_one(lambda one: ${serve})`);
    conversation.watch(subject);
    conversation.attach((await python(CLIENT + client, address.port)).subject);
    expect(await conversation.until(() => conversation.subject.exit !== undefined)).toBe("silent");
    expect(eventsOf(conversation, "silent")).toMatchObject([{ proved: true, connections: [] }]);
  });
});

describe.runIf(process.platform === "linux")("silence is never proved while something is still to come", () => {
  /** Looks without a pause until `done`, and counts the looks. A proof before it is a false one. */
  async function lookUntil({ conversation, subject }: Meeting, done: () => boolean): Promise<number> {
    const deadline = performance.now() + 20_000;
    for (let looks = 0; ; looks++) {
      if (done()) return looks;
      const silence = proveSilence([subject], conversation.probes);
      if (silence) throw new Error(`silence was proved at look ${looks}: ${JSON.stringify(silence)}`);
      if (performance.now() > deadline) throw new Error("nothing came");
      await conversation.recorder.change(0);
    }
  }

  /** Seconds until an answer: at once, within a look, within some, and longer than any pause between looks. */
  const DELAYS = [0, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.008, 0.015, 0.03, 0.06];
  const TWICE = [...DELAYS, ...DELAYS, 0.1];

  const ANSWERS: Record<string, string> = {
    "after a sleep": `
def answer(connection, seconds):
    time.sleep(seconds)
    connection.sendall(b"!")`,
    "after computing": `
def answer(connection, seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end: pass
    connection.sendall(b"!")`,
    "after select with a limit": `
def answer(connection, seconds):
    select.select([connection], [], [], seconds)
    connection.sendall(b"!")`,
    "after epoll with a limit": `
def answer(connection, seconds):
    with select.epoll() as poll: poll.poll(seconds)
    connection.sendall(b"!")`,
    "after recv with a limit": `
def answer(connection, seconds):
    connection.settimeout(seconds + 0.0001)
    try: connection.recv(100)
    except TimeoutError: connection.settimeout(None)
    connection.sendall(b"!")`,
    "after waiting with a limit for an event": `
def answer(connection, seconds):
    threading.Event().wait(seconds)
    connection.sendall(b"!")`,
    "by a thread that wakes up, while its own waits without a limit": `
def answer(connection, seconds):
    done = threading.Event()
    def late():
        time.sleep(seconds)
        connection.sendall(b"!")
        done.set()
    threading.Thread(target=late).start()
    done.wait()`,
    "by a timer": `
def answer(connection, seconds):
    threading.Timer(seconds, lambda: connection.sendall(b"!")).start()`,
    "by a child that it waits for": `
def answer(connection, seconds):
    if os.fork() == 0:
        time.sleep(seconds)
        connection.sendall(b"!")
        os._exit(0)
    os.wait()`,
    "by a daemon that left its parents": `
def answer(connection, seconds):
    child = os.fork()
    if child == 0:
        os.setsid()
        if os.fork() > 0: os._exit(0)
        time.sleep(seconds)
        connection.sendall(b"!")
        os._exit(0)
    os.waitpid(child, 0)`,
    "after two processes have tossed it to and fro": `
here, there = socket.socketpair()
if os.fork() == 0:
    while data := there.recv(1): there.sendall(data)
def answer(connection, seconds):
    for _ in range(500 + int(seconds * 20_000)):
        here.sendall(b"x")
        here.recv(1)
    connection.sendall(b"!")`,
    "when its alarm rings": `
waiting = []
signal.signal(signal.SIGALRM, lambda *_: waiting.pop().sendall(b"!"))
def answer(connection, seconds):
    waiting.append(connection)
    signal.setitimer(signal.ITIMER_REAL, seconds + 0.0001)`,
    "after another program has ended": `
import subprocess
def answer(connection, seconds):
    subprocess.run(["sleep", str(seconds)])
    connection.sendall(b"!")`,
    "after passing it through pipes, sockets and threads": `
ends = [socket.socketpair() for _ in range(3)]
inner = socket.create_server(("127.0.0.1", 0))
ends += [(socket.create_connection(inner.getsockname()), inner.accept()[0]) for _ in range(3)]
def relay(source, target):
    while data := source.recv(100): target.sendall(data)
for (_, near), (far, _) in zip(ends, ends[1:]): threading.Thread(target=relay, args=[near, far], daemon=True).start()
def answer(connection, seconds):
    for _ in range(30):
        ends[0][0].sendall(b"x")
        ends[-1][1].recv(1)
    connection.sendall(b"!")`,
  };

  test.each(Object.keys(ANSWERS))("by a server that answers %s", async (name) => {
    const meeting = await meet(`${REQUESTS}${ANSWERS[name]}\nthreads(serve)`);
    const probe = await meeting.conversation.connect("A", meeting.address);
    let looks = 0;
    for (const [round, seconds] of TWICE.entries()) {
      probe.send(Buffer.from(`${seconds}\n`));
      looks += await lookUntil(meeting, () => probe.received > round);
    }
    // Each answer was late enough to be looked for more than once, on the whole.
    expect(looks).toBeGreaterThan(TWICE.length);
    // And then there is silence; only one that handles alarms cannot prove it.
    if (name === "when its alarm rings") return;
    expect(await meeting.conversation.until(() => probe.received > TWICE.length)).toBe("silent");
  });

  test.each(["after a sleep", "after computing"])("by a server that answers %s of half a second", async (name) => {
    const meeting = await meet(`${REQUESTS}${ANSWERS[name]}\nthreads(serve)`);
    const probe = await meeting.conversation.connect("A", meeting.address);
    for (const [round, seconds] of [0.3, 0.5].entries()) {
      probe.send(Buffer.from(`${seconds}\n`));
      expect(await meeting.conversation.until(() => probe.received > round)).toBe("met");
    }
    expect(eventsOf(meeting.conversation, "silent")).toEqual([]);
  });

  test.each([
    [
      "asyncio",
      python,
      `
import asyncio, sys
async def serve(reader, writer):
    while line := await reader.readline():
        await asyncio.sleep(float(line))
        writer.write(b"!")
async def main():
    async with await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1])) as server: await server.serve_forever()
asyncio.run(main())`,
    ],
    [
      "Node's timers",
      javascript,
      `${NODE_LISTEN}
net.createServer((one) => one.on("data", (line) => setTimeout(() => one.write("!"), line * 1000))).listen(port, "127.0.0.1");`,
    ],
    [
      "Node's file system",
      javascript,
      `${NODE_LISTEN}
const { readFile } = require("fs/promises");
const read = async () => { for (let file = 0; file < 40; file++) await readFile(process.execPath, { flag: "r" }).then((all) => all.length, () => 0); };
const small = async (line) => { for (let file = 0; file < 1 + line * 5000; file++) await readFile("/proc/self/stat"); };
net.createServer((one) => one.on("data", (line) => small(line).then(() => one.write("!")))).listen(port, "127.0.0.1");`,
    ],
    [
      "a worker of Node",
      javascript,
      `${NODE_LISTEN}
const { Worker } = require("worker_threads");
const worker = new Worker('const { parentPort: p } = require("worker_threads"); p.on("message", (s) => setTimeout(() => p.postMessage("!"), s * 1000));', { eval: true });
let client;
worker.on("message", () => client.write("!"));
worker.once("online", () => net.createServer((one) => { client = one; one.on("data", (line) => worker.postMessage(+line)); }).listen(port, "127.0.0.1"));`,
    ],
  ] as const)("by a server that answers with %s", async (_, run, source) => {
    const meeting = await meet(source, { run });
    const probe = await meeting.conversation.connect("A", meeting.address);
    for (const [round, seconds] of TWICE.entries()) {
      probe.send(Buffer.from(`${seconds}\n`));
      await lookUntil(meeting, () => probe.received > round);
    }
    expect(probe.received).toBe(TWICE.length);
  });

  test("by a server that trickles", async () => {
    const meeting = await meet(`${REQUESTS}
def answer(connection, seconds):
    for _ in range(30):
        connection.sendall(b"!")
        time.sleep(seconds)
threads(serve)`);
    const probe = await meeting.conversation.connect("A", meeting.address);
    for (const [round, seconds] of [0, 0.001, 0.004, 0.01].entries()) {
      probe.send(Buffer.from(`${seconds}\n`));
      await lookUntil(meeting, () => probe.received === 30 * (round + 1));
    }
    expect(probe.bytes.toString()).toBe("!".repeat(120));
  });

  test("by a server that closes, resets or ends later", async () => {
    const meeting = await meet(`${REQUESTS}
import struct
def answer(connection, seconds):
    time.sleep(abs(seconds))
    if seconds < 0: connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if seconds > 1: os._exit(0)
    connection.shutdown(socket.SHUT_RDWR) if seconds >= 0 else os.close(connection.detach())
threads(serve)`);
    const { conversation, address, subject } = meeting;
    for (const seconds of [...DELAYS, ...DELAYS.map((one) => -one)]) {
      const probe = await conversation.connect("A", address);
      probe.send(Buffer.from(`${seconds}\n`));
      await lookUntil(meeting, () => probe.over);
      probe.close();
    }
    const last = await conversation.connect("A", address);
    last.send(Buffer.from("1.1\n"));
    await lookUntil(meeting, () => subject.exit !== undefined);
    expect(subject.exit).toEqual({ code: 0, signal: null });
  });

  test.each<[string, string, (subject: Subject, probe: Probe) => void]>([
    ["the end of its input", "sys.stdin.read()", (subject) => subject.endInput()],
    ["a FIN", "connection.recv(1)", (_, probe) => void probe.halfClose()],
    ["a RST", "connection.recv(1)", (_, probe) => probe.reset()],
  ])("by a server that waits for %s, which has not left yet", async (_, wait, act) => {
    const meeting = await meet(`${LISTEN}\nconnection, _ = listener.accept()\n${wait}`);
    const { conversation, subject, address } = meeting;
    const probe = await conversation.connect("A", address);
    expect(await conversation.rest()).toBe("proved");
    act(subject, probe);
    await lookUntil(meeting, () => subject.exit !== undefined);
    expect(eventsOf(conversation, "exited")).toHaveLength(1);
  });

  test("by a server that reads a long line while it is typed", async () => {
    const meeting = await meet(`${ONE_BY_ONE}
def serve(one):
    sys.stdin.readline()
    one.sendall(b"!")
one_by_one(serve)`);
    const { conversation, subject, address } = meeting;
    const line = "x".repeat(5_000_000);
    subject.type(`${line}\n`);
    expect(subject.isBeingTyped).toBe(true);
    const probe = await conversation.connect("A", address);
    expect(await lookUntil(meeting, () => probe.received > 0)).toBeGreaterThan(0);
    expect(subject.isBeingTyped).toBe(false);
  });

  test("by a server that accepts later", async () => {
    const meeting = await meet(`${LISTEN}
for seconds in sys.stdin:
    time.sleep(float(seconds))
    connection, _ = listener.accept()
    connection.sendall(b"!")`);
    for (const seconds of TWICE) {
      const probe = await meeting.conversation.connect("A", meeting.address);
      meeting.subject.type(`${seconds}\n`);
      await lookUntil(meeting, () => probe.received > 0);
      probe.close();
    }
    expect(eventsOf(meeting.conversation, "received")).toHaveLength(TWICE.length);
  });

  test("by a client that connects later, over and over", async () => {
    const conversation = newConversation();
    const address = await conversation.listen({ host: "127.0.0.1", port: 0 }, (probe) => {
      probe.send(Buffer.from("?"));
    });
    const source = `
import socket, sys, time
for seconds in [${TWICE.join(", ")}]:
    time.sleep(seconds)
    with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as one:
        one.recv(1)
        time.sleep(seconds)
        one.sendall(b"!")
sys.stdin.read()`;
    const { subject } = await python(source, address.port);
    conversation.watch(subject);
    for (const [round] of TWICE.entries()) {
      expect(await conversation.until(() => conversation.probes.length > round)).toBe("met");
      expect(await conversation.until(() => conversation.probes[round]?.received === 1)).toBe("met");
      expect(await conversation.until(() => conversation.probes[round]?.over === true)).toBe("met");
    }
    expect(await conversation.until(() => false)).toBe("silent");
  });

  test.each([
    ["after printing more than a pipe holds", `print("x" * 1_000_000 + str(seconds)); connection.sendall(b"!")`],
    [
      "after writing more than a pipe holds to a duplicate of its stderr",
      `os.write(os.dup(2), b"x" * 1_000_000); connection.sendall(b"!")`,
    ],
    [
      "at a timer that is a descriptor",
      `
    import ctypes, struct
    libc = ctypes.CDLL(None, use_errno=True)
    timer = libc.timerfd_create(1, 0)
    libc.timerfd_settime(timer, 0, struct.pack("qqqq", 0, 0, 0, int(seconds * 1e9) + 1), None)
    os.read(timer, 8)
    os.close(timer)
    connection.sendall(b"!")`,
    ],
    [
      "that another one gave it in two pieces, held back by Nagle's algorithm",
      `
    ours, theirs = backend()
    for piece in (b"a", b"b", b"c"): ours.sendall(piece)
    theirs.recv(3, socket.MSG_WAITALL)
    connection.sendall(b"!")`,
    ],
  ])("by a server that answers %s", async (_, answer) => {
    const meeting = await meet(`${REQUESTS}
def backend():
    with socket.create_server(("127.0.0.1", 0)) as inner:
        ours = socket.create_connection(inner.getsockname())
        return ours, inner.accept()[0]
def answer(connection, seconds):
    ${answer.trim()}
threads(serve)`);
    const probe = await meeting.conversation.connect("A", meeting.address);
    for (const [round, seconds] of DELAYS.entries()) {
      probe.send(Buffer.from(`${seconds}\n`));
      await lookUntil(meeting, () => probe.received > round);
    }
    expect(probe.received).toBe(DELAYS.length);
  });

  test("by a server to another subject's client", async () => {
    const { conversation, subject, address } = await meet(`${REQUESTS}
def answer(connection, seconds):
    time.sleep(seconds)
    connection.sendall(b"!")
threads(serve)`);
    conversation.watch(subject);
    const asks = DELAYS.map((seconds) => `one.sendall(b"${seconds}\\n"); one.recv(1)`).join("\n");
    conversation.attach((await python(`${CLIENT}${asks}`, address.port)).subject);
    expect(await conversation.until(() => conversation.subject.exit !== undefined)).toBe("met");
    expect(conversation.subject.exit).toEqual({ code: 0, signal: null });
  });

  test("on a connection that is not made yet", async () => {
    const { conversation, subject } = await meet(`${LISTEN}\nsys.stdin.read()`);
    const probe = conversation.connect("A", { host: "127.0.0.1", port: 1 });
    expect(conversation.probes[0]?.connected).toBe(false);
    expect(proveSilence([subject], conversation.probes)).toBeUndefined();
    expect(await probe).toMatchObject({ refused: true });
  });

  test.each(["127.0.0.1", "::1"])("on a connection that Gema has still to accept at %s", async (host) => {
    const server = createServer().listen(0, host);
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const { subject } = await python(CLIENT.replace('"127.0.0.1"', "sys.argv[2]").concat("one.recv(1)"), port, host);
    const waits = ({ local, inode }: SocketRow) => local.port === port && inode === 0;
    const rows = () => [...readSocketTable("tcp"), ...readSocketTable("tcp6")];
    // Node accepts nothing while this loop runs.
    const deadline = performance.now() + START_MS;
    while (!(rows().some(waits) && blockedForever(subject.processes()))) {
      if (performance.now() > deadline) throw new Error("the client did not come");
    }
    expect(proveSilence([subject], [], undefined, [port])).toBeUndefined();
  });
});
