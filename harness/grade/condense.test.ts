import { expect, test } from "vitest";
import { gradesCsv } from "../report/grades-csv.ts";
import { junitReport } from "../report/junit.ts";
import { condensed } from "./condense.ts";
import { ALL_SAMPLES } from "./sample-results.test-helper.ts";

test("reports about a class say the same of condensed results, which hold less", () => {
  const results = ALL_SAMPLES.map((sample) => sample());
  const few = results.map(condensed);
  const options = { language: "en" } as const;
  expect(junitReport(few, options)).toBe(junitReport(results, options));
  expect(gradesCsv(few)).toBe(gradesCsv(results));
  expect(JSON.stringify(few).length).toBeLessThan(JSON.stringify(results).length);
});
