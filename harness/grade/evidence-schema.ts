import * as z from "zod";
import { type Assignment, PAIRS, PROGRAMS, type Program } from "../assignment/assignment.ts";
import type { Finding } from "../checks/verdict.ts";
import { CALLS, type TracedCall } from "../trace/trace.ts";
import type { TranscriptEvent } from "../wire/transcript.ts";

/**
 * The stored form of evidence, as zod schemas: strict objects, no defaults, no coercion.
 * Each schema is held against the type it stands for at the end of this file, so that the two cannot drift apart.
 */

/** Bytes that JSON shows as they are: printable ASCII, tab, LF and CR. */
export const READABLE = /^[\t\n\r\x20-\x7e]*$/;

const text = z.strictObject({ en: z.string(), id: z.string() });
const count = z.int().nonnegative();
const level = z.enum(["must", "should", "info"]);
const verdict = z.enum(["pass", "fail", "inconclusive", "skipped", "error"]);
const program = z.enum(PROGRAMS);
const strings = z.array(z.string()).readonly();
const optional = z.exactOptional;

const bytes = z.union(
  [
    z.strictObject({ text: z.string().regex(READABLE) }).transform(({ text }) => plainBytes(text, "latin1")),
    z.strictObject({ hex: z.string().regex(/^([0-9a-f]{2})*$/) }).transform(({ hex }) => plainBytes(hex, "hex")),
  ],
  { error: 'bytes are { "text": printable ASCII } or { "hex": pairs of digits }' },
);

function plainBytes(text: string, encoding: "latin1" | "hex"): Uint8Array {
  return Uint8Array.from(Buffer.from(text, encoding));
}

const address = { host: z.string(), port: count };
const atMs = z.number();
const peer = z.string();
const blocked = z.array(z.strictObject({ call: z.string(), fd: optional(z.int()) })).readonly();
const digest = { length: count, sha256: z.string() };
const ofLaunch = { pid: optional(z.int()) };
const difference = z.strictObject({ at: count, from: count, expected: bytes, observed: bytes });

function event<T extends string, S extends z.core.$ZodLooseShape>(type: T, shape: S) {
  return z.strictObject({ atMs, type: z.literal(type), ...shape });
}

const transcriptEvent = z.discriminatedUnion("type", [
  event("started", { command: strings, env: optional(z.record(z.string(), z.string()).readonly()), pid: z.int() }),
  event("asked", { address: z.strictObject(address) }),
  event("not-started", { problem: text }),
  event("listening", {
    sockets: z.array(z.strictObject({ ...address, protocol: z.enum(["tcp", "udp"]) })).readonly(),
  }),
  event("not-listening", { why: z.enum(["exited", "blocked", "deadline"]), blocked, paths: optional(strings) }),
  event("connected", {
    peer,
    local: z.strictObject(address),
    remote: z.strictObject(address),
    protocol: optional(z.literal("udp")),
  }),
  event("not-connected", { peer, code: z.string() }),
  event("sent", { peer, bytes }),
  event("received", { peer, bytes }),
  event("body-sent", { peer, ...digest }),
  event("body-received", {
    peer,
    ...digest,
    difference: difference.nullable(),
    reordered: optional(z.literal(true)),
  }),
  event("read-by-subject", { peer, bytes: count }),
  event("half-closed", { peer }),
  event("ended", { peer }),
  event("unreachable", { peer }),
  event("reset", { peer }),
  event("closed", { peer, by: z.enum(["fin", "rst"]) }),
  event("silent", {
    proved: z.boolean(),
    goesOn: optional(z.literal(true)),
    afterMs: z.number(),
    blocked,
    connections: z.array(z.strictObject({ peer, accepted: z.boolean(), unread: count })).readonly(),
  }),
  event("signalled", { signal: z.string() }),
  event("typed", { text: z.string() }),
  event("input-ended", {}),
  event("stdout", { text: z.string(), ...ofLaunch }),
  event("stderr", { text: z.string(), ...ofLaunch }),
  event("exited", {
    exit: z.strictObject({
      code: z.int().nullable(),
      signal: z.string().nullable(),
      limit: optional(z.enum(["memory", "output"])),
    }),
    ...ofLaunch,
  }),
  event("measured", {
    what: z.enum([
      "cpu-busiest-share",
      "idle-output-characters",
      "open-sockets-before",
      "open-sockets-after",
      "resident-before-bytes",
      "resident-peak-bytes",
      "body-bytes",
      "conversations-held",
      "contacts-made",
      "stopped-in-send",
      "catches-interrupt",
      "bytes-before-echo",
      "left-in-order",
      "datagrams-astray",
      "knocks-in-vain",
    ]),
    value: z.number(),
  }),
  event("not-achieved", {
    why: z.enum(["segmentation-not-seen", "not-delivered", "needs-linux", "port-not-free"]),
  }),
]);

const finding = z.discriminatedUnion("outcome", [
  z.strictObject({ outcome: z.literal("pass") }),
  z.strictObject({
    outcome: z.enum(["fail", "inconclusive"]),
    expected: text,
    observed: text,
    difference: optional(difference),
  }),
]);

const addressPassing = z.discriminatedUnion("by", [
  z.strictObject({ by: z.literal("fixed") }),
  z.strictObject({ by: z.literal("argv"), args: strings }),
  z.strictObject({ by: z.literal("flags"), args: strings }),
  z.strictObject({ by: z.literal("env"), variables: z.record(z.string(), z.string()) }),
  z.strictObject({ by: z.literal("stdin"), lines: strings }),
  z.strictObject({ by: z.literal("command"), command: strings }),
]);

