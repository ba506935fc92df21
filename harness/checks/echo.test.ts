import { describe, expect, test } from "vitest";
import type { EventWithoutTime, NotAchieved, Transcript } from "../wire/transcript.ts";
import { judgeEcho, judgeEchoes } from "./echo.ts";
import type { Finding } from "./verdict.ts";

const record = (...events: EventWithoutTime[]): Transcript =>
  events.map((event, atMs) => ({ atMs, ...event }) as Transcript[number]);
const bytes = (text: string): Buffer => Buffer.from(text, "latin1");

const connected = (peer = "A"): EventWithoutTime => ({
  type: "connected",
  peer,
  local: { host: "127.0.0.1", port: 50000 },
  remote: { host: "127.0.0.1", port: 5000 },
});
const sent = (text: string, peer = "A"): EventWithoutTime => ({ type: "sent", peer, bytes: bytes(text) });
const received = (text: string, peer = "A"): EventWithoutTime => ({ type: "received", peer, bytes: bytes(text) });
const silent = (accepted = true, unread = 0): EventWithoutTime => ({
  type: "silent",
  proved: true,
  afterMs: 5,
  blocked: [{ call: "recvfrom", fd: 4 }],
  connections: [{ peer: "A", accepted, unread }],
});

/** A failure must say what was seen in both languages; `words` and `kata` are in it. */
function expectFailure(finding: Finding, words: RegExp, kata: RegExp): void {
  if (finding.outcome === "pass") throw new Error("it passed");
  expect(finding.outcome).toBe("fail");
  expect(finding.observed.en).toMatch(words);
  expect(finding.observed.id).toMatch(kata);
  expect(finding.expected.en).not.toBe(finding.expected.id);
}

