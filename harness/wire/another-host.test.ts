import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { hasIpv6 } from "../kernel/address.ts";
import { ownWorld } from "../launch/isolation/slot.ts";

/** What a program's host hears of the other one at once after that is up: bytes and a datagram, and then back. */
const SCRIPT = `
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { AnotherHost } from "./another-host.ts";
const heard = [];
const host = await AnotherHost.open();
for (const [any, kind] of [["::", "udp6"], ["0.0.0.0", "udp4"]]) {
  const server = createServer((socket) => socket.on("data", (data) => socket.end(any + " " + data))).listen({ host: any, port: 5000 });
  await once(server, "listening");
  const client = await host.connect({ host: any, port: 5000 }, 10_000);
  client.write("stream");
  heard.push(String((await once(client, "data"))[0]));
  client.end();
  server.close();

  const own = createSocket(kind).bind(5000, any);
  await once(own, "listening");
  const theirs = await host.bind({ host: any, port: 0 });
  const { host: address } = host.meets({ host: any, port: 5000 });
  theirs.send("datagram", 5000, address);
  const [bytes, { port, address: from }] = await once(own, "message");
  heard.push(any + " " + bytes);
  own.send("reply", port, from);
  heard.push(String((await once(theirs, "message"))[0]));

  const there = await host.listen({ host: any, port: 5001 }, (socket) => socket.end("there"));
  heard.push(String((await once(connect(there), "data"))[0]));
  await host.stopListening();
  own.close();
  theirs.close();
}
await host.close();
// A socket of the host before keeps its network, and so does the kernel for a while.
const before = await AnotherHost.open();
const left = await before.bind({ host: "0.0.0.0", port: 0 });
await before.close();
const after = await AnotherHost.open();
heard.push(after ? "up again" : "no second host after the first");
await after?.close();
left.close();
console.log(JSON.stringify({ heard, asked: /^Icmp6InNeighborSolicits\\s+(\\d+)$/m.exec(readFileSync("/proc/net/snmp6", "latin1"))[1] }));
`;

test.runIf(process.platform === "linux" && hasIpv6())(
  "another host is met both ways as soon as it is up, without a question for its hardware address",
  async () => {
    const world = await ownWorld();
    if (!world) throw new Error("this machine gives no process a world of its own: see CONTRIBUTING.md");
    const folder = await mkdtemp(join(tmpdir(), "gema-host-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const outdir = join(folder, "harness", "wire");
    const options = { bundle: true, platform: "node", format: "esm" } as const;
    const worker = "another-host-worker";
    await build({ ...options, entryPoints: [join(import.meta.dirname, `${worker}.ts`)], outdir });
    const outfile = join(outdir, "script.mjs");
    const banner = {
      js: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`,
    };
    await build({ ...options, banner, stdin: { contents: SCRIPT, resolveDir: import.meta.dirname }, outfile });
    const [command = "", ...args] = [...world, process.execPath, outfile];
    const { stdout } = await execa(command, args, { timeout: 20_000 });
    const heard = ["::", "0.0.0.0"].flatMap((any) => [`${any} stream`, `${any} datagram`, "reply", "there"]);
    heard.push("up again");
    expect(JSON.parse(stdout)).toEqual({ heard, asked: "0" });
  },
);
