import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { LISTEN, server } from "../launch/program.test-helper.ts";
import { socketInodes } from "./processes.ts";
import {
  findConnection,
  heldSockets,
  parseSocketTable,
  readSocketTable,
  type SocketRow,
  type Table,
} from "./socket-table.ts";

/** A table as the kernel prints it: a heading, then lines whose fields after `inode` nobody reads. */
function table(...lines: readonly string[]): string {
  const heading = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
  return heading + lines.map((line) => `${line} 1 0000000000000000 100 0 0 10 0                     \n`).join("");
}

function line(local: string, remote: string, state: string, queues = "00000000:00000000", inode = 77): string {
  return `   0: ${local} ${remote} ${state} ${queues} 00:00000000 00000000  1000        0 ${inode}`;
}

describe("a table's text", () => {
  const parseOne = (name: Table, text: string): SocketRow | undefined => parseSocketTable(name, table(text))[0];

  test("a listening IPv4 socket", () => {
    expect(parseSocketTable("tcp", table(line("0100007F:1388", "00000000:0000", "0A")))).toEqual([
      {
        protocol: "tcp",
        local: { host: "127.0.0.1", port: 5000 },
        remote: { host: "0.0.0.0", port: 0 },
        state: "LISTEN",
        txQueue: 0,
        rxQueue: 0,
        inode: 77,
      },
    ]);
  });

  test("queues are hexadecimal, transmit first; a socket without a process has no inode", () => {
    const row = parseOne("tcp", line("0100007F:1388", "0200007F:C350", "01", "000003E8:00010000", 0));
    expect(row).toMatchObject({ state: "ESTABLISHED", txQueue: 1000, rxQueue: 65536, inode: 0 });
    expect(row?.remote).toEqual({ host: "127.0.0.2", port: 50000 });
  });

  test.each([
    ["01", "ESTABLISHED"],
    ["03", "SYN_RECV"],
    ["06", "TIME_WAIT"],
    ["07", "CLOSE"],
    ["08", "CLOSE_WAIT"],
    ["0A", "LISTEN"],
    ["0B", "CLOSING"],
    ["FF", "NONE"],
  ])("state %s is %s", (code, state) => {
    expect(parseOne("tcp", line("0100007F:1388", "00000000:0000", code))?.state).toBe(state);
  });

  test.each([
    ["00000000000000000000000000000000", "::"],
    ["00000000000000000000000001000000", "::1"],
    ["B80D0120000000000000000001000000", "2001:db8::1"],
    ["B80D0120010000000000000001000000", "2001:db8:0:1::1"],
    ["B80D0120000001000000010000000100", "2001:db8:1:0:1:0:1:0"],
    ["0000000000000000FFFF00000100007F", "127.0.0.1"],
    ["0000000000000000FFFF000000000000", "0.0.0.0"],
  ])("IPv6 %s is %s", (hex, host) => {
    expect(parseOne("tcp6", line(`${hex}:0050`, `${hex}:0000`, "0A"))?.local).toEqual({ host, port: 80 });
  });

  test("every IPv6 address is written as URLs write it", () => {
    const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        fc.pre(groups.slice(0, 5).some((one) => one !== 0) || groups[5] !== 0xffff);
        const full = groups.map((one) => one.toString(16)).join(":");
        const bytes = groups.flatMap((one) => [one >> 8, one & 255]);
        const words = [0, 4, 8, 12].map((at) => bytes.slice(at, at + 4).reverse());
        const hex = words.flat().map((byte) => byte.toString(16).padStart(2, "0"));
        const row = parseOne("udp6", line(`${hex.join("")}:0001`, `${"0".repeat(32)}:0000`, "07"));
        expect(`[${row?.local.host}]`).toBe(new URL(`http://[${full}]/`).hostname);
      }),
    );
  });

  test("UDP tables hold UDP sockets; an empty table holds none", () => {
    expect(parseOne("udp", line("00000000:14E9", "00000000:0000", "07"))?.protocol).toBe("udp");
    expect(parseSocketTable("tcp", table())).toEqual([]);
    expect(parseSocketTable("tcp", "")).toEqual([]);
  });
});

