import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { hasIpv6 } from "./address.ts";
import { contactsSoFar, datagramsAstray } from "./contacts.ts";

/** Others on this machine may talk too, so that only a lower bound is certain. */
async function counted(protocol: "tcp" | "udp", talk: () => Promise<void>): Promise<number> {
  const before = contactsSoFar(protocol) ?? Number.NaN;
  await talk();
  return (contactsSoFar(protocol) ?? Number.NaN) - before;
}

const HOSTS = hasIpv6() ? ["127.0.0.1", "::1"] : ["127.0.0.1"];

describe.runIf(process.platform === "linux").each(HOSTS)("contacts over %s", (host) => {
  test("are the connections that a listener was given", async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, host);
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const made = await counted("tcp", async () => {
      for (let client = 0; client < 3; client++) await once(connect(port, host).resume(), "close");
    });
    server.close();
    expect(made).toBeGreaterThanOrEqual(3);
  });

  test("are the datagrams that were sent", async () => {
    const [here, there] = [host, host].map((one) => createSocket(one === "::1" ? "udp6" : "udp4"));
    if (!here || !there) throw new Error("two sockets were made");
    there.bind(0, host);
    await once(there, "listening");
    const made = await counted("udp", async () => {
      for (let nth = 0; nth < 3; nth++) {
        const heard = once(there, "message");
        here.send("x", there.address().port, host);
        await heard;
      }
    });
    for (const socket of [here, there]) socket.close();
    expect(made).toBeGreaterThanOrEqual(3);
  });

  test("that find nobody are counted apart", async () => {
    const [here, gone] = [host, host].map((one) => createSocket(one === "::1" ? "udp6" : "udp4"));
    if (!here || !gone) throw new Error("two sockets were made");
    gone.bind(0, host);
    await once(gone, "listening");
    const { port } = gone.address();
    await new Promise<void>((closed) => gone.close(closed));
    const before = datagramsAstray() ?? Number.NaN;
    here.connect(port, host);
    await once(here, "connect");
    here.send("x");
    await once(here, "error");
    here.close();
    expect((datagramsAstray() ?? Number.NaN) - before).toBeGreaterThanOrEqual(1);
  });
});
