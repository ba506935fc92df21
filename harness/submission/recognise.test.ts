import { describe, expect, test } from "vitest";
import {
  distanceFromConvention,
  isBeside,
  protocolByName,
  protocolBySource,
  recognise,
  roleByName,
  roleBySource,
} from "./recognise.ts";

describe("by name", () => {
  test.each([
    ["server.py", "server"],
    ["TCP_Server.PY", "server"],
    ["echo-server.ts", "server"],
    ["EchoServer.mjs", "server"],
    ["peladen.py", "server"],
    ["klien.py", "client"],
    ["src/client/index.ts", "client"],
    ["server/klien.py", "client"],
    ["client_server.py", undefined],
    ["main.py", undefined],
    ["tugas <&> '1'.py", undefined],
  ])("%s: %s", (file, role) => {
    expect(roleByName(file)).toBe(role);
  });

  test("the conventional name is nearest", () => {
    const files = ["udp_server.py", "server_final.py", "server/main.py", "tcp_echo_server.py", "server/__main__.py"];
    expect(files.map(distanceFromConvention)).toEqual([0, 2, 1, 0, 1]);
  });

  test("tests and settings are beside the point", () => {
    expect(["test_server.py", "server.test.ts", "vite.config.js", "setup.py"].every(isBeside)).toBe(true);
    expect(["server.py", "latest.py", "config.ts"].some(isBeside)).toBe(false);
  });
});

describe("by source", () => {
  test.each([
    ["s.bind(a)\ns.listen(1)\nc, _ = s.accept()", "server"],
    ["s.connect(('127.0.0.1', 5000))", "client"],
    ["net.createServer((c) => c.pipe(c)).listen(5000)", "server"],
    ["net.createConnection(5000)", "client"],
    ["import { connect } from 'node:net'; connect(5000)", "client"],
    ["asyncio.start_server(handle)", "server"],
    ["await asyncio.open_connection(host)", "client"],
    ["socketserver.ThreadingTCPServer(a, H)", "server"],
    ["class Server(socketserver.TCPServer): pass", "server"],
    ["s.bind(a)\nd, a = s.recvfrom(9)\ns.sendto(d, a)", "server"],
    ["s.sendto(b'x', a)", "client"],
    ["d, c = s.recvfrom(9)\ns.sendto(d, c)", "server"],
    ["new WebSocketServer({ port: 5000 })", "server"],
    ["new WebSocket.Server({ port: 5000 })", "server"],
    ["s.bind(('', 0))\ns.sendto(b'x', a)\nd, a = s.recvfrom(9)", "client"],
    ["s.bind(a)\ns.sendto(*s.recvfrom(9))", "server"],
    ["s.bind(a)\ndef answer(d, c):\n  s.sendto(d, c)\nwhile True:\n  answer(*s.recvfrom(9))", "server"],
    [
      "class Server:\n  def reply(self, d):\n    s.sendto(d)\n  def run(self):\n    s.bind(a)\n    s.recvfrom(9)",
      "server",
    ],
    ["def ask():\n  s.bind(('', 0))\n  s.sendto(b'x', a)\n  return s.recvfrom(9)", "client"],
    ["s = socket(AF_INET, SOCK_DGRAM)\ns.bind(a)\nd, c = s.recvfrom(9)\ns.connect(c)\ns.send(d)", "server"],
    ["const s = dgram.createSocket('udp4'); s.on('message', (m, r) => s.send(m, r.port)); s.bind(5000)", "server"],
    ["loop.create_datagram_endpoint(Echo, local_addr=('127.0.0.1', 5000))", "server"],
    ["loop.create_datagram_endpoint(Echo, ('127.0.0.1', 5000))", "server"],
    ["loop.create_datagram_endpoint(lambda: Echo(), local_addr=(HOST, PORT))", "server"],
    [
      "def connection_made(t): t.sendto(b'x', a)\nloop.create_datagram_endpoint(P, local_addr=('0.0.0.0', 0))",
      "client",
    ],
    [
      "s = socket(AF_INET, SOCK_DGRAM)\ns.bind(('', 0))\nThread(target=lambda: q.put(s.recvfrom(9))).start()\ns.sendto(b'x', a)",
      "client",
    ],
    ["const c = dgram.createSocket('udp4'); c.on('message', show); c.bind(0, () => c.send('x', 5000))", "client"],
    ["const c = dgram.createSocket('udp4'); c.on('message', show); c.bind(() => c.send('x', 5000))", "client"],
    ["const c = dgram.createSocket('udp4'); c.on('message', this.show.bind(this)); c.send('x', 5000)", "client"],
    ["const s = dgram.createSocket('udp4'); s.on('message', this.answer.bind(this)); s.bind({ port: 5000 })", "server"],
    ["const c = dgram.createSocket('udp4'); const send = promisify(c.send).bind(c); send('x', 5000)", "client"],
    [
      "const c = dgram.createSocket('udp4'); const say = console.error.bind(console, 'E:'); c.send('x', 5000)",
      "client",
    ],
    ["const c = dgram.createSocket('udp4'); c.bind({ address: '::1', port: 0 }, () => c.send('x', 5000))", "client"],
    ["const c = dgram.createSocket('udp4'); await promisify(c.connect).call(c, 5000); c.on('message', show)", "client"],
    ["this.s = dgram.createSocket('udp4'); this.s.on('message', f); this.s.bind(this.port, this.host)", "server"],
    ["this.s = dgram.createSocket('udp4'); this.s.bind(this.s.port); this.s.send(m, p)", "server"],
    ["class Hub {\n  connect(s: Socket): void {\n  }\n}\nhub.connect(s)\nnet.createServer(f).listen(5000)", "server"],
    ["class C {\n  private listen() {\n  }\n  go() { this.listen(); this.s.connect(5000) }\n}", "client"],
    ["class S:\n  def accept(self) -> None:\n    self.s.bind(a)\n    c = self.s.accept()\nS().connect()", "both"],
    ["class C:\n  def connect(self):\n    self.s.connect(a)\nC().connect()", "client"],
    ["class S:\n  def listen(self):\n    self.s.listen()\nS().listen()", "server"],
    ["loop.create_datagram_endpoint(Ask, remote_addr=('127.0.0.1', 5000))", "client"],
    ["s.listen(1); t.connect(a)", "both"],
    ["u.connect(('8.8.8.8', 80))\ns.listen(1)", "server"],
    ["db = sqlite3.connect('pesan.db')\ns.bind(('', 5000))\ns.listen(1)\ns.accept()", "server"],
    ["udp.connect(80, '8.8.8.8', f); net.createServer(g)", "server"],
    ["# s.listen(1)\ns.connect(a)", "client"],
    ["client.on('connect', f)", undefined],
    ["print('hello')", undefined],
  ])("%j: %s", (source, role) => {
    expect(roleBySource(source)).toBe(role);
  });
});