describe.runIf(process.platform === "linux")("the kernel's own tables", () => {
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const one of servers.splice(0)) one.close();
  });

  async function listen(host: string, onConnection: (socket: Socket) => void = () => {}): Promise<AddressInfo> {
    const one = createServer({ pauseOnConnect: true }, (socket) => {
      sockets.push(socket);
      onConnection(socket);
    });
    servers.push(one);
    await once(one.listen(0, host), "listening");
    return one.address() as AddressInfo;
  }

  async function client(port: number): Promise<Socket> {
    const socket = connect(port, "127.0.0.1");
    sockets.push(socket);
    await once(socket, "connect");
    return socket;
  }

  const rowsAt = (name: Table, port: number): SocketRow[] =>
    readSocketTable(name).filter(({ local }) => local.port === port);

  test.each([
    ["tcp", "127.0.0.1"],
    ["tcp6", "::1"],
  ] as const)("%s has this process's listener at %s", async (name, host) => {
    const { port } = await listen(host);
    const [row, ...others] = rowsAt(name, port);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ protocol: "tcp", state: "LISTEN", local: { host, port } });
    expect(socketInodes([process.pid])).toContain(row?.inode);
  });

  test("udp has this process's bound socket", async () => {
    const socket = createSocket("udp4");
    await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
    const { port } = socket.address();
    expect(rowsAt("udp", port)).toMatchObject([{ protocol: "udp", state: "CLOSE", local: { host: "127.0.0.1" } }]);
    await new Promise<void>((resolve) => socket.close(resolve));
    expect(rowsAt("udp", port)).toEqual([]);
  });

  test("unread bytes lie in the receiver's queue until it reads them", async () => {
    const accepted: Socket[] = [];
    const { port } = await listen("127.0.0.1", (socket) => accepted.push(socket));
    const socket = await client(port);
    socket.write(Buffer.alloc(1000));
    const ours = { host: "127.0.0.1", port: socket.localPort ?? 0 };
    const theirs = { host: "127.0.0.1", port };
    const queues = () => {
      const rows = readSocketTable("tcp");
      return [findConnection(rows, ours, theirs)?.txQueue, findConnection(rows, theirs, ours)?.rxQueue];
    };
    await vi.waitFor(() => expect(queues()).toEqual([0, 1000]));
    await vi.waitFor(() => expect(accepted).toHaveLength(1));
    accepted[0]?.resume();
    await vi.waitFor(() => expect(queues()).toEqual([0, 0]));
    expect(findConnection(readSocketTable("tcp"), ours, ours)).toBeUndefined();
  });

  test("a connection that was not accepted has no inode, and an IPv4 client of an IPv6 socket is found", async () => {
    const { address } = await server(`${LISTEN}\nsys.stdin.read()`);
    const socket = await client(address.port);
    const local = { host: "127.0.0.1", port: socket.localPort ?? 0 };
    expect(findConnection(readSocketTable("tcp"), address, local)).toMatchObject({ state: "ESTABLISHED", inode: 0 });

    const accepted: Socket[] = [];
    const { port } = await listen("::", (one) => accepted.push(one));
    const second = await client(port);
    await vi.waitFor(() => expect(accepted).toHaveLength(1));
    const theirs = { host: "127.0.0.1", port };
    const own = { host: "127.0.0.1", port: second.localPort ?? 0 };
    expect(findConnection(readSocketTable("tcp6"), theirs, own)?.inode).toBeGreaterThan(0);
    expect(findConnection(readSocketTable("tcp"), own, theirs)?.inode).toBeGreaterThan(0);
  });

  test("a table longer than one page is read to its end", async () => {
    const { port } = await listen("127.0.0.1");
    const clients = await Promise.all(Array.from({ length: 150 }, () => client(port)));
    const rows = readSocketTable("tcp").filter(({ state, remote }) => state === "ESTABLISHED" && remote.port === port);
    const found = rows.map(({ local }) => local.port).sort();
    expect(found).toEqual(clients.map(({ localPort }) => localPort).sort());
  });

  test("sockets of every kind are held until they are closed", async () => {
    const { port: tcp } = await listen("127.0.0.1");
    const { port: tcp6 } = await listen("::1");
    const udp = createSocket("udp4").bind(0, "127.0.0.1");
    await once(udp, "listening");
    const held = () => heldSockets().map(({ protocol, local }) => `${protocol} ${local.port}`);
    const own = `udp ${udp.address().port}`;
    expect(held()).toEqual(expect.arrayContaining([`tcp ${tcp}`, `tcp ${tcp6}`, own]));
    udp.close();
    await once(udp, "close");
    expect(held()).not.toContain(own);
  });
});
