import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Address } from "../kernel/address.ts";
import { mayHaveSandboxes } from "../launch/isolation/sandbox.test-helper.ts";
import { findSandbox, sandboxLauncher } from "../launch/isolation/sandbox.ts";
import { plainLauncher } from "../launch/plain-launcher.ts";
import { freeAddress } from "../launch/program.test-helper.ts";
import { waitUntilListening } from "../launch/ready.ts";
import type { Exit, Launcher, Subject } from "../launch/subject.ts";
import { prepareEntry } from "../submission/build.ts";
import { python } from "../submission/python.ts";
import type { Entry } from "../submission/submission.ts";
import type { Trace, TracedCall } from "./trace.ts";
import { tracingLauncher } from "./tracing-launcher.ts";

/** Under load a start takes long; only a program that hangs takes longer. */
const ENDS_MS = 60_000;

const PYTHON_SERVER = `import socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
client, _ = listener.accept()
with client:
    while True:
        data = client.recv(100)
        if not data:
            break
        client.sendall(data)
`;

const TYPESCRIPT_SERVER = `import { createServer, type Socket } from "node:net";

interface Client {
  readonly socket: Socket;
}
const server = createServer((socket: Socket) => {
  const client: Client = { socket };
  client.socket.on("data", (data: Buffer) => {
    client.socket.write(data);
  });
  socket.on("close", () => server.close());
});
server.listen(Number(process.argv[2]), "127.0.0.1");
`;

const ASYNCIO_SERVER = `import asyncio, sys
done = asyncio.Event()
async def handle(reader, writer):
    data = await reader.read(100)
    writer.write(data)
    await reader.read(100)
    writer.close()
    done.set()
async def main():
    await asyncio.start_server(handle, "127.0.0.1", int(sys.argv[1]))
    await done.wait()
asyncio.run(main())
`;

/** It gets rid of whatever it finds, and goes on as another program. */
const DEFEATING_SERVER = `import os, socket, sys
os.closerange(3, 1000)
if len(sys.argv) == 2:
    os.execv(sys.executable, [sys.executable, sys.argv[0], sys.argv[1], "again"])
class socket_of_its_own(socket._socket.socket):
    pass
listener = socket_of_its_own()
listener.bind(("127.0.0.1", int(sys.argv[1])))
listener.listen()
fd, _ = listener._accept()
client = socket_of_its_own(fileno=fd)
client.send(client.recv(100))
client.recv(100)
`;

/** It writes where the hooks report. */
const LYING_SERVER = `import os, socket, sys
calls = os.path.join(os.path.dirname(sys.argv[0]), "../trace-0/calls")
with open(calls, "a") as file:
    file.write('{"atMs":1,"pid":1,"number":1,"call":"rm -rf","line":-1}\\n')
    file.write('{"atMs":1,"pid":1,"number":2,"call":"recv","file":"' + "x" * 5000 + '","line":1}\\n')
    file.write('{"__proto__":{"polluted":1},"atMs":1}\\n\\0\\xff\\n' + "[" * 3_000_000)
os.unlink(calls)
os.mkfifo(calls)
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
client, _ = listener.accept()
client.sendall(client.recv(100))
client.recv(100)
`;

const HOW = ["plain", ...(mayHaveSandboxes ? ["sandboxed"] : [])];

