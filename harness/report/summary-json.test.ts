import { describe, expect, test } from "vitest";
import {
  ADVICE,
  ALL_SAMPLES,
  advised,
  crashed,
  failing,
  flaky,
  hostile,
  nothingHandedIn,
  passing,
  warned,
} from "../grade/sample-results.test-helper.ts";
import { type ClassRun, summaryJson } from "./summary-json.ts";

const RUN: ClassRun = { gema: "1.2.3", assignment: "week-3", seed: 42, handedIn: 9, ids: new Map([["budi", "1001"]]) };

function summary(results: Parameters<typeof summaryJson>[0], run: Partial<ClassRun> = {}) {
  return JSON.parse(summaryJson(results, { ...RUN, ...run }));
}

describe("summary.json", () => {
  test("says what was run, and how it came out", () => {
    const found = summary([passing(), failing(), flaky(), crashed()]);
    expect(found).toMatchObject({
      schema: 1,
      gema: "1.2.3",
      assignment: "week-3",
      seed: 42,
      submissions: { handedIn: 9, graded: 4 },
      verdicts: { pass: 1, fail: 2, inconclusive: 1, skipped: 0, error: 0 },
      needsReview: 1,
      isolation: { full: 0, partial: 0, none: 4 },
    });
  });

  test("lists the submissions in the order of the gradebook", () => {
    const { list } = summary([passing(), failing()]);
    expect(list).toEqual([
      {
        submission: "ani",
        verdict: "pass",
        points: 100,
        of: 100,
        needsReview: false,
        isolation: "none",
        leadingMistake: null,
      },
      {
        submission: "budi",
        id: "1001",
        verdict: "fail",
        points: 40,
        of: 100,
        needsReview: false,
        isolation: "none",
        leadingMistake: failing().mistakes[0]?.id,
      },
    ]);
  });

  test("counts each mistake once a submission, the most frequent first", () => {
    const twice = { ...failing(), mistakes: [...failing().mistakes, ...failing().mistakes] };
    const { mistakes } = summary([twice, failing(), passing(), warned()]);
    expect(mistakes[0]).toEqual({
      id: failing().mistakes[0]?.id,
      title: failing().mistakes[0]?.title,
      named: 2,
      leading: 2,
    });
    const named = mistakes.map((one: { named: number }) => one.named);
    expect(named).toEqual([...named].sort((a, b) => b - a));
  });

  test("counts advice apart from mistakes", () => {
    const { mistakes, advice, list } = summary([advised(), failing(), advised()]);
    expect(advice).toEqual([{ id: ADVICE.id, title: ADVICE.title, named: 2 }]);
    expect(mistakes.map(({ id }: { id: string }) => id)).toEqual(failing().mistakes.map(({ id }) => id));
    expect(list[0]).toMatchObject({ verdict: "pass", leadingMistake: null });
  });

  test("counts failed checks among those that could tell", () => {
    const { checks } = summary([failing(), failing(), passing(), nothingHandedIn()]);
    const failed = failing()
      .programs.flatMap((run) => run.checks)
      .filter(({ verdict }) => verdict === "fail");
    expect(failed.length).toBeGreaterThan(0);
    expect(checks.map(({ id }: { id: string }) => id).sort()).toEqual(failed.map(({ check }) => check).sort());
    const passed = passing().programs.flatMap((run) => run.checks.map(({ check }) => check));
    for (const check of checks) {
      expect(check).toMatchObject({ failed: 2, ran: passed.includes(check.id) ? 3 : 2 });
    }
  });

  test.each([
    [[0], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0],
    [[100], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 100],
    [[9.99, 10, 30, 70, 99.99], [1, 1, 0, 1, 0, 0, 0, 1, 0, 1], 30],
    [[60, 20], [0, 0, 1, 0, 0, 0, 1, 0, 0, 0], 40],
  ])("points of %j are spread as %j", (earned, distribution, median) => {
    const results = earned.map((one) => ({ ...passing(), earned: one, points: 100 }));
    expect(summary(results).points).toMatchObject({ of: 100, distribution, median });
  });

  test.each([0.3, 0.6, 0.7])("a share of %d, which binary cannot write, is on its border", (earned) => {
    const { distribution } = summary([{ ...passing(), earned, points: 1 }]).points;
    expect(distribution.indexOf(1)).toBe(earned * 10);
  });

  test("of nothing graded says nothing of points", () => {
    const { points, list } = summary([]);
    expect(list).toEqual([]);
    expect(points).toEqual({
      of: null,
      lowest: null,
      median: null,
      mean: null,
      highest: null,
      distribution: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    });
  });

  test("an assignment without points divides by nothing", () => {
    const { points } = summary([{ ...passing(), earned: 0, points: 0 }]);
    expect(points).toMatchObject({ of: 0, mean: 0, distribution: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0] });
  });

  test("a hostile name is data", () => {
    expect(summary([hostile()]).list[0].submission).toBe(hostile().submission);
  });

  test("the same results give the same bytes, and change nothing", () => {
    const results = ALL_SAMPLES.map((sample) => sample());
    const before = structuredClone(results);
    expect(summaryJson(results, RUN)).toBe(summaryJson(results, RUN));
    expect(results).toEqual(before);
  });
});
