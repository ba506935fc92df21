import { createSocket } from "node:dgram";
import { describe, expect, test } from "vitest";
import { freeAddress, python } from "../launch/program.test-helper.ts";
import { waitUntilListening } from "../launch/ready.ts";
import { eventsOf, newConversation } from "./conversation.test-helper.ts";

const BIND = `
import os, signal, socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", int(sys.argv[1])))
`;
const ECHO = `${BIND}
while True:
    data, client = s.recvfrom(65535)
    s.sendto(data, client)
`;
const START_MS = 20_000;

async function meet(source: string) {
  const address = await freeAddress();
  const { subject } = await python(source, address.port);
  const readiness = await waitUntilListening(subject, address, START_MS, "udp");
  const conversation = newConversation();
  conversation.attach(subject);
  return { conversation, subject, address, readiness };
}

describe("readiness", () => {
  test("is seen in the table of UDP sockets", async () => {
    const { readiness, address } = await meet(ECHO);
    expect(readiness).toEqual({ type: "listening", sockets: [{ protocol: "udp", ...address }] });
  });

  test("a TCP socket at the same port is told, and is not taken for it", async () => {
    const { readiness, address } = await meet(`
import socket, sys
socket.create_server(("127.0.0.1", int(sys.argv[1]))).accept()`);
    expect(readiness).toEqual({ type: "listening", sockets: [{ protocol: "tcp", ...address }] });
  });
});

describe("a probe", () => {
  test("sends and receives datagrams, one event each", async () => {
    const { conversation, address } = await meet(ECHO);
    const probe = await conversation.open(address);
    for (const word of ["one", "", "three"]) probe.send(Buffer.from(word));
    expect(await conversation.until(() => probe.received.length === 3)).toBe("met");
    expect(probe.received.map(String).sort()).toEqual(["", "one", "three"]);
    expect(conversation.recorder.events[0]).toMatchObject({
      type: "connected",
      peer: "A",
      protocol: "udp",
      local: { host: "127.0.0.1", port: probe.local.port },
      remote: address,
    });
    expect(eventsOf(conversation, "sent").map(({ bytes }) => bytes.length)).toEqual([3, 0, 5]);
    expect(eventsOf(conversation, "received")).toHaveLength(3);
  });

  test("learns that nobody is there", async () => {
    const { conversation, subject, address } = await meet(ECHO);
    await subject.stop();
    const probe = await conversation.open(address);
    probe.send(Buffer.from("hello?"));
    expect(await conversation.until(() => probe.over)).toBe("met");
    expect(probe.unreachable).toBe(true);
    expect(eventsOf(conversation, "unreachable")).toMatchObject([{ peer: "A" }]);
  });

  test("hears nobody but the server", async () => {
    const { conversation, address } = await meet(ECHO);
    const probe = await conversation.open(address);
    const stranger = createSocket("udp4");
    await new Promise((resolve) => stranger.send("I am the server", probe.local.port, "127.0.0.1", resolve));
    probe.send(Buffer.from("mine"));
    expect(await conversation.until(() => probe.received.length > 0)).toBe("met");
    expect(probe.received.map(String)).toEqual(["mine"]);
    stranger.close();
  });

  test("that is open to all names whoever answers from another port", async () => {
    const { conversation, address } = await meet(`${BIND}
while True:
    data, client = s.recvfrom(65535)
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(data, client)`);
    const probe = await conversation.openToAll(address);
    probe.send(Buffer.from("who answers"));
    expect(await conversation.until(() => conversation.datagrams.length > 1)).toBe("met");
    const [, stranger] = conversation.datagrams;
    expect(stranger?.received.map(String)).toEqual(["who answers"]);
    expect(stranger?.remote.port).not.toBe(address.port);
    expect(probe.received).toEqual([]);
  });
});

describe.runIf(process.platform === "linux")("silence of datagrams", () => {
  test("is proved once a datagram was read and not answered", async () => {
    const { conversation, address } = await meet(`${BIND}
while True: s.recvfrom(65535)`);
    const probe = await conversation.open(address);
    probe.send(Buffer.from("no answer"));
    expect(await conversation.until(() => probe.received.length > 0)).toBe("silent");
    expect(eventsOf(conversation, "silent")).toMatchObject([
      { proved: true, blocked: [{ call: "recvfrom" }], connections: [{ peer: "A", unread: 0 }] },
    ]);
  });

  test("is proved while a datagram lies unread, and says so", async () => {
    const { conversation, address } = await meet(`${BIND}
signal.pause()`);
    const probe = await conversation.open(address);
    probe.send(Buffer.from("unread"));
    expect(await conversation.until(() => probe.received.length > 0)).toBe("silent");
    expect(eventsOf(conversation, "silent")).toMatchObject([
      { proved: true, blocked: [{ call: "pause" }], connections: [{ peer: "A", unread: 6 }] },
    ]);
  });

  test("is not proved before the subject has read: every answer of 300 in a row is heard", async () => {
    const { conversation, address } = await meet(ECHO);
    const probe = await conversation.open(address);
    for (let round = 1; round <= 300; round++) {
      probe.send(Buffer.from(`round ${round}`));
      expect(await conversation.until(() => probe.received.length >= round)).toBe("met");
    }
  });

  test("a client's datagram that we have not read yet is under way", async () => {
    const address = await freeAddress();
    const conversation = newConversation();
    await conversation.listenForDatagrams(address, () => {});
    const { subject } = await python(
      `
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(b"hello", ("127.0.0.1", int(sys.argv[1])))
s.recvfrom(100)`,
      address.port,
    );
    conversation.attach(subject);
    const came = (): boolean => conversation.datagrams.some(({ received }) => received.length > 0);
    expect(await conversation.until(came)).toBe("met");
    const [client] = conversation.datagrams;
    expect(client?.received.map(String)).toEqual(["hello"]);
    client?.send(Buffer.from("reply"));
    expect(await conversation.exit()).toBe("met");
    expect(subject.exit).toEqual({ code: 0, signal: null });
  });
});
