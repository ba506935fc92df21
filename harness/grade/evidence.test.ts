import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UserError } from "../user-error.ts";
import type { Transcript, TranscriptEvent } from "../wire/transcript.ts";
import { decodeEvidence, encodeEvidence, evidenceOf, resultOf, transcriptOf } from "./evidence.ts";
import {
  ADVICE,
  ALL_SAMPLES,
  advised,
  attempt,
  check,
  failing,
  passing,
  result,
  same,
  traced,
} from "./sample-results.test-helper.ts";

const text = fc.string({ unit: "binary" });
const count = fc.nat();
const peer = fc.constantFrom("A", "B", "client 3");
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.string({ unit: "grapheme-ascii" }).map((ascii) => Uint8Array.from(Buffer.from(ascii))),
);
/** JSON has no -0. */
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const address = fc.record({ host: text, port: count });
const digest = { length: count, sha256: text };
const blocked = fc.array(fc.record({ call: text, fd: count }, { requiredKeys: ["call"] }));
const difference = fc.record({ at: count, from: count, expected: bytes, observed: bytes });

type Kind = TranscriptEvent["type"];
type BodyOf<K, E = TranscriptEvent> = E extends { type: infer T }
  ? K extends T
    ? Omit<E, "atMs" | "type">
    : never
  : never;

/** One arbitrary for each type of event: a new type does not compile until it stands here. */
const BODIES: { readonly [K in Kind]: fc.Arbitrary<BodyOf<K>> } = {
  started: fc.record({ command: fc.array(text), pid: count }),
  "input-ended": fc.record({}),
  "not-started": fc.record({ problem: fc.record({ en: fc.string(), id: fc.string() }) }),
  asked: fc.record({ address }),
  listening: fc.record({
    sockets: fc.array(
      fc.record({ host: text, port: count, protocol: fc.constantFrom("tcp" as const, "udp" as const) }),
    ),
  }),
  "not-listening": fc.record(
    {
      why: fc.constantFrom("exited" as const, "blocked" as const, "deadline" as const),
      blocked,
      paths: fc.array(text),
    },
    { requiredKeys: ["why", "blocked"] },
  ),
  connected: fc.oneof(
    fc.record({ peer, local: address, remote: address }),
    fc.record({ peer, local: address, remote: address, protocol: fc.constant("udp" as const) }),
  ),
  "not-connected": fc.record({ peer, code: text }),
  unreachable: fc.record({ peer }),
  sent: fc.record({ peer, bytes }),
  received: fc.record({ peer, bytes }),
  "body-sent": fc.record({ peer, ...digest }),
  "body-received": fc.record({ peer, ...digest, difference: fc.option(difference) }),
  "read-by-subject": fc.record({ peer, bytes: count }),
  "half-closed": fc.record({ peer }),
  ended: fc.record({ peer }),
  reset: fc.record({ peer }),
  closed: fc.record({ peer, by: fc.constantFrom("fin" as const, "rst" as const) }),
  silent: fc.record({
    proved: fc.boolean(),
    afterMs: number,
    blocked,
    connections: fc.array(fc.record({ peer, accepted: fc.boolean(), unread: count })),
  }),
  signalled: fc.record({ signal: text }),
  typed: fc.record({ text }),
  stdout: fc.record({ text }),
  stderr: fc.record({ text }),
  exited: fc.record({ exit: fc.record({ code: fc.option(count), signal: fc.option(text) }) }),
  measured: fc.record({ what: fc.constantFrom("body-bytes" as const, "left-in-order" as const), value: number }),
  "not-achieved": fc.record({ why: fc.constantFrom("needs-linux" as const, "not-delivered" as const) }),
};

const event = fc.oneof(
  ...Object.entries(BODIES).map(([type, body]) =>
    fc.tuple(number, body).map(([atMs, rest]) => ({ atMs, type, ...rest }) as TranscriptEvent),
  ),
);
const transcript: fc.Arbitrary<Transcript> = fc.array(event);

