import { describe, expect, test } from "vitest";
import { python } from "../launch/program.test-helper.ts";
import { listeningPaths, listeningSockets, parseLsof, parsePowerShell, withChildren } from "./listeners.ts";

describe.runIf(process.platform === "linux")("on Linux", () => {
  test("TCP listeners and bound UDP sockets are found, each once; others are not", async () => {
    const { subject, said } = await python(`
import os, socket, sys
def udp(address):
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind(address)
    return one
four = socket.create_server(("127.0.0.1", 0))
six = socket.create_server(("::1", 0), family=socket.AF_INET6)
both = socket.create_server(("", 0), family=socket.AF_INET6, dualstack_ipv6=True)
waiting = udp(("0.0.0.0", 0))
connected = udp(("127.0.0.1", 0))
connected.connect(waiting.getsockname())
unbound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
bound = socket.socket(); bound.bind(("127.0.0.1", 0))
client = socket.create_connection(four.getsockname())
if os.fork() > 0: print("ports", *[one.getsockname()[1] for one in (four, six, both, waiting)], flush=True)
sys.stdin.read()`);
    const [four, six, both, waiting] = (await said("ports")).split(" ").map(Number);
    const found = await listeningSockets(subject.processes());
    expect(subject.processes()).toHaveLength(2);
    expect(found.map(({ port }) => port)).toHaveLength(4);
    expect(found).toEqual(
      expect.arrayContaining([
        { protocol: "tcp", host: "127.0.0.1", port: four },
        { protocol: "tcp", host: "::1", port: six },
        { protocol: "tcp", host: "::", port: both },
        { protocol: "udp", host: "0.0.0.0", port: waiting },
      ]),
    );
  });

  test("files at which Unix sockets listen are found; other Unix sockets are not", async () => {
    const { subject, said } = await python(`
import os, socket, sys
def unix(name, backlog=None):
    one = socket.socket(socket.AF_UNIX)
    one.bind(name)
    if backlog is not None: one.listen(backlog)
    return one
name = "\\0gema " + str(os.getpid())
one, two = unix(name, 1), unix(name + " bound only")
pair = socket.socketpair()
peer = socket.socket(socket.AF_UNIX); peer.connect(name)
print("ready", flush=True)
sys.stdin.read()`);
    await said("ready");
    expect(listeningPaths(subject.processes())).toEqual([`@gema ${subject.pid}`]);
    expect(listeningPaths([])).toEqual([]);
  });

  test("a process without sockets has none", async () => {
    const { subject } = await python("input()");
    expect(await listeningSockets(subject.processes())).toEqual([]);
    expect(await listeningSockets([])).toEqual([]);
  });
});

/** Written by hand after lsof(8), section OUTPUT FOR OTHER PROGRAMS; not taken from a Mac. */
const LSOF = `p1234
f3
PTCP
n127.0.0.1:5000
TST=LISTEN
TQR=0
TQS=0
f4
PTCP
n127.0.0.1:5000->127.0.0.1:51234
TST=ESTABLISHED
TQR=0
TQS=0
f5
PTCP
n[::1]:8080
TST=LISTEN
f6
PTCP
n*:9000
TST=LISTEN
p1235
f3
PUDP
n127.0.0.1:7000
f4
PUDP
n127.0.0.1:7001->127.0.0.1:7000
f5
PUDP
n*:*
f6
PTCP
n127.0.0.1:6000
TST=CLOSED
`;

describe("other systems' answers, as samples written by hand", () => {
  test("lsof: listening TCP and unconnected UDP sockets", () => {
    expect(parseLsof(LSOF)).toEqual([
      { protocol: "tcp", host: "127.0.0.1", port: 5000 },
      { protocol: "tcp", host: "::1", port: 8080 },
      { protocol: "tcp", host: "0.0.0.0", port: 9000 },
      { protocol: "udp", host: "127.0.0.1", port: 7000 },
    ]);
    expect(parseLsof("")).toEqual([]);
  });

  test("PowerShell: one socket a line", () => {
    expect(parsePowerShell("tcp,127.0.0.1,5000\r\ntcp,::,8080\r\nudp,0.0.0.0,7000\r\n")).toEqual([
      { protocol: "tcp", host: "127.0.0.1", port: 5000 },
      { protocol: "tcp", host: "::", port: 8080 },
      { protocol: "udp", host: "0.0.0.0", port: 7000 },
    ]);
    expect(parsePowerShell("")).toEqual([]);
    expect(parsePowerShell("Get-NetTCPConnection : No matching objects found\r\n")).toEqual([]);
  });

  test("ps: children and their children, in whatever order they are listed", () => {
    const table = "    1     0\n  300   200\n  200   100\n  100     1\n  101     1\n  301   200\n  400   300\n";
    expect(withChildren([100], table)).toEqual([100, 200, 300, 301, 400]);
    expect(withChildren([101], table)).toEqual([101]);
    expect(withChildren([7], "")).toEqual([7]);
  });
});
