import { describe, expect, test, vi } from "vitest";
import { freeAddress, LISTEN } from "../launch/program.test-helper.ts";
import { eventsOf, meet, newConversation } from "./conversation.test-helper.ts";

/** Serves one client after another by `serve(connection)` and says what it saw. */
const SERVER = `${LISTEN}
def tell(*words): os.write(1, (" ".join(map(str, words)) + "\\n").encode())
def one_by_one(serve):
    while True:
        connection, _ = listener.accept()
        serve(connection)
`;
const ECHO = `${SERVER}
def serve(connection):
    try:
        while data := connection.recv(65536): connection.sendall(data)
        tell("end")
    except OSError as error: tell(type(error).__name__)
    connection.close()
one_by_one(serve)`;

const HELLO = Buffer.from("hello");

describe("a probe", () => {
  test("sends, receives, and writes both down", async () => {
    const { conversation, address } = await meet(ECHO);
    const probe = await conversation.connect("A", address);
    expect(probe).toMatchObject({
      connected: true,
      refused: false,
      over: false,
      remote: address,
      sent: 0,
      received: 0,
    });
    probe.send(HELLO);
    expect(await conversation.receive(probe, 5)).toBe("met");
    expect(probe.bytes).toEqual(HELLO);
    expect(probe).toMatchObject({ sent: 5, received: 5, unsent: 0 });
    expect(conversation.recorder.events).toMatchObject([
      { type: "connected", peer: "A", local: probe.local, remote: address },
      { type: "sent", peer: "A", bytes: HELLO },
      { type: "received", peer: "A", bytes: HELLO },
    ]);
  });

  test("half-closes: the server sees the end, its last words and its own end still arrive", async () => {
    const { conversation, address } = await meet(`${SERVER}
def serve(connection):
    while connection.recv(100): pass
    connection.sendall(b"bye")
    connection.close()
one_by_one(serve)`);
    const probe = await conversation.connect("A", address);
    probe.send(HELLO);
    probe.halfClose();
    probe.halfClose();
    probe.send(HELLO);
    expect(await conversation.ending(probe)).toBe("met");
    expect(probe).toMatchObject({ sent: 5, halfClosed: true, ended: true, wasReset: false, over: true });
    expect(probe.bytes.toString()).toBe("bye");
    const types = conversation.recorder.events.map(({ type }) => type);
    expect(types).toEqual(["connected", "sent", "half-closed", "received", "ended"]);
  });

  test("closes in order: the server sees the end", async () => {
    const { conversation, address } = await meet(ECHO);
    const probe = await conversation.connect("A", address);
    probe.close();
    probe.close();
    probe.reset();
    probe.send(HELLO);
    expect(await conversation.until(() => eventsOf(conversation, "stdout").length > 0)).toBe("met");
    expect(eventsOf(conversation, "stdout")).toMatchObject([{ text: "end\n" }]);
    expect(eventsOf(conversation, "closed")).toMatchObject([{ peer: "A", by: "fin" }]);
    expect(eventsOf(conversation, "sent")).toEqual([]);
  });

  test("resets: the server sees a reset", async () => {
    const { conversation, address } = await meet(ECHO);
    const probe = await conversation.connect("A", address);
    probe.reset();
    expect(await conversation.until(() => eventsOf(conversation, "stdout").length > 0)).toBe("met");
    expect(eventsOf(conversation, "stdout")).toMatchObject([{ text: "ConnectionResetError\n" }]);
    expect(eventsOf(conversation, "closed")).toMatchObject([{ peer: "A", by: "rst" }]);
  });

  test("tells a reset by the server from its end", async () => {
    const { conversation, address } = await meet(`${SERVER}
import struct
def serve(connection):
    if connection.recv(100) == b"reset":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
one_by_one(serve)`);
    for (let round = 0; round < 20; round++) {
      const ended = await conversation.connect(`ended ${round}`, address);
      ended.send(HELLO);
      expect(await conversation.ending(ended)).toBe("met");
      expect(ended).toMatchObject({ ended: true, wasReset: false });
      if (process.platform === "linux") expect(conversation.leftInOrder(ended)).toBe(true);
      ended.close();

      const reset = await conversation.connect(`reset ${round}`, address);
      reset.send(Buffer.from("reset"));
      expect(await conversation.ending(reset)).toBe("met");
      if (process.platform === "linux") expect(conversation.leftInOrder(reset)).toBe(false);
      reset.close();
    }
  });

  test.runIf(process.platform === "linux")("a reset that meets the end of what we send is a reset, too", async () => {
    const { conversation, address } = await meet(`${SERVER}
import struct
def serve(connection):
    connection.recv(100)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
one_by_one(serve)`);
    for (let round = 0; round < 20; round++) {
      const probe = await conversation.connect(`A ${round}`, address);
      probe.send(HELLO);
      await probe.halfClose();
      expect(await conversation.ending(probe)).toBe("met");
      expect(probe).toMatchObject({ wasReset: true, ended: false });
      probe.close();
    }
  });

  test("sending after a reset has no effect and is not written down", async () => {
    const { conversation, address } = await meet(`${SERVER}
import struct
def serve(connection):
    connection.recv(100)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
one_by_one(serve)`);
    const probe = await conversation.connect("A", address);
    probe.send(HELLO);
    expect(await conversation.ending(probe)).toBe("met");
    for (let round = 0; round < 3; round++) {
      probe.send(HELLO);
      await conversation.recorder.change(5);
    }
    probe.halfClose();
    probe.close();
    expect(eventsOf(conversation, "sent").length).toBeLessThanOrEqual(2);
    expect(probe.over).toBe(true);
  });

  test("stalls: nothing more is received until it drains, and then all", async () => {
    const { conversation, address } = await meet(ECHO);
    const probe = await conversation.connect("A", address);
    const body = Buffer.alloc(3_000_000, "abcdefg");
    probe.stall();
    probe.send(body);
    expect(await conversation.until(() => probe.received > 0)).toBe(process.platform === "linux" ? "silent" : "late");
    expect(probe.received).toBe(0);
    expect(probe.stalled).toBe(true);
    probe.drain();
    expect(await conversation.receive(probe, body.length)).toBe("met");
    expect(probe.bytes.equals(body)).toBe(true);
    expect(probe.stalled).toBe(false);
  });

  test("hands its chunks to a taker instead of the transcript", async () => {
    const { conversation, address } = await meet(ECHO);
    const probe = await conversation.connect("A", address);
    const taken: Buffer[] = [];
    probe.takeOver((chunk) => taken.push(chunk));
    expect(probe.sendUnrecorded(HELLO)).toBe(true);
    expect(await conversation.receive(probe, 5)).toBe("met");
    probe.takeOver(undefined);
    expect(Buffer.concat(taken)).toEqual(HELLO);
    expect(probe.bytes).toHaveLength(0);
    expect(conversation.recorder.events.map(({ type }) => type)).toEqual(["connected"]);
    probe.send(HELLO);
    expect(await conversation.receive(probe, 10)).toBe("met");
    expect(probe.bytes).toEqual(HELLO);
  });

  test("is refused where nobody listens", async () => {
    const conversation = newConversation();
    const probe = await conversation.connect("A", await freeAddress());
    expect(probe).toMatchObject({ connected: false, refused: true, over: true, local: undefined, remote: undefined });
    probe.send(HELLO);
    probe.close();
    expect(conversation.recorder.events).toMatchObject([{ type: "not-connected", peer: "A", code: "ECONNREFUSED" }]);
    expect(conversation.leftInOrder(probe)).toBeUndefined();
  });

  test("what comes after it is closed is not written down", async () => {
    const { conversation, address } = await meet(ECHO);
    const probe = await conversation.connect("A", address);
    probe.send(Buffer.alloc(100_000));
    probe.close();
    await vi.waitFor(() => expect(eventsOf(conversation, "stdout")).toHaveLength(1));
    expect(eventsOf(conversation, "received")).toEqual([]);
    expect(probe.received).toBe(0);
  });
});
