import { describe, expect, test } from "vitest";
import { failing, flaky, hostile, passing } from "../grade/sample-results.test-helper.ts";
import { gradesCsv } from "./grades-csv.ts";

/** RFC 4180, section 2. */
function parse(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, bare, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? (bare ?? "") : quoted.replaceAll('""', '"'));
    if (end === "\r\n") {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

describe("gradesCsv", () => {
  test("one row a submission, one column a requirement", () => {
    expect(gradesCsv([passing(), failing(), flaky()])).toBe(
      "\ufeffsubmission,R1,R2,R3,total,needs_review,isolation,seed\r\n" +
        "ani,20,60,20,100,false,none,42\r\n" +
        "budi,20,0,20,40,false,none,42\r\n" +
        "eka,20,60,20,100,true,none,42\r\n",
    );
  });

  test("ids of the learning platform are the second column, where any is known", () => {
    const rows = parse(gradesCsv([passing(), failing()], new Map([["budi", "=12"]])));
    expect(rows.map((row) => row.slice(0, 3))).toEqual([
      ["\ufeffsubmission", "id", "R1"],
      ["ani", "", "20"],
      ["budi", "'=12", "20"],
    ]);
    expect(gradesCsv([passing()], new Map([["budi", "12"]]))).toBe(gradesCsv([passing()]));
  });

  test("quotes what RFC 4180 asks to quote", () => {
    const [, row] = parse(gradesCsv([{ ...passing(), submission: 'Sari, "Ayu"' }]));
    expect(row?.[0]).toBe('Sari, "Ayu"');
  });

  test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])("a name %j is no formula", (submission) => {
    const [, row] = parse(gradesCsv([{ ...passing(), submission }]));
    expect(row?.[0]).toMatch(/^'/);
    expect(row).toHaveLength(8);
  });

  test("a hostile name stays one cell on one line", () => {
    const rows = parse(gradesCsv([hostile()]).slice(1));
    expect(rows).toHaveLength(2);
    expect(rows[1]).toHaveLength(8);
    expect(rows[1]?.[0]).toContain("\\x00\\x1b[31m");
  });

  test("a requirement that was not asked for stays empty", () => {
    const other = { ...passing(), requirements: passing().requirements.slice(0, 1) };
    const rows = parse(gradesCsv([failing(), other]));
    expect(rows[2]).toEqual(["ani", "20", "", "", "100", "false", "none", "42"]);
  });
});
