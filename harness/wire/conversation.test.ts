import { describe, expect, test } from "vitest";
import { blockedForever } from "../kernel/blocked.ts";
import { freeAddress, LISTEN, python } from "../launch/program.test-helper.ts";
import { eventsOf, LONG_MS, meet, newConversation } from "./conversation.test-helper.ts";
import { EXIT_MS } from "./conversation.ts";

const SERVER = `${LISTEN}
def tell(*words): os.write(1, (" ".join(map(str, words)) + "\\n").encode())
connection, _ = listener.accept()
`;
const ECHO = `${SERVER}
while data := connection.recv(65536): connection.sendall(data)
connection.close()
sys.stdin.read()`;
const HELLO = Buffer.from("hello");
/** One of those that it may use, which it then shares with others like it. */
const ON_ONE_PROCESSOR = "import os\nos.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n";
const linux = process.platform === "linux";

describe("saying nothing", () => {
  test.runIf(linux)("ends when no length of silence can make a difference", async () => {
    const { conversation, address } = await meet(ECHO);
    const probe = await conversation.connect("A", address);
    probe.send(HELLO);
    await conversation.receive(probe, 5);
    await conversation.sayNothing(600_000);
    expect(probe.over).toBe(false);
  });

  test("lasts as long as asked where the subject may have a time limit of its own", async () => {
    const { conversation, address } = await meet(`${SERVER}\nwhile True: select.select([], [], [], 0.01)`);
    await conversation.connect("A", address);
    const start = performance.now();
    await conversation.sayNothing(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(200);
  });

  test.runIf(linux)("outlasts a time limit with which the subject waits, if it is no longer than asked", async () => {
    const { conversation, address } = await meet(`${SERVER}\nconnection.settimeout(1)
try: connection.recv(1)
except TimeoutError: connection.close()`);
    const probe = await conversation.connect("A", address);
    await conversation.sayNothing(100, 999);
    expect(probe.over).toBe(false);
    await conversation.sayNothing(100, 1000);
    expect(probe.over).toBe(true);
  });

  test("ends with the subject's patience", async () => {
    const { conversation, address } = await meet(`${SERVER}\nconnection.settimeout(0.1)
try: connection.recv(1)
except TimeoutError: connection.close()`);
    const probe = await conversation.connect("A", address);
    await conversation.sayNothing(600_000);
    expect(probe.over).toBe(true);
  });
});

describe("waiting for an answer", () => {
  test("it comes, in one piece or in many", async () => {
    const { conversation, address } = await meet(`${SERVER}
for byte in connection.recv(100) * 3:
    connection.sendall(bytes([byte]))
    time.sleep(0.002)
connection.close()`);
    const probe = await conversation.connect("A", address);
    probe.send(HELLO);
    expect(await conversation.receive(probe, 5)).toBe("met");
    expect(await conversation.receive(probe, 15)).toBe("met");
    expect(probe.bytes.toString()).toBe("hellohellohello");
    expect(await conversation.ending(probe)).toBe("met");
    expect(await conversation.exit()).toBe("met");
    expect(eventsOf(conversation, "exited")).toMatchObject([{ exit: { code: 0, signal: null } }]);
    expect(eventsOf(conversation, "silent")).toEqual([]);
  });

  test("the end of the connection ends the wait too", async () => {
    const { conversation, address } = await meet(`${SERVER}\nconnection.recv(100)\nconnection.close()`);
    const probe = await conversation.connect("A", address);
    probe.send(HELLO);
    expect(await conversation.receive(probe, 5)).toBe("met");
    expect(probe).toMatchObject({ received: 0, ended: true });
  });

  test.runIf(linux)("that never comes is proved silent long before the deadline", async () => {
    const { conversation, address } = await meet(`${SERVER}\nconnection.recv(100)\nconnection.recv(100)`);
    const probe = await conversation.connect("A", address);
    probe.send(HELLO);
    expect(await conversation.receive(probe, 5)).toBe("silent");
    const [silence] = eventsOf(conversation, "silent");
    expect(silence).toMatchObject({ proved: true, blocked: [{ call: "recvfrom" }] });
    expect(silence?.afterMs).toBeLessThan(3000);
    expect(await conversation.ending(probe)).toBe("silent");
    expect(await conversation.exit()).toBe("silent");
  });

  test.runIf(linux)("that never comes is proved only after the last words have been heard", async () => {
    const { conversation, subject, address } = await meet(`${SERVER}
connection.recv(100)
tell("a word")
sys.stdin.read()`);
    const probe = await conversation.connect("A", address);
    await conversation.rest();
    const waitsForInput = () => blockedForever(subject.processes())?.calls.some(({ call }) => call === "read");
    let looks = 0;
    const outcome = await conversation.until(() => {
      // The event loop stands still while the words go into the pipe.
      if (++looks === 2) probe.send(HELLO);
      for (const end = performance.now() + LONG_MS; looks === 2 && !waitsForInput() && performance.now() < end; );
      return false;
    });
    expect(outcome).toBe("silent");
    const last = conversation.recorder.events.slice(-2);
    expect(last).toMatchObject([{ type: "stdout", text: "a word\n" }, { type: "silent" }]);
  });

  test("of a program that polls is late at the deadline, and that is written down as not proved", async () => {
    const { conversation, address } = await meet(`${SERVER}\nwhile True: select.select([], [], [], 0.01)`, {
      replyMs: 150,
    });
    const probe = await conversation.connect("A", address);
    probe.send(HELLO);
    const start = performance.now();
    expect(await conversation.receive(probe, 5)).toBe("late");
    expect(performance.now() - start).toBeGreaterThanOrEqual(150);
    const silences = eventsOf(conversation, "silent");
    expect(silences).toMatchObject([{ proved: false, blocked: [], connections: [] }]);
    expect(silences[0]?.afterMs).toBeGreaterThanOrEqual(150);
  });

  test.runIf(linux)("of a program that ran all the time is late, however slow the machine", async () => {
    const { conversation, address } = await meet(`${SERVER}\nwhile True: pass`, { replyMs: 1500, slowestMs: 1000 });
    const probe = await conversation.connect("A", address);
    await conversation.patience.reconsider();
    expect(conversation.patience.replyMs).toBe(6000);
    probe.send(HELLO);
    expect(await conversation.receive(probe, 5)).toBe("late");
    const [silence] = eventsOf(conversation, "silent");
    expect(silence?.afterMs).toBeGreaterThanOrEqual(1000);
    expect(silence?.afterMs).toBeLessThan(5000);
  });

  test.runIf(linux)("of a program that is to end, and spins, is late long before one that polls would be", async () => {
    const { conversation, address } = await meet(`${SERVER}\nwhile True: pass`, { replyMs: 150 });
    await conversation.connect("A", address);
    expect(await conversation.exit()).toBe("late");
    expect(eventsOf(conversation, "silent")[0]?.afterMs).toBeLessThan(EXIT_MS);
  });

  test.runIf(linux)("the time that a program waits for a processor does not count", async () => {
    const { conversation, address } = await meet(
      `${ON_ONE_PROCESSOR}
os.nice(5)
${SERVER}
message = connection.recv(100)
until = time.monotonic() + 0.7
while time.monotonic() < until: pass
connection.sendall(message)
time.sleep(60)`,
      { replyMs: 600 },
    );
    // Takes a good part of the processor that they share.
    const other = await python(`${ON_ONE_PROCESSOR}print("spins", flush=True)\nwhile True: pass`);
    await other.said("spins");
    const probe = await conversation.connect("A", address);
    probe.send(HELLO);
    const start = performance.now();
    expect(await conversation.receive(probe, 5)).toBe("met");
    expect(performance.now() - start).toBeGreaterThan(600);
    expect(await conversation.receive(probe, 6)).toBe("late");
  });

  test("progress begins the deadline anew, but not for ever", async () => {
    const { conversation, address } = await meet(
      `${SERVER}
for _ in range(12):
    time.sleep(0.05)
    connection.sendall(b"x")
while True:
    time.sleep(0.02)
    connection.sendall(b"x")`,
      { replyMs: 300 },
    );
    const probe = await conversation.connect("A", address);
    // Twelve bytes take twice the deadline.
    expect(await conversation.receive(probe, 12)).toBe("met");
    expect(await conversation.receive(probe, 1_000_000)).toBe("late");
    expect(eventsOf(conversation, "silent")).toMatchObject([{ goesOn: true, afterMs: expect.any(Number) }]);
    expect(eventsOf(conversation, "silent")[0]?.afterMs).toBeGreaterThanOrEqual(3000);
  });

  test("nobody is connected: the refusal is an event", async () => {
    const conversation = newConversation();
    const probe = await conversation.connect("A", await freeAddress());
    expect(probe.refused).toBe(true);
    expect(eventsOf(conversation, "not-connected")).toMatchObject([{ peer: "A", code: "ECONNREFUSED" }]);
  });

  test("a conversation without a subject has none", () => {
    expect(() => newConversation().subject).toThrow("no subject");
  });
});

describe.runIf(linux)("waiting until it was read", () => {
  test("fifty bytes, each read by itself", async () => {
    const { conversation, address } = await meet(`${SERVER}
sizes = []
while data := connection.recv(1000): sizes.append(len(data))
tell("sizes", *sizes)`);
    const probe = await conversation.connect("A", address);
    for (let byte = 0; byte < 50; byte++) {
      probe.send(Buffer.from("x"));
      expect(await conversation.read(probe)).toBe("met");
    }
    probe.halfClose();
    expect(await conversation.exit()).toBe("met");
    const output = eventsOf(conversation, "stdout").map(({ text }) => text);
    expect(output.join("").trim()).toBe(`sizes${" 1".repeat(50)}`);
    expect(eventsOf(conversation, "read-by-subject").map(({ bytes }) => bytes)).toEqual(
      Array.from({ length: 50 }, (_, byte) => byte + 1),
    );
  });

  test("an echo shows it", async () => {
    const { conversation, address } = await meet(ECHO);
    const probe = await conversation.connect("A", address);
    for (let round = 1; round <= 20; round++) {
      probe.send(HELLO);
      expect(await conversation.read(probe)).toBe("met");
      expect(await conversation.receive(probe, 5 * round)).toBe("met");
    }
  });

  test("one that never reads: silent, not read", async () => {
    const { conversation, address } = await meet(`${SERVER}\nsys.stdin.read()`);
    const probe = await conversation.connect("A", address);
    probe.send(HELLO);
    expect(await conversation.read(probe)).toBe("silent");
    expect(eventsOf(conversation, "read-by-subject")).toEqual([]);
    expect(eventsOf(conversation, "silent")).toMatchObject([{ proved: true, connections: [{ unread: 5 }] }]);
  });

  test("one that does not even accept has not read either", async () => {
    const { conversation, address } = await meet(`${LISTEN}\nsys.stdin.read()`);
    const probe = await conversation.connect("A", address);
    probe.send(HELLO);
    expect(await conversation.read(probe)).toBe("silent");
    expect(eventsOf(conversation, "silent")).toMatchObject([{ connections: [{ accepted: false, unread: 5 }] }]);
  });

  test("one that sleeps before it reads is waited for; one that sleeps for ever is late", async () => {
    const { conversation, address } = await meet(
      `${SERVER}
time.sleep(0.2)
connection.recv(100)
time.sleep(60)`,
      { replyMs: 1000 },
    );
    const probe = await conversation.connect("A", address);
    probe.send(HELLO);
    expect(await conversation.read(probe)).toBe("met");
    probe.send(HELLO);
    expect(await conversation.read(probe)).toBe("late");
  });

  test("one that leaves is not waited for", async () => {
    const { conversation, address } = await meet(`${SERVER}\nconnection.shutdown(socket.SHUT_WR)\nsys.stdin.read()`);
    const probe = await conversation.connect("A", address);
    expect(await conversation.ending(probe)).toBe("met");
    probe.send(HELLO);
    expect(await conversation.read(probe)).toBe("silent");
  });
});

describe.runIf(linux)("rest", () => {
  test.each([
    ["proved", "of one that waits", "sys.stdin.read()"],
    ["asleep", "of one that sleeps", "time.sleep(60)"],
    ["busy", "of one that spins", "while True: pass"],
  ])("is %s %s", async (outcome, _, source) => {
    const { conversation } = await meet(`${LISTEN}\n${source}`);
    expect(await conversation.rest()).toBe(outcome);
  });

  test("comes when the work is done", async () => {
    const { conversation, address } = await meet(`${SERVER}
while True:
    connection.recv(100)
    end = time.perf_counter() + 0.05
    while time.perf_counter() < end: pass
    tell("done")`);
    const probe = await conversation.connect("A", address);
    for (let round = 1; round <= 5; round++) {
      probe.send(HELLO);
      expect(await conversation.read(probe)).toBe("met");
      expect(await conversation.rest(20_000)).toBe("proved");
      expect(await conversation.until(() => eventsOf(conversation, "stdout").length >= round)).toBe("met");
      expect(eventsOf(conversation, "stdout")).toHaveLength(round);
    }
  });

  test("comes late to a program that waits for a processor, and that does not count", async () => {
    const { conversation, address } = await meet(
      `${ON_ONE_PROCESSOR}
os.nice(5)
${SERVER}
while connection.recv(100):
    until = time.thread_time() + 0.3
    while time.thread_time() < until: pass`,
    );
    const probe = await conversation.connect("A", address);
    // Takes a good part of the processor that they share.
    const other = await python(`${ON_ONE_PROCESSOR}print("spins", flush=True)\nwhile True: pass`);
    await other.said("spins");
    probe.send(HELLO);
    const start = performance.now();
    expect(await conversation.read(probe)).toBe("met");
    expect(await conversation.rest()).toBe("proved");
    expect(performance.now() - start).toBeGreaterThan(500);
  });

  test("a program that was busy once is given less the next time", async () => {
    const { conversation } = await meet(`${LISTEN}\nwhile True: pass`);
    const timed = async () => {
      const start = performance.now();
      expect(await conversation.rest()).toBe("busy");
      return performance.now() - start;
    };
    const first = await timed();
    const second = await timed();
    expect(first).toBeGreaterThanOrEqual(500);
    expect(second).toBeLessThan(first);
  });

  test("a program that is gone rests", async () => {
    const { conversation, subject } = await meet(`${LISTEN}\nsys.stdin.read()`);
    await subject.stop();
    expect(await conversation.rest()).toBe("proved");
  });
});

describe("as the server that a client meets", () => {
  const CLIENT = `
import socket, sys
for message in sys.argv[2:]:
    with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as one:
        one.sendall(message.encode())
        print(one.recv(100).decode(), flush=True)`;

  test("every connection becomes a probe, named in order", async () => {
    const conversation = newConversation();
    const address = await conversation.listen({ host: "127.0.0.1", port: 0 }, (probe) => {
      probe.send(Buffer.from(`you are ${probe.name}`));
    });
    expect(address.port).toBeGreaterThan(0);
    const { subject } = await python(CLIENT, address.port, "one", "two", "three");
    conversation.attach(subject);
    expect(await conversation.exit()).toBe("met");
    expect(conversation.probes.map(({ name, bytes }) => [name, bytes.toString()])).toEqual([
      ["A", "one"],
      ["B", "two"],
      ["C", "three"],
    ]);
    const output = eventsOf(conversation, "stdout").map(({ text }) => text);
    expect(output.join("")).toBe("you are A\nyou are B\nyou are C\n");
  });

  test("once it stops listening, a client is refused", async () => {
    const conversation = newConversation();
    const address = await conversation.listen({ host: "127.0.0.1", port: 0 }, () => {});
    conversation.stopListening();
    const { subject } = await python(CLIENT, address.port, "one");
    conversation.attach(subject);
    expect(await conversation.exit()).toBe("met");
    expect(subject.exit?.code).toBe(1);
    const errors = eventsOf(conversation, "stderr").map(({ text }) => text);
    expect(errors.join("")).toContain("ConnectionRefusedError");
    expect(conversation.probes).toEqual([]);
  });

  test.runIf(linux)("what a person types after the reply is typed when the whole reply was given", async () => {
    const conversation = newConversation();
    const address = await conversation.listen({ host: "127.0.0.1", port: 0 }, () => {});
    const { subject } = await python(
      `
import socket, sys, threading
one = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
def show():
    while data := one.recv(100): print(data.decode(), flush=True)
threading.Thread(target=show, daemon=True).start()
one.sendall(b"hello")
for line in sys.stdin:
    if line == "quit\\n": break`,
      address.port,
    );
    conversation.attach(subject);
    conversation.typeLater(["what?", "quit"]);
    const gone = (): boolean => subject.exit !== undefined;
    expect(await conversation.until(gone)).toBe("silent");
    const [probe] = conversation.probes;
    probe?.send(HELLO.subarray(0, 3));
    expect(await conversation.until(gone)).toBe("silent");
    expect(eventsOf(conversation, "typed")).toEqual([]);
    probe?.send(HELLO.subarray(3));
    expect(await conversation.until(gone)).toBe("met");
    expect(eventsOf(conversation, "typed").map(({ text }) => text)).toEqual(["what?\n", "quit\n"]);
    const output = eventsOf(conversation, "stdout").map(({ text }) => text);
    expect(output.join("")).toBe("hel\nlo\n");
  });

  test.runIf(linux)("no line is typed while Gema has stopped reading what was sent", async () => {
    const conversation = newConversation();
    const address = await conversation.listen({ host: "127.0.0.1", port: 0 }, (probe) => probe.stall());
    const { subject } = await python(
      `
import socket, sys
one = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
one.sendall(b"hello")
sys.stdin.readline()`,
      address.port,
    );
    conversation.attach(subject);
    conversation.typeLater(["quit"]);
    const gone = (): boolean => subject.exit !== undefined;
    expect(await conversation.until(gone)).toBe("silent");
    expect(eventsOf(conversation, "typed")).toEqual([]);
    const [probe] = conversation.probes;
    probe?.drain();
    await conversation.until(() => probe?.received === HELLO.length);
    probe?.send(HELLO);
    expect(await conversation.until(gone)).toBe("met");
    expect(eventsOf(conversation, "typed").map(({ text }) => text)).toEqual(["quit\n"]);
  });

  test("a port that is taken is an error of ours", async () => {
    const conversation = newConversation();
    const address = await conversation.listen({ host: "127.0.0.1", port: 0 }, () => {});
    await expect(newConversation().listen(address, () => {})).rejects.toMatchObject({ code: "EADDRINUSE" });
  });
});