describe.runIf(process.platform === "linux").each(HOW)("a traced program, %s,", (how) => {
  let launcher: Launcher = plainLauncher;
  let interpreter = "";
  beforeAll(async () => {
    if (how === "plain") {
      interpreter = (await python()).executable;
      return;
    }
    const plan = await findSandbox([]);
    if ("why" in plan) throw new Error(`there are no sandboxes on this machine: ${plan.why}; see CONTRIBUTING.md`);
    interpreter = plan.python?.executable ?? "";
    launcher = sandboxLauncher(plan);
  });

  /** Runs a server whose source is `source`, says "hello" to it, and ends; what came back, and what was reported. */
  async function echo(file: string, source: string): Promise<{ reply: string; trace: Trace; remote: number }> {
    const folder = await sharedFolder(launcher);
    const root = join(folder, "handed-in");
    await mkdir(root);
    await writeFile(join(root, file), source);
    const entry: Entry = { program: "tcp-server", file, path: join(root, file), language: languageOf(file), root };
    const runnable = await prepareEntry(entry, { workDir: folder, handedIn: { path: root, source: root } });
    const [first = "", ...rest] = runnable.command;
    const command = [file.endsWith(".py") ? interpreter : first, ...rest];
    const traced = tracingLauncher(launcher, folder);
    const zeroMs = Number(process.hrtime.bigint()) / 1e6;
    const address = await freeAddress();
    const { cwd, readable } = runnable;
    const subject = await traced.launch({
      command: [...command, String(address.port)],
      cwd,
      readable,
      env: {},
    });
    onTestFinished(() => subject.stop());
    expect(await waitUntilListening(subject, address, ENDS_MS)).toMatchObject({ type: "listening" });
    const said = await talk(address, "hello");
    expect(await subject.exited).toEqual({ code: 0, signal: null });
    return { ...said, trace: await traced.collect(zeroMs) };
  }

  test("in Python: each call has its line, its sizes, its ends and its time", { timeout: ENDS_MS }, async () => {
    const { reply, trace, remote } = await echo("server.py", PYTHON_SERVER);
    expect(reply).toBe("hello");
    expect(trace.leftOut).toBe(0);
    expect(trace.calls.map(summary)).toEqual([
      "bind server.py:2",
      "listen server.py:2",
      "accept server.py:3",
      "recv server.py:6 100 -> 5",
      "sendall server.py:9 5 ->",
      "recv server.py:6 100 -> 0",
      "close server.py:4",
    ]);
    const ofClient = trace.calls.filter((call) => call.remote === remote).map(({ call }) => call);
    expect(ofClient).toEqual(["accept", "recv", "sendall", "recv", "close"]);
    const times = trace.calls.flatMap(({ atMs, ended }) => [atMs, ended?.atMs ?? Number.NaN]);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBeGreaterThan(0);
    expect(times.at(-1)).toBeLessThan(ENDS_MS);
  });

  test("in TypeScript: the lines are those of the source", { timeout: ENDS_MS }, async () => {
    const { reply, trace, remote } = await echo("server.ts", TYPESCRIPT_SERVER);
    expect(reply).toBe("hello");
    const own = trace.calls.filter(({ place }) => place).map(summary);
    expect(own).toEqual([
      "listen server.ts:13",
      "connection server.ts:6",
      "data server.ts:8 -> 5",
      "write server.ts:9 5 -> 5",
      "data server.ts:8 -> 0",
      "close server.ts:11",
    ]);
    expect(trace.calls.filter((call) => call.remote === remote).map(({ call }) => call)).toContain("destroy");
  });

  test("with asyncio: what the loop does by itself has no line", { timeout: ENDS_MS }, async () => {
    const { reply, trace } = await echo("server.py", ASYNCIO_SERVER);
    expect(reply).toBe("hello");
    const got = trace.calls.map(summary);
    expect(got).toContain("send server.py:5 5 -> 5");
    expect(got.filter((one) => one.startsWith("recv"))).toEqual(["recv - 262144 -> 5", "recv - 262144 -> 0"]);
  });

  test("that gets rid of the hooks runs all the same, without lines", { timeout: ENDS_MS }, async () => {
    const { reply, trace } = await echo("server.py", DEFEATING_SERVER);
    expect(reply).toBe("hello");
    expect(trace).toEqual({ calls: [], leftOut: 0 });
  });

  test("that writes among the reports changes none of ours", { timeout: ENDS_MS }, async () => {
    const source = how === "plain" ? LYING_SERVER : LYING_SERVER.replace(/^os\.(unlink|mkfifo).*\n/gm, "");
    const { reply, trace } = await echo("server.py", source);
    expect(reply).toBe("hello");
    expect(trace).toEqual({ calls: [], leftOut: 0 });
    expect({}).not.toHaveProperty("polluted");
  });
});

const LOOKS_AROUND_PYTHON = `import os, sys, threading, asyncio, selectors, json, socket
print(__name__, __file__ == os.path.abspath(sys.argv[0]), sys.argv[1:], sys.path, sys.flags, sys.orig_argv[2:])
print(sorted(key for key in os.environ if key != "GEMA_SUBJECT"), [str(one)[:20] for one in sys.meta_path], socket.socket().fileno())
print(socket.socket.recv.__name__, socket.__loader__.__class__, socket.__spec__.origin, sys.gettrace())
print(socket.SO_REUSEADDR, sys.excepthook is sys.__excepthook__, open(os.devnull).fileno())
def fails():
    socket.socket().connect(("127.0.0.1", 1))
try:
    fails()
except ConnectionRefusedError as error:
    print(error)
def other():
    1 / 0
other()
`;

