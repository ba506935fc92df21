import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Address } from "../kernel/address.ts";
import { UserError } from "../user-error.ts";
import { freePort, freeWayTo, timeWaitRows } from "./port.ts";
import { freeAddress, LISTEN, python, server } from "./program.test-helper.ts";
import { waitUntilListening } from "./ready.ts";

const PLENTY_MS = 20_000;

describe.runIf(process.platform === "linux")("a port before a launch", () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const one of servers.splice(0)) one.close();
  });

  async function listen({ host, port }: Address): Promise<void> {
    const one = createServer((socket) => socket.resume());
    servers.push(one);
    await once(one.listen(port, host), "listening");
  }

  test("is free", async () => {
    await expect(freePort(await freeAddress())).resolves.toBeUndefined();
  });

  test("held by another process: the error names it", async () => {
    const { subject, address } = await server(`${LISTEN}\nsys.stdin.read()`);
    const error = (await freePort(address).catch((caught: unknown) => caught)) as UserError;
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ code: "port-taken", exit: 3 });
    expect(error.what.en).toContain(`127.0.0.1:${address.port}`);
    expect(error.what.en).toMatch(new RegExp(`process ${subject.pid} \\(.*python`));
    expect(error.what.id).toContain(`proses ${subject.pid} (`);
    await subject.stop();
    await freePort(address);
  });

  test.each([
    ["0.0.0.0", "127.0.0.1", true],
    ["127.0.0.1", "0.0.0.0", true],
    ["::", "127.0.0.1", true],
    ["127.0.0.2", "127.0.0.1", false],
  ])("a holder at %s against %s: %j", async (held, asked, taken) => {
    const { port } = await freeAddress();
    await listen({ host: held, port });
    const outcome = await freePort({ host: asked, port }).then(
      () => false,
      () => true,
    );
    expect(outcome).toBe(taken);
  });

  /** The lecture's way: no SO_REUSEADDR, and the server closes first. */
  const WITHOUT_REUSE = `
import socket, sys
one = socket.socket()
one.bind((sys.argv[2], int(sys.argv[1])))
one.listen()
while True:
    connection, _ = one.accept()
    connection.close()`;

  async function start(asked: Address, bound: string) {
    const launched = await python(WITHOUT_REUSE, asked.port, bound);
    return { ...launched, readiness: await waitUntilListening(launched.subject, asked, PLENTY_MS) };
  }

  async function meet(port: number): Promise<void> {
    const socket = connect(port, "127.0.0.1");
    await once(socket.resume(), "close");
  }

  test.each(["127.0.0.1", "0.0.0.0"])("connections in TIME_WAIT of a server at %s are ended", async (bound) => {
    const asked = await freeAddress();
    const first = await start(asked, bound);
    for (let client = 0; client < 5; client++) await meet(asked.port);
    await vi.waitFor(() =>
      expect(timeWaitRows(asked.port).filter(({ state }) => state === "TIME_WAIT")).toHaveLength(5),
    );
    await first.subject.stop();

    // Without help it could not start: that is what is mended.
    const refused = await start(asked, bound);
    expect(refused.readiness).toMatchObject({ type: "not-listening", why: "exited" });
    expect(refused.stderr()).toContain("Address already in use");

    await freePort(asked);
    expect(timeWaitRows(asked.port)).toEqual([]);
    const second = await start(asked, bound);
    expect(second.readiness).toMatchObject({ type: "listening" });
  });

  test("connections in TIME_WAIT are ended for what should be a UDP program, too", async () => {
    const asked = await freeAddress();
    const first = await start(asked, "127.0.0.1");
    await meet(asked.port);
    await vi.waitFor(() => expect(timeWaitRows(asked.port)).toMatchObject([{ state: "TIME_WAIT" }]));
    await first.subject.stop();
    await freePort(asked, "udp");
    expect(timeWaitRows(asked.port)).toEqual([]);
  });

  test.runIf(process.getuid?.() === 0)(
    "connections in TIME_WAIT whose other end keeps its port are ended by force",
    async () => {
      const asked = await freeAddress();
      const { port: own } = await freeAddress();
      const first = await start(asked, "127.0.0.1");
      const socket = connect({ port: asked.port, host: "127.0.0.1", localPort: own });
      await once(socket.resume(), "close");
      await first.subject.stop();
      // A listener there refuses its port to whoever would revive the old connection.
      await listen({ host: "127.0.0.1", port: own });
      expect(timeWaitRows(asked.port)).toMatchObject([{ state: "TIME_WAIT" }]);
      await freePort(asked);
      expect(timeWaitRows(asked.port)).toEqual([]);
    },
  );

  test("a client that insists on a port which was used a moment ago connects again", async () => {
    const asked = await freeAddress();
    const { port: own } = await freeAddress();
    const codes: (number | null)[] = [];
    const again = `
import socket, sys
one = socket.socket()
one.bind(("127.0.0.1", int(sys.argv[2])))
one.connect(("127.0.0.1", int(sys.argv[1])))
one.shutdown(socket.SHUT_WR)
one.recv(1)`;
    for (const help of [false, true, false]) {
      if (help) await freeWayTo(asked);
      await listen(asked);
      const { subject, stderr } = await python(again, asked.port, own);
      const { code } = await subject.exited;
      expect(stderr()).toMatch(code === 0 ? /^$/ : /Address already in use/);
      codes.push(code);
      await new Promise((resolve) => servers.pop()?.close(resolve));
    }
    expect(codes).toEqual([0, 0, 1]);
  });

  test("a connection that its client has not ended yet is waited for", async () => {
    const asked = await freeAddress();
    const first = await start(asked, "127.0.0.1");
    const socket = connect({ port: asked.port, host: "127.0.0.1", allowHalfOpen: true });
    await once(socket.resume(), "end");
    await first.subject.stop();
    await vi.waitFor(() => expect(timeWaitRows(asked.port)).toMatchObject([{ state: "FIN_WAIT2", inode: 0 }]));
    const freed = freePort(asked);
    socket.destroy();
    await freed;
    expect(timeWaitRows(asked.port)).toEqual([]);
    expect((await start(asked, "127.0.0.1")).readiness).toMatchObject({ type: "listening" });
  });

  test("a server that is killed with connections open leaves its port free after all", async () => {
    const asked = await freeAddress();
    const holding = WITHOUT_REUSE.replace("connection.close()", "globals().setdefault('kept', []).append(connection)");
    for (let round = 0; round < 3; round++) {
      await freePort(asked);
      const { subject, stderr } = await python(holding, asked.port, "127.0.0.1");
      const readiness = await waitUntilListening(subject, asked, PLENTY_MS);
      expect(stderr()).toBe("");
      expect(readiness).toMatchObject({ type: "listening" });
      const socket = connect(asked.port, "127.0.0.1");
      const closed = new Promise((resolve) => socket.once("close", resolve));
      socket.resume().on("error", () => {});
      await once(socket, "connect");
      await subject.stop();
      await closed;
    }
  });
});