describe("an echo", () => {
  test.each([
    ["in one piece", ["hello"]],
    ["byte by byte", [..."hello"]],
    ["in other pieces than it went", ["he", "llo"]],
  ])("is right %s", (_, pieces) => {
    const transcript = record(connected(), sent("hel"), sent("lo"), ...pieces.map((one) => received(one)));
    expect(judgeEcho(transcript, "A")).toEqual({ outcome: "pass" });
  });

  test("is right whatever else happens: another client's bytes, a reset afterwards, the program's end", () => {
    const transcript = record(
      connected("A"),
      connected("B"),
      sent("hello"),
      sent("other", "B"),
      received("hello"),
      received("wrong", "B"),
      { type: "reset", peer: "A" },
      { type: "exited", exit: { code: 1, signal: null } },
    );
    expect(judgeEcho(transcript, "A")).toEqual({ outcome: "pass" });
    expect(judgeEcho(transcript, "B").outcome).toBe("fail");
  });

  test("that comes so slowly that it was not waited for is neither right nor wrong, unless it is wrong already", () => {
    const stillGoing: EventWithoutTime = {
      type: "silent",
      proved: false,
      goesOn: true,
      afterMs: 30_000,
      blocked: [],
      connections: [],
    };
    const slow = record(connected(), sent("hello"), received("hel"), stillGoing);
    expect(judgeEcho(slow, "A")).toMatchObject({
      outcome: "inconclusive",
      observed: { en: expect.stringContaining("slow"), id: expect.stringContaining("lambat") },
    });
    const wrong = record(connected(), sent("hello"), received("heL"), stillGoing);
    expect(judgeEcho(wrong, "A").outcome).toBe("fail");
  });

  test("of nothing is nothing", () => {
    expect(judgeEcho(record(connected()), "A").outcome).toBe("pass");
    expect(judgeEcho(record(connected(), received("banner")), "A").outcome).toBe("fail");
  });

  test("may be another reply where that is right too", () => {
    const transcript = record(connected(), sent("hello"), received("hel"));
    const beginning = (all: Buffer, some: Buffer) => all.subarray(0, some.length).equals(some);
    expect(judgeEcho(transcript, "A", beginning)).toEqual({ outcome: "pass" });
    expect(judgeEcho(transcript, "A").outcome).toBe("fail");
  });

  test.each<[string, EventWithoutTime[], RegExp, RegExp]>([
    ["nothing", [silent()], /^Nothing came back\. The program has read everything/, /^Tidak ada yang kembali\./],
    [
      "a beginning",
      [received("he"), silent()],
      /^Only the first 2 of 5 bytes came back: "he"\./,
      /^Hanya 2 byte pertama/,
    ],
    ["something else", [received("HELLO"), silent()], /^What came back is different: "HELLO"/, /^Yang kembali berbeda/],
    [
      "pieces in disorder",
      [received("lohel"), silent()],
      /^All bytes .* another order: "lohel" \(5 bytes\)/,
      /urutannya lain: "lohel"/,
    ],
    ["too much", [received("hellohello"), silent()], /different: "hellohello" \(10 bytes\)/, /berbeda: "hellohello"/],
    ["a closed connection", [{ type: "ended", peer: "A" }], /program closed the connection/, /program menutup koneksi/],
    ["a reset", [{ type: "reset", peer: "A" }], /was reset \(RST\)/, /di-reset \(RST\)/],
    ["no accept", [silent(false, 5)], /has not accepted this connection/, /belum melakukan accept/],
    ["unread bytes", [silent(true, 5)], /5 bytes lie unread in its socket/, /5 byte belum dibaca/],
    [
      "a deadline",
      [{ type: "silent", proved: false, afterMs: 3012, blocked: [], connections: [] }],
      /Nothing more came within 3\.0 s/,
      /dalam 3\.0 detik/,
    ],
    [
      "a crash",
      [
        { type: "stderr", text: "Traceback:\nValueError: no\n" },
        { type: "exited", exit: { code: 1, signal: null } },
      ],
      /The program ended \(exit code 1\); its last words: ValueError: no/,
      /Program berhenti \(exit code 1\); kata-kata terakhirnya: ValueError: no/,
    ],
    ["a kill", [{ type: "exited", exit: { code: null, signal: "SIGSEGV" } }], /\(SIGSEGV\)\.$/, /\(SIGSEGV\)\.$/],
  ])("fails with %s, and says so", (_, events, words, kata) => {
    const finding = judgeEcho(record(connected(), sent("hello"), ...events), "A");
    expectFailure(finding, words, kata);
  });

  test("shows where it first differs", () => {
    const finding = judgeEcho(record(connected(), sent("hello"), received("heLLo"), silent()), "A");
    expect(finding).toMatchObject({
      outcome: "fail",
      difference: { at: 2, from: 0, expected: bytes("hello"), observed: bytes("heLLo") },
    });
  });

  test("fails when nobody could connect, with the reason", () => {
    const refused = (code: string) => record({ type: "not-connected", peer: "A", code });
    expectFailure(
      judgeEcho(refused("ECONNREFUSED"), "A"),
      /nobody listens.*ECONNREFUSED/,
      /tidak ada lagi yang listen/,
    );
    expectFailure(judgeEcho(refused("ETIMEDOUT"), "A"), /could not connect \(ETIMEDOUT\)/, /tidak bisa terhubung/);
    expectFailure(judgeEcho(record(), "A"), /no answer/, /tidak ada jawaban/);
  });

  test.each<NotAchieved>(["segmentation-not-seen", "not-delivered", "needs-linux", "port-not-free"])(
    "is inconclusive when the situation was not brought about: %s",
    (why) => {
      const finding = judgeEcho(record(connected(), sent("hello"), { type: "not-achieved", why }), "A");
      expect(finding.outcome).toBe("inconclusive");
      if (finding.outcome === "pass") return;
      expect(finding.observed.en).not.toBe(finding.observed.id);
    },
  );
});

describe("several echoes", () => {
  const transcript = record(connected("A"), connected("B"), sent("one", "A"), sent("two", "B"), received("one", "A"));

  test("pass when each does; the first that is wrong decides", () => {
    expect(judgeEchoes(transcript, ["A"])).toEqual({ outcome: "pass" });
    expect(judgeEchoes([...transcript, ...record(received("two", "B"))], ["A", "B"])).toEqual({ outcome: "pass" });
    const finding = judgeEchoes(transcript, ["A", "B"]);
    expectFailure(finding, /^Nothing came back/, /^Tidak ada yang kembali/);
    if (finding.outcome !== "pass") expect(finding.expected.en).toContain("Client B");
  });
});
