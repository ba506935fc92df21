import { describe, expect, test } from "vitest";
import { distanceFromConvention, isBeside, programByName, programBySource } from "./recognise.ts";

describe("by name", () => {
  test.each([
    ["server.py", "tcp-server"],
    ["TCP_Server.PY", "tcp-server"],
    ["echo-server.ts", "tcp-server"],
    ["EchoServer.mjs", "tcp-server"],
    ["peladen.py", "tcp-server"],
    ["klien.py", "tcp-client"],
    ["src/client/index.ts", "tcp-client"],
    ["server/klien.py", "tcp-client"],
    ["client_server.py", undefined],
    ["main.py", undefined],
    ["tugas <&> '1'.py", undefined],
  ])("%s: %s", (file, program) => {
    expect(programByName(file)).toBe(program);
  });

  test("the conventional name is nearest", () => {
    const files = ["udp_server.py", "server_final.py", "server/main.py", "tcp_echo_server.py", "server/__main__.py"];
    expect(files.map(distanceFromConvention)).toEqual([10, 2, 1, 0, 1]);
  });

  test("tests and settings are beside the point", () => {
    expect(["test_server.py", "server.test.ts", "vite.config.js", "setup.py"].every(isBeside)).toBe(true);
    expect(["server.py", "latest.py", "config.ts"].some(isBeside)).toBe(false);
  });
});

describe("by source", () => {
  test.each([
    ["s.bind(a)\ns.listen(1)\nc, _ = s.accept()", "tcp-server"],
    ["s.connect(('127.0.0.1', 5000))", "tcp-client"],
    ["net.createServer((c) => c.pipe(c)).listen(5000)", "tcp-server"],
    ["net.createConnection(5000)", "tcp-client"],
    ["import { connect } from 'node:net'; connect(5000)", "tcp-client"],
    ["asyncio.start_server(handle)", "tcp-server"],
    ["await asyncio.open_connection(host)", "tcp-client"],
    ["socketserver.ThreadingTCPServer(a, H)", "tcp-server"],
    ["class Server(socketserver.TCPServer): pass", "tcp-server"],
    ["s.bind(a)\nd, a = s.recvfrom(9)\ns.sendto(d, a)", "tcp-server"],
    ["s.sendto(b'x', a)", "tcp-client"],
    ["s.listen(1); t.connect(a)", "both"],
    ["# s.listen(1)\ns.connect(a)", "tcp-client"],
    ["client.on('connect', f)", undefined],
    ["print('hello')", undefined],
  ])("%j: %s", (source, program) => {
    expect(programBySource(source)).toBe(program);
  });
});
