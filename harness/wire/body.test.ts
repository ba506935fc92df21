import { describe, expect, test } from "vitest";
import { LISTEN } from "../launch/program.test-helper.ts";
import { BodyExchange } from "./body.ts";
import { eventsOf, LONG_MS, meet } from "./conversation.test-helper.ts";
import { Payload, sha256 } from "./payload.ts";

/** Serves one client by `change(data, offset)`. */
const SERVER = (change: string) => `${LISTEN}
connection, _ = listener.accept()
offset = 0
while data := bytearray(connection.recv(65536)):
    ${change}
    connection.sendall(data)
    offset += len(data)
connection.close()`;

const MIB = 1 << 20;
const body = new Payload(1, "body").bytes(MIB);

async function exchange(change: string, { length = MIB, pattern = body, replyMs = LONG_MS } = {}) {
  const { conversation, subject, address } = await meet(SERVER(change), { replyMs });
  const probe = await conversation.connect("A", address);
  const exchanged = new BodyExchange(conversation, probe, pattern);
  return { conversation, subject, probe, exchanged, length };
}

async function whole(change: string, options: Parameters<typeof exchange>[1] = {}) {
  const { conversation, probe, exchanged, length } = await exchange(change, options);
  const outcomes = [await exchanged.send(length), await exchanged.receive()];
  exchanged.finish();
  const [sent] = eventsOf(conversation, "body-sent");
  const [received] = eventsOf(conversation, "body-received");
  return { conversation, probe, exchanged, outcomes, sent, received };
}

describe("a large body", () => {
  test("that comes back as it went", async () => {
    const { exchanged, outcomes, sent, received, conversation } = await whole("pass");
    expect(outcomes).toEqual(["met", "met"]);
    expect([exchanged.sent, exchanged.received]).toEqual([MIB, MIB]);
    expect(sent).toMatchObject({ peer: "A", length: MIB, sha256: sha256(body) });
    expect(received).toMatchObject({ peer: "A", length: MIB, sha256: sha256(body), difference: null });
    expect(eventsOf(conversation, "sent")).toEqual([]);
    expect(eventsOf(conversation, "received")).toEqual([]);
  });

  test.each([0, 1, 15, 16, 65_535, 65_536, 500_000, MIB - 1])("whose byte %i was flipped", async (at) => {
    const { received } = await whole(`if offset <= ${at} < offset + len(data): data[${at} - offset] ^= 1`);
    const from = Math.max(0, at - 16);
    expect(received?.length).toBe(MIB);
    const changed = Buffer.from(body);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    expect(received?.sha256).toBe(sha256(changed));
    const { difference } = received ?? {};
    expect(difference).toMatchObject({ at });
    // The window begins where the chunk begins when the difference is near to that.
    expect(difference?.from).toBeGreaterThanOrEqual(from);
    expect(difference?.from).toBeLessThanOrEqual(at);
    const { expected = Buffer.alloc(0), observed = Buffer.alloc(0) } = difference ?? {};
    const start = difference?.from ?? 0;
    expect(Buffer.from(expected)).toEqual(Buffer.from(body.subarray(start, start + expected.length)));
    const flipped = Buffer.from(expected);
    flipped[at - start] = (flipped[at - start] ?? 0) ^ 1;
    expect(Buffer.from(observed)).toEqual(flipped);
  });

  test("only the first difference is kept", async () => {
    const { received } = await whole(`data[:] = bytes(byte ^ 255 for byte in data)`);
    expect(received?.difference?.at).toBe(0);
  });

  test("of which a byte was dropped: what follows is out of step", async () => {
    const { received, outcomes } = await whole(`if offset <= 70000 < offset + len(data): del data[70000 - offset]`);
    expect(outcomes).toEqual(["met", "silent"]);
    expect(received?.length).toBe(MIB - 1);
    expect(received?.difference?.at).toBeGreaterThanOrEqual(70_000);
    expect(received?.difference?.at).toBeLessThan(70_010);
  });

  test.each([
    ["in another order", "data.reverse()", true],
    ["with a part of it twice, in place of another", "data[:8] = data[8:16]", undefined],
    ["without its last byte, and turned", "data.reverse(); data and offset == 0 and data.pop()", undefined],
  ])("that comes back %s", async (_, change, reordered) => {
    const { received } = await whole(change);
    expect(received?.difference).not.toBeNull();
    expect(received?.reordered).toBe(reordered);
  });

  test("that is longer than its pattern, in another order", async () => {
    const { received } = await whole("data.reverse()", { pattern: body.subarray(0, 1009), length: 300_007 });
    expect(received).toMatchObject({ length: 300_007, reordered: true });
  });

  test("that is longer than its pattern repeats it", async () => {
    const pattern = Buffer.from("0123456789abc");
    const length = 300_007;
    const expected = Buffer.alloc(length, pattern);
    const { sent, received } = await whole("pass", { pattern, length });
    expect(sent).toMatchObject({ length, sha256: sha256(expected) });
    expect(received).toMatchObject({ length, sha256: sha256(expected), difference: null });
    const flipped = await whole("if offset <= 200_001 < offset + len(data): data[200_001 - offset] ^= 1", {
      pattern,
      length,
    });
    expect(flipped.received?.difference?.at).toBe(200_001);
  });

  test("can be sent in parts", async () => {
    const { conversation, exchanged } = await exchange("pass");
    for (const total of [1, 65_536, 65_537, 300_000]) {
      expect(await exchanged.send(total)).toBe("met");
      expect(await exchanged.receive()).toBe("met");
      expect([exchanged.sent, exchanged.received]).toEqual([total, total]);
    }
    exchanged.finish();
    expect(eventsOf(conversation, "body-received")).toMatchObject([
      { length: 300_000, sha256: sha256(body.subarray(0, 300_000)), difference: null },
    ]);
  });

  test.runIf(process.platform === "linux")(
    "fills the buffers of a program that nobody reads from, then drains",
    async () => {
      const { conversation, probe, exchanged } = await exchange("pass");
      probe.stall();
      await exchanged.fill(40 * MIB);
      expect(exchanged.sent).toBeLessThan(40 * MIB);
      expect(exchanged.sent).toBeGreaterThan(100_000);
      expect(exchanged.received).toBe(0);
      probe.drain();
      expect(await exchanged.receive()).toBe("met");
      expect(exchanged.received).toBe(exchanged.sent);
      exchanged.finish();
      expect(eventsOf(conversation, "body-received")[0]?.difference).toBeNull();
    },
  );

  test("of which a program reads only the beginning", async () => {
    const { exchanged, outcomes, received } = await whole("if offset > 100_000: connection.close(); break");
    expect(outcomes.at(-1)).not.toBe("late");
    expect(received?.length).toBe(exchanged.received);
    expect(exchanged.received).toBeLessThan(MIB);
    expect(received?.difference).toBeNull();
  });
});