const LOOKS_AROUND_NODE = `const net = require("net");
const { NODE_OPTIONS, GEMA_TRACE, GEMA_SUBJECT, ...env } = process.env;
console.log(NODE_OPTIONS, GEMA_TRACE, env, process.argv.slice(2), process.execArgv, require.main === module);
console.log(net.Socket.prototype.write.length, net.Socket.prototype.on.name, Error.stackTraceLimit, module.children);
console.log(Error.prepareStackTrace, Object.keys(new net.Socket()));
net.connect(1, "127.0.0.1").on("error", (error) => { console.log(error.code); throw new Error("on its own"); });
`;

/** Talks with itself, so that it needs no port that is known before. */
const DATAGRAMS_PYTHON = `import socket
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.sendto(b"hello", server.getsockname())
data, address = server.recvfrom(100)
server.sendto(data + b"!", address)
client.recvfrom_into(bytearray(50))
client.connect(server.getsockname())
client.send(b"")
data, _, _, address = server.recvmsg(100)
server.sendmsg([b"good", b"bye"], [], 0, address)
client.recvmsg_into([bytearray(4), bytearray(40)])
client.close()
server.close()
`;

const DATAGRAMS_NODE = `const { createSocket } = require("dgram");
const server = createSocket("udp4");
server.on("message", (data, { port, address }) => {
  server.send([data, "!"], port, address);
});
server.bind(0, "127.0.0.1", () => {
  const { port } = server.address();
  const client = createSocket("udp4");
  client.once("message", () => {
    client.connect(port, "127.0.0.1", () => {
      client.once("message", () => {
        client.close();
        server.close();
      });
      client.send(Buffer.from("goodbye"), 4, 3);
    });
  });
  client.send("hello", port, "127.0.0.1");
});
`;

