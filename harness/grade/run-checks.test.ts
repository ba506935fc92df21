import { expect, test } from "vitest";
import { loadAssignment } from "../assignment/load.ts";
import type { ServerCheck } from "../checks/check.ts";
import { fail, PASS, printed } from "../checks/reading.ts";
import type { Bench } from "./bench.ts";
import { runChecks } from "./run-checks.ts";

const text = { en: "text", id: "teks" };

/** A check that is tried after these others. */
function checkOf(judge: ServerCheck["judge"], after: readonly string[] = []): ServerCheck {
  return {
    title: text,
    why: text,
    requirement: "echoes",
    cites: [],
    level: () => "must",
    after: [...after],
    stimulate: async () => {},
    judge,
  };
}

const silentBench: Bench = { launches: 0, timeIsUp: false, attempt: async () => [], async discard() {} };

test.each([
  ["a network of its own", "ownNetwork", { needsOwnNetwork: true }, "127.0.0.1"],
  ["a second host", "anotherHost", { needsAnotherHost: true }, "127.0.0.1"],
  ["IPv6", "ipv6", { needsIpv6: true }, "127.0.0.1"],
  ["IPv6 as its assignment does", "ipv6", {}, "::1"],
] as const)("what needs %s is not tried without it: skipped, excused, and told why", async (what, key, needs, host) => {
  const check: ServerCheck = { ...checkOf(() => PASS), level: () => "should", ...needs };
  const tried: string[] = [];
  const watched: Bench = {
    ...silentBench,
    async attempt(stimulus) {
      tried.push(stimulus);
      return [];
    },
  };
  const run = async (there: boolean) => {
    const checks = new Map([["tcp-server/sends-everything", check]]);
    const usual = await loadAssignment("tcp-echo");
    const contract = { ...usual.contract, address: { ...usual.contract.address, host } };
    return runChecks("tcp-server", watched, checks, { ...usual, contract }, { [key]: there });
  };

  expect(await run(false)).toMatchObject([{ verdict: "skipped", excused: true, attempts: [] }]);
  expect((await run(false))[0]?.reason?.en).toContain(what.split(" as ")[0]);
  expect(tried).toEqual([]);

  const [done] = await run(true);
  expect(done).toMatchObject({ verdict: "pass" });
  expect(done).not.toHaveProperty("excused");
  expect(tried).toEqual(["sends-everything"]);
});

test("what failed before is tried first, after what it depends on, and reported in its place", async () => {
  const checks = new Map([
    ["tcp-server/a", checkOf(() => PASS)],
    ["tcp-server/b", checkOf(() => PASS)],
    ["tcp-server/c", checkOf(() => PASS, ["b"])],
  ]);
  const tried: string[] = [];
  const results = await runChecks("tcp-server", silentBench, checks, await loadAssignment("tcp-echo"), {
    first: ["tcp-server/c"],
    onResult: (result) => tried.push(result.check),
  });
  expect(tried).toEqual(["tcp-server/b", "tcp-server/c", "tcp-server/a"]);
  expect(results.map((result) => result.check)).toEqual(["tcp-server/a", "tcp-server/b", "tcp-server/c"]);
});

test("what was not tried says which check that was tried is the reason", async () => {
  const checks = new Map([
    ["tcp-server/a", checkOf(() => fail(text, text))],
    ["tcp-server/b", checkOf(() => PASS, ["a"])],
    ["tcp-server/c", checkOf(() => PASS, ["b"])],
  ]);
  const results = await runChecks("tcp-server", silentBench, checks, await loadAssignment("tcp-echo"), {});
  expect(results.map(({ verdict }) => verdict)).toEqual(["fail", "skipped", "skipped"]);
  const why = "Not tried, since tcp-server/a did not pass.";
  expect(results.map(({ reason }) => reason?.en)).toEqual([undefined, why, why]);
});

test.each([
  [
    "the first client alone: this is told of the next ones, and of nothing else",
    (nth: number) => nth === 1,
    "pass",
    "fail",
  ],
  ["a few: this is told of the next ones, and of nothing else", (nth: number) => nth <= 3, "pass", "fail"],
  ["a few more, and passed before: it is asked again", (nth: number) => nth <= 4, "pass", "fail"],
  ["all but one at some time: that is certain of none", () => ++served !== 2, "inconclusive", "pass"],
] as const)("who serves %s", async (_, serves, echoes, next) => {
  served = 0;
  let clients = 0;
  let mostMet = 0;
  const check = (after?: readonly string[]): ServerCheck =>
    checkOf((transcript) => (printed(transcript, "stdout").includes("no") ? fail(text, text) : PASS), after);
  const bench: Bench = {
    launches: 0,
    timeIsUp: false,
    async attempt(stimulus, alone) {
      if (alone) clients = 0;
      const count = stimulus === "accepts-the-next-client" ? Math.max(2, mostMet + 1) : 1;
      const answers = Array.from({ length: count }, () => serves(++clients));
      mostMet = Math.max(mostMet, clients);
      return answers.map((answer) => ({ atMs: 0, type: "stdout", text: answer ? "yes" : "no" }));
    },
    async discard() {
      clients = 0;
    },
  };
  const checks = new Map([
    ["tcp-server/a-first", check()],
    ["tcp-server/b-echoes", check(["a-first"])],
    ["tcp-server/accepts-the-next-client", check(["b-echoes"])],
    ["tcp-server/d-later", check(["b-echoes"])],
  ]);
  const results = await runChecks("tcp-server", bench, checks, await loadAssignment("tcp-echo"));
  const verdicts = Object.fromEntries(
    results.map((result) => [result.check.slice("tcp-server/".length), result.verdict]),
  );
  expect(verdicts).toEqual({
    "a-first": "pass",
    "b-echoes": echoes,
    "accepts-the-next-client": next,
    "d-later": echoes,
  });
});

let served = 0;

test("when the time is up, what was told before stands, and what was cut off or is left could not be told", async () => {
  const names = ["a-passes", "b-fails", "c-confirmed-too-late", "d-left"];
  const tried: string[] = [];
  const bench = {
    launches: 0,
    get timeIsUp() {
      return tried.length > 4;
    },
    async attempt(stimulus: string) {
      tried.push(stimulus);
      return [];
    },
    async discard() {},
  };
  const checks = new Map(
    names.map((name) => [`tcp-server/${name}`, checkOf(() => (name === "a-passes" ? PASS : fail(text, text)))]),
  );
  const results = await runChecks("tcp-server", bench, checks, await loadAssignment("tcp-echo"));
  expect(tried).toEqual(["a-passes", "b-fails", "b-fails", "c-confirmed-too-late", "c-confirmed-too-late"]);
  expect(results.map(({ verdict }) => verdict)).toEqual(["pass", "fail", ...Array(2).fill("inconclusive")]);
  expect(results.map(({ attempts }) => attempts.length)).toEqual([1, 2, 1, 0]);
  expect(results[3]?.reason?.en).toContain("no time was left");
});
