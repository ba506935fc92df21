import { describe, expect, test } from "vitest";
import type { Attempt, Finding, Verdict } from "../checks/verdict.ts";
import { conclude, needsAnother } from "./conclude.ts";

type Outcome = Finding["outcome"];

/** The nth attempt says so in its finding. */
function attempts(...outcomes: readonly Outcome[]): Attempt[] {
  return outcomes.map((outcome, at): Attempt => {
    const words = { en: `${outcome} ${at}`, id: `${outcome} ke-${at}` };
    const finding: Finding = outcome === "pass" ? { outcome } : { outcome, expected: words, observed: words };
    return { transcript: [], finding, confirming: at > 0 };
  });
}

describe("another attempt", () => {
  test.each<[Outcome[], boolean]>([
    [[], true],
    [["pass"], false],
    [["fail"], true],
    [["inconclusive"], true],
    [["fail", "fail"], false],
    [["fail", "pass"], false],
    [["inconclusive", "pass"], false],
    [["inconclusive", "inconclusive"], false],
    [["fail", "inconclusive"], true],
    [["inconclusive", "fail"], true],
    [["fail", "inconclusive", "inconclusive"], false],
    [["fail", "inconclusive", "fail"], false],
    [["inconclusive", "fail", "inconclusive"], false],
  ])("after %j: %j", (outcomes, needed) => {
    expect(needsAnother(attempts(...outcomes))).toBe(needed);
  });

  test("three are enough, whatever they say", () => {
    const outcomes: Outcome[] = ["pass", "fail", "inconclusive"];
    for (const a of outcomes)
      for (const b of outcomes) for (const c of outcomes) expect(needsAnother(attempts(a, b, c))).toBe(false);
  });
});

describe("the conclusion", () => {
  test.each<[Outcome[], Verdict, number | undefined]>([
    [["pass"], "pass", 0],
    [["fail", "fail"], "fail", 1],
    [["fail", "inconclusive", "fail"], "fail", 2],
    [["inconclusive", "fail", "fail"], "fail", 2],
    [["fail", "pass"], "inconclusive", 0],
    [["fail", "inconclusive", "pass"], "inconclusive", 0],
    [["fail", "inconclusive", "inconclusive"], "inconclusive", 0],
    [["fail"], "inconclusive", 0],
    [["inconclusive", "pass"], "pass", 1],
    [["inconclusive", "inconclusive"], "inconclusive", 1],
  ])("of %j is %s, resting on attempt %i", (outcomes, verdict, at) => {
    const tried = attempts(...outcomes);
    const concluded = conclude(tried);
    expect(concluded.verdict).toBe(verdict);
    expect(concluded.finding).toEqual(tried[at ?? 0]?.finding);
  });

  test("a single failure never costs anything", () => {
    const outcomes: Outcome[] = ["pass", "inconclusive"];
    for (const a of outcomes) {
      for (const b of outcomes) {
        for (const at of [0, 1, 2]) {
          const order: Outcome[] = [a, b];
          order.splice(at, 0, "fail");
          expect(conclude(attempts(...order)).verdict).toBe("inconclusive");
        }
      }
    }
  });

  test("says why it is not certain, in both languages", () => {
    const flaky = conclude(attempts("fail", "pass")).reason;
    const unconfirmed = conclude(attempts("fail", "inconclusive", "inconclusive")).reason;
    for (const reason of [flaky, unconfirmed]) {
      expect(reason?.en).toMatch(/failed once/);
      expect(reason?.id).toMatch(/[Ss]ekali gagal/);
    }
    expect(flaky).not.toEqual(unconfirmed);
    expect(conclude(attempts("inconclusive", "inconclusive")).reason?.en).toBe("inconclusive 1");
  });

  test("what is certain needs no reason", () => {
    expect(conclude(attempts("pass"))).toEqual({ verdict: "pass", finding: { outcome: "pass" } });
    expect(conclude(attempts("fail", "fail")).reason).toBeUndefined();
  });
});