const messageRule = z.discriminatedUnion("by", [
  z.strictObject({ by: z.literal("fixed"), text: optional(z.string()) }),
  z.strictObject({ by: z.literal("argv"), args: strings }),
  z.strictObject({ by: z.literal("stdin"), lines: strings }),
]);

const programRule = z.strictObject({ file: optional(z.string()) });

const assignment = z.strictObject({
  name: z.string(),
  title: text,
  programs: z.strictObject({
    "tcp-server": optional(programRule),
    "tcp-client": optional(programRule),
    "udp-server": optional(programRule),
    "udp-client": optional(programRule),
  } satisfies Record<Program, unknown>),
  contract: z.strictObject({
    kind: z.enum(["one-shot", "stream"]),
    concurrent: z.boolean(),
    bufferBytes: count,
    address: z.strictObject({
      ...address,
      passed: addressPassing,
      dualStack: optional(z.boolean()),
      reach: optional(z.enum(["host", "network"])),
    }),
    client: z.strictObject({
      passed: optional(addressPassing),
      message: messageRule,
      printsReply: z.boolean(),
      mustTimeOut: z.boolean(),
    }),
  }),
  requirements: z
    .array(
      z.strictObject({
        id: z.string(),
        text,
        level: optional(level),
        points: z.number().nonnegative(),
        checks: optional(strings),
      }),
    )
    .readonly(),
  limits: z.strictObject({
    startSeconds: z.number(),
    keptOutputBytes: z.number(),
    exploreSeconds: optional(z.number()),
  }),
  nodeModules: optional(z.string()),
});

const checkEvidence = z.strictObject({
  check: z.string(),
  level,
  reason: optional(text),
  excused: optional(z.literal(true)),
  /** `transcript` is an index into the file's `transcripts`. */
  attempts: z.array(z.strictObject({ transcript: count, confirming: z.boolean() })).readonly(),
});

const programEvidence = z.strictObject({
  program: z.enum([...PROGRAMS, ...PAIRS]),
  file: optional(z.string()),
  command: optional(strings),
  launches: count,
  wallMs: z.number(),
  checks: z.array(checkEvidence).readonly(),
});

const judgedCheck = z.strictObject({
  check: z.string(),
  title: text,
  verdict,
  finding: optional(finding),
  /** One for each attempt, in the same order. */
  findings: z.array(finding).readonly(),
});

const judgedRequirement = z.strictObject({
  id: z.string(),
  text,
  points: z.number(),
  earned: z.number(),
  verdict,
  cost: strings,
  checks: z.array(z.strictObject({ check: z.string(), level })).readonly(),
});

const place = z.strictObject({ file: z.string(), line: count });

const tracedCall = z.strictObject({
  atMs,
  call: z.enum(CALLS),
  place: optional(place),
  asked: optional(count),
  local: optional(count),
  remote: optional(count),
  ended: optional(z.strictObject({ atMs, bytes: optional(count), error: optional(z.string()) })),
});

/** What a failed check's hooks reported; `transcript` is an index into the file's `transcripts`. */
const checkTrace = z.strictObject({
  program,
  check: z.string(),
  transcript: count,
  trace: z.strictObject({ calls: z.array(tracedCall).readonly(), leftOut: count }),
});

const mistake = z.strictObject({
  id: z.string(),
  program,
  title: text,
  confidence: z.number(),
  explains: strings,
  place: optional(place),
});

const judged = z.strictObject({
  verdict,
  earned: z.number(),
  points: z.number(),
  needsReview: z.boolean(),
  requirements: z.array(judgedRequirement).readonly(),
  /** Advice, too: what of them explains warnings alone follows from the levels of the checks. */
  mistakes: z.array(mistake).readonly(),
  /** One for each program, in the same order. */
  programs: z.array(z.strictObject({ checks: z.array(judgedCheck).readonly() })).readonly(),
});

/** One stored submission; see `evidence.ts` for what its parts mean. */
export const EvidenceFile = z.strictObject({
  schema: z.literal(1),
  gema: z.string(),
  submission: z.string(),
  path: z.string(),
  seed: z.number(),
  startedAt: z.string(),
  wallMs: z.number(),
  isolation: z.enum(["none", "partial", "full"]),
  assignment,
  notes: z.array(text).readonly(),
  missing: z.array(program).readonly(),
  inDoubt: optional(z.array(program).readonly()),
  unfinished: optional(z.literal(true)),
  programs: z.array(programEvidence).readonly(),
  traces: optional(z.array(checkTrace).readonly()),
  judged,
  transcripts: z.array(z.array(transcriptEvent).readonly()).readonly(),
});
export type EvidenceFile = z.infer<typeof EvidenceFile>;
export type Judged = z.infer<typeof judged>;
export type CheckEvidence = z.infer<typeof checkEvidence>;
export type ProgramEvidence = z.infer<typeof programEvidence>;

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
/** Does not compile when a type gained or lost something that its schema has not. */
const sameShape: [
  Same<z.infer<typeof transcriptEvent>, TranscriptEvent>,
  Same<z.infer<typeof finding>, Finding>,
  Same<z.infer<typeof assignment>, Assignment>,
  Same<z.infer<typeof tracedCall>, TracedCall>,
] = [true, true, true, true];
void sameShape;