describe("a name that begins or ends with its role", () => {
  const BINDS_AND_SENDS = "const s = dgram.createSocket('udp4')\ns.on('message', show)\ns.bind(5001)\ns.send(m, 5000)";
  const ANSWERS =
    "const s = dgram.createSocket('udp4')\ns.on('message', (m, r) => s.send(m, r.port, r.address))\ns.bind(5000)";
  test.each<[string, string, string, string | undefined]>([
    ["stands where the source tells little", "udp_client_2.js", BINDS_AND_SENDS, "client"],
    ["stands without separators", "UdpClient2.js", BINDS_AND_SENDS, "client"],
    [
      "stands where two threads hear and speak",
      "client-a.py",
      "s.bind(a)\ndef f():\n  s.recv(9)\ns.sendto(b)",
      "client",
    ],
    ["stands where a server forgot to bind", "server_budi.js", "s = createSocket('udp4')\ns.send(m, r.port)", "server"],
    ["does not stand against an accept", "client_leaves.py", "s.listen(1)\ns.accept()", undefined],
    ["does not stand against an answer", "client_leaves.py", "s.bind(a)\ns.recvfrom(9)\ns.sendto(d, c)", undefined],
    ["stands at its end, too", "budi_udp_client.js", BINDS_AND_SENDS, "client"],
    ["stands at the end of what was revised", "tugas1-klien-final2.js", BINDS_AND_SENDS, "client"],
    ["is no word in the middle", "one_client_only.js", BINDS_AND_SENDS, undefined],
    ["does not stand against a datagram's way back", "serves_one_client.js", ANSWERS, undefined],
    [
      "does not stand against a way back in another function",
      "first-client.ts",
      "function answer(m: Buffer, from: RemoteInfo) {\n  s.send(\n    m, from.port,\n    from.address)\n}\ns.on('message', answer)\ncreateSocket('udp4').bind(5000)",
      undefined,
    ],
  ])("%s: %s", (_, file, source, role) => {
    expect(recognise(file, source).byName).toBe(role);
  });
});

describe("the protocol", () => {
  test.each([
    ["udp_server.py", "udp"],
    ["TCP-Client.ts", "tcp"],
    ["udp/server.py", "udp"],
    ["udp/tcp_server.py", "tcp"],
    ["tcp_udp_server.py", undefined],
    ["server.py", undefined],
  ])("by the name %s: %s", (file, protocol) => {
    expect(protocolByName(file)).toBe(protocol);
  });

  test.each([
    ["s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)", "udp"],
    ["const dgram = require('dgram')", "udp"],
    ["class Server(socketserver.ThreadingUDPServer): pass", "udp"],
    ["s = socket.socket()\ns.listen(1)", "tcp"],
    ["import { createServer } from 'node:net'", "tcp"],
    ["# SOCK_DGRAM\nasyncio.start_server(f)", "tcp"],
    ["a = SOCK_DGRAM\nb = SOCK_STREAM", undefined],
    ["print('hello')", undefined],
  ])("by the source %j: %s", (source, protocol) => {
    expect(protocolBySource(source)).toBe(protocol);
  });
});

describe("a source that was written to be read for long", () => {
  const KIB_256 = 1 << 18;
  test.each([
    ["of empty lines", "\n"],
    ["of names within names", "a."],
    ["of calls in one line", "s.send("],
    ["of connections in one line", "connect('"],
    ["of sends to a sender", "s.bind(5)\ns.send(m, r.address)\n"],
  ])("%s is read at once", (_, part) => {
    const source = part.repeat(KIB_256 / part.length);
    const start = performance.now();
    recognise("budi_udp_server.js", source);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});