function thrownBy(act: () => unknown): UserError {
  try {
    act();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("evidence", () => {
  test("decodes to what was encoded, whatever happened on the wire", () => {
    fc.assert(
      fc.property(fc.array(transcript, { minLength: 1 }), text, (transcripts, name) => {
        const checks = transcripts.map((one, i) => check(`tcp-server/c${i}`, same(name), { attempts: [attempt(one)] }));
        const original = result({ submission: name, checks: [checks, [], []] });
        const decoded = decodeEvidence(encodeEvidence(original), "x.json");
        expect(decoded).toEqual(evidenceOf(original));
        expect(resultOf(decoded)).toEqual(original);
      }),
      { numRuns: 100 },
    );
  });

  test.each(ALL_SAMPLES.map((sample) => [sample.name, sample] as const))("keeps all of %s", (_, sample) => {
    expect(resultOf(decodeEvidence(encodeEvidence(sample()), "x.json"))).toEqual(sample());
  });

  test("tells advice from mistakes in what was stored as one list", () => {
    const stored = decodeEvidence(encodeEvidence(advised()), "x.json");
    expect(stored.judged.mistakes).toEqual([ADVICE]);
    expect(resultOf(stored)).toMatchObject({ mistakes: [], advice: [ADVICE] });
  });

  test("keeps that a check was excused", () => {
    const excused = {
      ...check("tcp-server/x", same("x"), { verdict: "skipped", attempts: [] }),
      excused: true as const,
    };
    const original = result({ checks: [[excused], [], []] });
    expect(resultOf(decodeEvidence(encodeEvidence(original), "x.json"))).toEqual(original);
  });

  test("a transcript that several attempts share is stored once", () => {
    const evidence = decodeEvidence(encodeEvidence(failing()), "x.json");
    expect(evidence.transcripts).toHaveLength(3);
    const keeps = evidence.programs[0]?.checks.find((one) => one.check === "tcp-server/keeps-the-connection");
    const [first, second] = keeps?.attempts ?? [];
    expect([first?.confirming, second?.confirming]).toEqual([false, true]);
    expect(first && transcriptOf(evidence, first)).toBe(second && transcriptOf(evidence, second));
  });

  test("bytes read as text where they are text", () => {
    const mixed: Transcript = [
      { atMs: 0, type: "sent", peer: "A", bytes: Uint8Array.from(Buffer.from('halo "dunia"\n')) },
      { atMs: 1, type: "received", peer: "A", bytes: Buffer.from([0xc3, 0x28]) },
    ];
    const json = encodeEvidence(
      result({ checks: [[check("tcp-server/x", same("x"), { attempts: [attempt(mixed)] })], [], []] }),
    );
    expect(JSON.parse(json).transcripts[0]).toEqual([
      { atMs: 0, type: "sent", peer: "A", bytes: { text: 'halo "dunia"\n' } },
      { atMs: 1, type: "received", peer: "A", bytes: { hex: "c328" } },
    ]);
  });

  test("says which Gema wrote it", () => {
    expect(JSON.parse(encodeEvidence(passing()))).toMatchObject({
      schema: 1,
      gema: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });
});

describe("damaged evidence", () => {
  const good = encodeEvidence(failing());

  test.each([
    ["cut off", good.slice(0, 4000), "not valid JSON"],
    ["an unknown key", good.replace('"seed": 42', '"seed": 42, "extra": 1'), "extra"],
    ["a missing key", good.replace(/"seed": 42,/, ""), "seed"],
    ["another type", good.replace('"seed": 42', '"seed": "42"'), "at seed"],
    ["odd hex", good.replace('"text": "gema-7f3a"', '"hex": "abc"'), "bytes are"],
    ["text that is not readable", good.replace('"text": "gema-7f3a"', '"text": "é"'), "bytes are"],
    ["a transcript that is not there", good.replace('"transcript": 2', '"transcript": 9'), "attempts.0.transcript"],
    [
      "a trace's transcript that is not there",
      encodeEvidence(traced()).replace(/("traces".*?"transcript": )\d+/s, "$199"),
      "traces.0.transcript",
    ],
    [
      "a requirement's check that is not there",
      good.replaceAll(
        /("checks": \[\s*\{\s*"check": )"tcp-server\/stops-on-sigint",(\s*"level": "must"\s*\})/g,
        '$1"tcp-server/no",$2',
      ),
      "judged.requirements.2.checks.0.check",
    ],
    ["not an object", "[]", "at $"],
  ])("%s is refused, with the place", (_, json, what) => {
    expect(json).not.toBe(good);
    const error = thrownBy(() => decodeEvidence(json, "budi.json"));
    expect(error).toMatchObject({ code: "evidence-damaged", place: { file: "budi.json" } });
    expect(error.what.en).toContain(what);
    expect(error.help.id).toContain("gema grade");
  });

  test("the place is the line and column of the value", () => {
    const lines = good.split("\n");
    const index = lines.findIndex((line) => line.includes('"startedAt"'));
    const json = lines.with(index, '  "startedAt": 7,').join("\n");
    expect(thrownBy(() => decodeEvidence(json, "x.json")).place).toEqual({
      file: "x.json",
      line: index + 1,
      column: 16,
    });
    expect(thrownBy(() => decodeEvidence('{\n  "schema": 1,,\n}', "x.json")).place).toMatchObject({
      line: 2,
      column: 15,
    });
  });

  test("another schema is named as such", () => {
    const error = thrownBy(() => decodeEvidence(good.replace('"schema": 1', '"schema": 2'), "x.json"));
    expect(error).toMatchObject({ code: "evidence-schema", place: { line: 2, column: 13 } });
    expect(error.what.id).toContain("schema 2");
  });
});
