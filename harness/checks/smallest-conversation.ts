import fc from "fast-check";
import type { Check, ServerScene } from "./check.ts";
import { type Act, hold, type Plan } from "./conversation-plan.ts";
import type { Finding } from "./verdict.ts";

/** So many are tried where no time is given: the same ones on a fast and on a slow machine. */
const CONVERSATIONS = 100;
/** Only a program that never proves its silence needs this long for them, or to make a conversation shorter. */
const AT_MOST_MS = 120_000;
const MOST_ACTS = 8;
/** Above the sizes that people give to recv() when they think that messages are short. */
const LONGEST = 5_000;
const LETTERS = Buffer.from("abcdefgh");

/** Bytes at which programs that look into the data stumble, alone or cut in two. */
const DELICATE = [
  ..."\n|\r\n|a\n|a\nb|\0| |quit|exit".split("|").map((text) => Buffer.from(text)),
  ...["c3", "a9", "c3a9", "e282", "ac", "ff", "fffe"].map((hex) => Buffer.from(hex, "hex")),
];

export interface Explored {
  /** The smallest conversation that the judge condemns; `undefined` when none was found. */
  readonly smallest: Plan | undefined;
  /** How many were held, those that made it smaller included. */
  readonly held: number;
}

/**
 * Tries conversations until one fails, and makes that one as short as it still fails. A failure counts when a process
 * that served nobody before it fails, too. The payload decides which conversations these are.
 *
 * @param seconds how long to go on; by default for a fixed number of conversations
 */
export async function exploreConversations(
  scene: ServerScene,
  judge: Check["judge"],
  seconds?: number,
): Promise<Explored> {
  let deadline = performance.now() + (seconds === undefined ? AT_MOST_MS : seconds * 1000);
  const noise = scene.payload.nonce(LONGEST + MOST_ACTS);
  let held = 0;
  let found = false;
  let harmed = true;
  const inTime = (): boolean => performance.now() < deadline;

  const judged = async (plan: Plan, server: "fresh" | "running"): Promise<Finding> =>
    judge(await scene.apart((apart) => hold(plan, apart), server), scene.contract);
  const fails = async (plan: Plan): Promise<boolean> => {
    for (;;) {
      const fresh = harmed;
      held++;
      const { outcome } = await judged(plan, fresh ? "fresh" : "running");
      harmed = outcome !== "pass";
      if (!harmed || fresh) return outcome === "fail";
    }
  };
  const property = fc.asyncProperty(SKETCHES, async (sketch) => {
    if (!inTime() || !(await fails(planOf(sketch, noise)))) return true;
    if (!found) deadline = performance.now() + AT_MOST_MS;
    found = true;
    return false;
  });
  const run = async (params: fc.Parameters<[Sketch]>): Promise<Sketch | undefined> =>
    (await fc.check(property, params)).counterexample?.[0];
  for (;;) {
    let smallest = await run({ seed: scene.payload.bytes(4).readInt32LE(), numRuns: CONVERSATIONS });
    // Where only the sum of several pieces is too much, none of them can be left out: but all of them can be one.
    const joined = smallest && joinedPieces(smallest);
    if (joined) smallest = (await run({ numRuns: 1, examples: [[joined]] })) ?? smallest;
    if (smallest) return { smallest: planOf(smallest, noise), held };
    if (seconds === undefined || !inTime()) return { smallest: undefined, held };
  }
}

/** What fast-check makes up and makes smaller. */
interface Sketch {
  readonly clients: number;
  readonly acts: readonly {
    readonly client: number;
    /** So many letters, or these bytes; `null` for a FIN. */
    readonly content: number | Uint8Array | null;
    readonly withNext: boolean;
  }[];
}

const CONTENTS = fc.oneof(
  { withCrossShrink: true },
  { arbitrary: fc.integer({ min: 1, max: 8 }), weight: 4 },
  { arbitrary: fc.integer({ min: 1, max: LONGEST }), weight: 1 },
  { arbitrary: fc.constantFrom(...DELICATE), weight: 2 },
  { arbitrary: fc.uint8Array({ minLength: 1, maxLength: 4 }), weight: 1 },
);
const ACTS = fc.record({
  client: fc.nat({ max: 1 }),
  content: fc.option(CONTENTS, { freq: 5 }),
  withNext: fc.boolean(),
});
const SKETCHES: fc.Arbitrary<Sketch> = fc.record({
  clients: fc.constantFrom(1, 2),
  acts: fc.array(ACTS, { minLength: 1, maxLength: MOST_ACTS, size: "max" }),
});

function planOf({ clients, acts }: Sketch, noise: Buffer): Plan {
  return {
    clients,
    acts: acts.map(({ client, content, withNext }, place): Act => {
      const who = { client: client % clients, withNext };
      if (content === null) return who;
      return { ...who, bytes: typeof content === "number" ? text(place, content, noise) : content };
    }),
  };
}

/** The first letter tells which act it was; nobody can guess the rest. */
function text(place: number, length: number, noise: Buffer): Buffer {
  return Buffer.concat([LETTERS.subarray(place, place + 1), noise.subarray(place, place + length - 1)]);
}

/** With one text for what a client sends in several pieces at once; `undefined` when nobody does. */
function joinedPieces({ clients, acts }: Sketch): Sketch | undefined {
  const joined: Sketch["acts"][number][] = [];
  for (const act of acts) {
    const before = joined.at(-1);
    const follows = before?.withNext && before.client % clients === act.client % clients;
    if (!follows || before.content === null || act.content === null) joined.push(act);
    else joined.splice(-1, 1, { ...act, content: Math.min(LONGEST, lengthOf(before.content) + lengthOf(act.content)) });
  }
  return joined.length < acts.length ? { clients, acts: joined } : undefined;
}

function lengthOf(content: number | Uint8Array): number {
  return typeof content === "number" ? content : content.length;
}
