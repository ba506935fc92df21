import { describe, expect, test } from "vitest";
import { type Standing, standingLines } from "./progress.ts";

const PLAIN = { language: "en", width: 80, color: false } as const;
const STANDING: Standing = {
  done: 120,
  total: 300,
  failed: 17,
  needReview: 1,
  graded: 100,
  elapsedMs: 50_000,
  underWay: [
    { name: "Budi Santoso", ms: 400 },
    { name: "Ani\u001b[31m", ms: 75_000 },
  ],
};

describe("the standing of a run", () => {
  test("tells what is done, the pace of this run, the time left, and who is being graded", () => {
    expect(standingLines(STANDING, PLAIN)).toEqual([
      "120/300 · 2.0 a second · 2 min left · 17 failed · 1 to look at",
      "       1 s  Budi Santoso",
      expect.stringMatching(/^ {5}1 min {2}Ani/),
    ]);
    expect(standingLines(STANDING, PLAIN).join("")).not.toContain("\u001b");
  });

  test("promises nothing before there is a pace", () => {
    const [numbers] = standingLines({ ...STANDING, graded: 2 }, PLAIN);
    expect(numbers).toBe("120/300 · 17 failed · 1 to look at");
  });

  test("speaks Indonesian, of hours too, and is never wider than the terminal", () => {
    const slow = { ...STANDING, elapsedMs: 5_000_000 };
    expect(standingLines(slow, { ...PLAIN, language: "id" })[0]).toBe(
      "120/300 · 0.0 per detik · sisa 2.5 jam · 17 gagal · 1 perlu dilihat",
    );
    for (const line of standingLines(STANDING, { ...PLAIN, width: 20 })) expect(line.length).toBeLessThanOrEqual(20);
  });
});
