import { describe, expect, test } from "vitest";
import type { Assignment, Contract, Level, Requirement } from "../assignment/assignment.ts";
import type { Check } from "../checks/check.ts";
import type { CheckResult, Verdict } from "../checks/verdict.ts";
import { judgeRequirements, levelOf, requirementOf, worst } from "./requirements.ts";

const same = (text: string) => ({ en: text, id: text });

function check(requirement: string, level: Level | undefined = "must"): Check {
  return {
    title: same("title"),
    why: same("why"),
    requirement,
    cites: [],
    level: () => level,
    stimulate: { observes: "launch" },
    judge: () => ({ outcome: "pass" }),
  };
}

function result(id: string, verdict: Verdict, level: Level = "must"): CheckResult {
  return { check: id, title: same(id), level, verdict, attempts: [] };
}

const requirement = (id: string, rest: Partial<Requirement> = {}): Requirement => ({
  id,
  text: same(id),
  points: 10,
  ...rest,
});

const contract: Contract = {
  kind: "stream",
  concurrent: false,
  bufferBytes: 65535,
  address: { host: "127.0.0.1", port: 5000, passed: { by: "fixed" } },
  client: { message: { by: "fixed" }, printsReply: true, mustTimeOut: false },
};

const assignment = (...requirements: readonly Requirement[]): Assignment => ({
  name: "test",
  title: same("test"),
  programs: {},
  contract,
  requirements,
  limits: { startSeconds: 10, keptOutputBytes: 1000 },
});

describe("the worst verdict", () => {
  test.each<[Verdict[], Verdict]>([
    [[], "pass"],
    [["pass", "pass"], "pass"],
    [["pass", "skipped"], "skipped"],
    [["inconclusive", "skipped", "pass"], "inconclusive"],
    [["error", "inconclusive"], "error"],
    [["pass", "fail", "error"], "fail"],
  ])("of %j is %s", (verdicts, expected) => {
    expect(worst(verdicts)).toBe(expected);
  });
});

describe("a check's requirement", () => {
  test("is the one that it names", () => {
    const [first, second] = [requirement("listens"), requirement("echoes")];
    expect(requirementOf(assignment(first, second), "tcp-server/a", check("echoes"))).toBe(second);
    expect(requirementOf(assignment(first), "tcp-server/a", check("echoes"))).toBeUndefined();
  });

  test("is the first that lists it, before the one that it names", () => {
    const named = requirement("echoes");
    const listing = requirement("mine", { checks: ["tcp-server/a"] });
    const later = requirement("other", { checks: ["tcp-server/a"] });
    expect(requirementOf(assignment(named, listing, later), "tcp-server/a", check("echoes"))).toBe(listing);
    expect(requirementOf(assignment(named, listing), "tcp-server/b", check("echoes"))).toBe(named);
  });

  test("is not one that has a list of its own without it", () => {
    const named = requirement("echoes", { checks: ["tcp-server/b"] });
    expect(requirementOf(assignment(named), "tcp-server/a", check("echoes"))).toBeUndefined();
  });
});

describe("a check's level", () => {
  test("is the contract's, unless its requirement has one", () => {
    const strict = assignment(requirement("echoes", { level: "must" }));
    expect(levelOf(assignment(requirement("echoes")), "tcp-server/a", check("echoes", "should"))).toBe("should");
    expect(levelOf(strict, "tcp-server/a", check("echoes", "info"))).toBe("must");
    expect(levelOf(assignment(), "tcp-server/a", check("echoes", "info"))).toBe("info");
  });

  test("is none where the check does not apply, whatever the requirement says", () => {
    const strict = assignment(requirement("echoes", { level: "must" }));
    const elsewhere: Check = { ...check("echoes"), level: () => undefined };
    expect(levelOf(strict, "tcp-server/a", elsewhere)).toBeUndefined();
  });
});

describe("points", () => {
  const checks = new Map([
    ["tcp-server/a", check("echoes")],
    ["tcp-server/b", check("echoes")],
  ]);
  const judged = (...results: readonly CheckResult[]) =>
    judgeRequirements(assignment(requirement("listens"), requirement("echoes")), checks, results);

  test.each<[Verdict, number]>([
    ["pass", 10],
    ["fail", 0],
    ["inconclusive", 10],
    ["error", 10],
  ])("a must check that says %s leaves %i", (verdict, earned) => {
    const results = [result("tcp-server/a", "pass"), result("tcp-server/b", verdict)];
    expect(judged(...results)).toEqual([
      {
        id: "echoes",
        text: same("echoes"),
        points: 10,
        earned,
        verdict,
        cost: earned === 0 ? ["tcp-server/b"] : [],
        checks: results,
      },
    ]);
  });

  test.each<Level>(["should", "info"])("a %s check costs nothing and decides nothing", (level) => {
    const [only] = judged(result("tcp-server/a", "pass"), result("tcp-server/b", "fail", level));
    expect(only).toMatchObject({ earned: 10, verdict: "pass", cost: [] });
    expect(only?.checks).toHaveLength(2);
  });

  test("every check that cost them is named", () => {
    const [only] = judged(result("tcp-server/a", "fail"), result("tcp-server/b", "fail"));
    expect(only).toMatchObject({ earned: 0, cost: ["tcp-server/a", "tcp-server/b"] });
  });

  test("what was skipped since another failed costs the points too", () => {
    const both = new Map([...checks, ["tcp-server/start", check("listens")]]);
    const results = [result("tcp-server/start", "fail"), result("tcp-server/a", "skipped")];
    const all = assignment(requirement("listens"), requirement("echoes"));
    expect(judgeRequirements(all, both, results).map(({ id, earned }) => [id, earned])).toEqual([
      ["listens", 0],
      ["echoes", 0],
    ]);
  });

  test("what was never tried is not earned, whatever its level", () => {
    const skipped = [result("tcp-server/a", "skipped", "should"), result("tcp-server/b", "skipped", "should")];
    expect(judged(...skipped)).toMatchObject([{ earned: 0 }]);
    expect(judged(result("tcp-server/a", "pass", "should"), result("tcp-server/b", "skipped", "should"))).toMatchObject(
      [{ earned: 10 }],
    );
  });

  test("what this machine cannot try costs nothing and decides nothing, whatever its level", () => {
    const excused = (level: Level): CheckResult => ({ ...result("tcp-server/b", "skipped", level), excused: true });
    for (const level of ["must", "should"] as const) {
      expect(judged(result("tcp-server/a", "pass"), excused(level))).toMatchObject([{ earned: 10, verdict: "pass" }]);
      expect(judged(excused(level))).toMatchObject([{ earned: 10, verdict: "pass", cost: [] }]);
      expect(judged(result("tcp-server/a", "skipped", "should"), excused(level))).toMatchObject([
        { earned: 0, cost: ["tcp-server/a"] },
      ]);
    }
  });

  test("a requirement without results is left out, and so is an unknown check", () => {
    expect(judged()).toEqual([]);
    expect(judged(result("tcp-server/unknown", "fail"))).toEqual([]);
  });

  test("each check counts once, in the order of the handout", () => {
    const listing = assignment(requirement("echoes"), requirement("mine", { checks: ["tcp-server/b"] }));
    const results = [result("tcp-server/b", "fail"), result("tcp-server/a", "pass")];
    expect(judgeRequirements(listing, checks, results).map(({ id, earned }) => [id, earned])).toEqual([
      ["echoes", 10],
      ["mine", 0],
    ]);
  });
});