describe("hooks", () => {
  /** What a program writes and how it ends, alone and traced. */
  async function both(file: string, source: string) {
    const folder = await sharedFolder(plainLauncher);
    await writeFile(join(folder, file), source);
    const command = [
      file.endsWith(".py") ? (await python()).executable : process.execPath,
      join(folder, file),
      "a",
      "b c",
    ];
    const run = async (launcher: Launcher): Promise<{ output: string; exit: Exit }> => {
      const subject = await launcher.launch({ command, cwd: folder, readable: [], env: {} });
      onTestFinished(() => subject.stop());
      return { output: await outputOf(subject), exit: await subject.exited };
    };
    const traced = tracingLauncher(plainLauncher, folder);
    const [alone, listened] = [await run(plainLauncher), await run(traced)];
    return { alone, listened, trace: await traced.collect(0) };
  }

  test("leave nothing that a Python program would see", { timeout: ENDS_MS }, async () => {
    const { alone, listened, trace } = await both("program.py", LOOKS_AROUND_PYTHON);
    expect(listened).toEqual(alone);
    expect(alone.output).toContain("ZeroDivisionError");
    expect(trace.calls.map(summary)).toContain("connect program.py:7 ConnectionRefusedError");
  });

  test("leave nothing that a Node program would see", { timeout: ENDS_MS }, async () => {
    const { alone, listened, trace } = await both("program.cjs", LOOKS_AROUND_NODE);
    expect(listened.exit).toEqual(alone.exit);
    const withoutStack = (output: string): string => output.replace(/^ {4}at .*\n/gm, "");
    expect(withoutStack(listened.output)).toBe(withoutStack(alone.output));
    expect(alone.output).toContain("on its own");
    expect(trace.calls.map(summary)).toContain("connect program.cjs:6 ECONNREFUSED");
  });

  /** The calls on each socket of a program, by its port, and the ports that it talked with. */
  function bySocket({ calls }: Trace) {
    const ports = [...new Set(calls.flatMap(({ local }) => local ?? []))];
    return ports.map((port) => ({
      calls: calls.filter(({ local }) => local === port).map(summary),
      others: new Set(calls.filter(({ local }) => local === port).flatMap(({ remote }) => remote ?? [])),
      port,
    }));
  }

  test("tell of datagrams in Python", { timeout: ENDS_MS }, async () => {
    const { alone, listened, trace } = await both("program.py", DATAGRAMS_PYTHON);
    expect(listened).toEqual({ output: "", exit: { code: 0, signal: null } });
    expect(listened).toEqual(alone);
    const [server, client] = bySocket(trace);
    expect(server).toMatchObject({
      calls: [
        "bind program.py:3",
        "recvfrom program.py:6 100 -> 5",
        "sendto program.py:7 6 -> 6",
        "recvmsg program.py:11 100 -> 0",
        "sendmsg program.py:12 7 -> 7",
        "close program.py:15",
      ],
      others: new Set([client?.port]),
    });
    expect(client).toMatchObject({
      calls: [
        "sendto program.py:5 5 -> 5",
        "recvfrom_into program.py:8 50 -> 6",
        "connect program.py:9",
        "send program.py:10 0 -> 0",
        "recvmsg_into program.py:13 44 -> 7",
        "close program.py:14",
      ],
      others: new Set([server?.port]),
    });
  });

  test("tell of datagrams in Node", { timeout: ENDS_MS }, async () => {
    const { alone, listened, trace } = await both("program.cjs", DATAGRAMS_NODE);
    expect(listened).toEqual({ output: "", exit: { code: 0, signal: null } });
    expect(listened).toEqual(alone);
    expect(trace.calls.filter(({ local }) => local === undefined).map(summary)).toEqual(["bind program.cjs:6"]);
    const [client, server] = bySocket(trace);
    expect(client).toMatchObject({
      calls: [
        "send program.cjs:18 5 -> 5",
        "message program.cjs:9 -> 6",
        "connect program.cjs:10",
        "send program.cjs:15 3 -> 3",
        "message program.cjs:11 -> 4",
        "close program.cjs:12",
      ],
      others: new Set([server?.port]),
    });
    expect(server).toMatchObject({
      calls: [
        "message program.cjs:3 -> 5",
        "send program.cjs:4 6 -> 6",
        "message program.cjs:3 -> 3",
        "send program.cjs:4 4 -> 4",
        "close program.cjs:13",
      ],
      others: new Set([client?.port]),
    });
  });

  test("leave a file of the program's own alone that is called socket.py", { timeout: ENDS_MS }, async () => {
    const { alone, listened } = await both("socket.py", "import socket\nprint(socket.__file__)\nsocket.socket()\n");
    expect(listened).toEqual(alone);
    expect(alone.output).toContain("TypeError: 'module' object is not callable");
  });
});

function languageOf(file: string): Entry["language"] {
  return file.endsWith(".py") ? "python" : "node";
}

async function sharedFolder(launcher: Launcher): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "gema trace ")));
  onTestFinished(() => rm(folder, { recursive: true }));
  await launcher.share(folder);
  return folder;
}

/** Connects, sends, finishes and reads to the end. */
function talk(address: Address, text: string): Promise<{ reply: string; remote: number }> {
  return new Promise((resolve, reject) => {
    let reply = "";
    let remote = 0;
    const socket = connect({ ...address, allowHalfOpen: true }, () => {
      remote = socket.localPort ?? 0;
      socket.write(text);
    });
    socket.setEncoding("utf8").on("data", (piece) => {
      reply += piece;
      if (reply.length === text.length) socket.end();
    });
    socket.once("error", reject).once("end", () => resolve({ reply, remote }));
  });
}

async function outputOf(subject: Subject): Promise<string> {
  const output = { stdout: "", stderr: "" };
  subject.listener = (event) => {
    if (event.type !== "exited") output[event.type] += event.text;
  };
  await subject.exited;
  return output.stdout + output.stderr;
}

/** `recv server.py:6 100 -> 5` */
function summary({ call, place, asked, ended }: TracedCall): string {
  const where = place ? `${place.file}:${place.line}` : "-";
  const size = asked === undefined ? "" : ` ${asked} ->`;
  const got = ended?.bytes === undefined ? "" : `${asked === undefined ? " ->" : ""} ${ended.bytes}`;
  return `${call} ${where}${size}${got}${ended?.error === undefined ? "" : ` ${ended.error}`}`;
}
