import { describe, expect, test } from "vitest";
import {
  ALL_SAMPLES,
  advised,
  crashed,
  failing,
  hostile,
  passing,
  warned,
} from "../grade/sample-results.test-helper.ts";
import { githubAnnotations, githubSummary } from "./summary.ts";

describe("githubSummary", () => {
  test("one submission: the headline, the requirements, the evidence", () => {
    const text = githubSummary([failing()], "en");
    expect(text).toMatch(/^## ✗ budi: failed, 40\/100\n/);
    expect(text).toContain("**The server calls recv only once for each client");
    expect(text).toContain("| R2 | The server echoes every message of a client | 0/60 | ✗ failed |");
    expect(text).toContain("67 65 6d 61");
    expect(text).toContain("not isolated");
  });

  test("advice is told from the cause of a failure", () => {
    const text = githubSummary([advised()], "en");
    expect(text).toContain("**Everything required works. Worth mending: The server says nothing");
    expect(text).toContain("To mend: The server says nothing when its port is taken.");
    expect(text).not.toContain("Cause:");
    expect(githubSummary([failing()], "en")).toContain("Cause: The server calls recv only once");
  });

  test("several submissions begin with a table", () => {
    const text = githubSummary([passing(), failing()], "id");
    expect(text).toMatch(/^\| Tugas \| Poin \| Hasil \|/);
    expect(text).toContain("| ani | 100/100 | ✓ lulus |");
  });

  test("a fence is longer than any run of backticks inside, and closed", () => {
    const lines = githubSummary([hostile()], "en").split("\n");
    const open = lines.findIndex((line) => /^`+text$/.test(line));
    const fence = lines[open]?.replace("text", "") ?? "";
    const close = lines.indexOf(fence, open);
    const inside = lines.slice(open + 1, close).join("\n");
    expect(inside).toContain("````");
    expect(fence.length).toBeGreaterThan(4);
    expect(Math.max(...Array.from(inside.matchAll(/`+/g), ([run]) => run.length))).toBeLessThan(fence.length);
  });

  test("a name cannot make markup, a table cell or a mention", () => {
    const text = githubSummary([{ ...passing(), submission: "<b>|@all` [x](http://x) www.x.id" }, passing()], "en");
    expect(text).not.toMatch(/<b>|@all|http:\/\/|www\.|[^\\]\[x\]/);
    expect(text.split("\n")[2]?.match(/(?<!\\)\|/g)).toHaveLength(5);
  });

  test("a large class does not outgrow what GitHub takes", () => {
    const text = githubSummary(Array.from({ length: 2000 }, failing), "en");
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    expect(text).toMatch(/\d+ more submissions do not fit here/);
  });
});

describe("githubAnnotations", () => {
  test("points to the line, with the whole rationale", () => {
    const [first] = githubAnnotations([crashed()], "en");
    expect(first).toMatch(/^::error file=submissions\/fajar\/server\.py,line=7,title=fajar%3A Starts and listens::/);
    expect(first).toContain("Observed: the program ended with code 1");
  });

  test("errors come before warnings, ten at most", () => {
    const kinds = githubAnnotations([warned(), failing()], "en").map((line) => line.split(" ")[0]);
    expect(kinds).toEqual(["::error", "::error", "::warning"]);
    expect(githubAnnotations(Array.from({ length: 30 }, failing), "en")).toHaveLength(10);
    expect(githubAnnotations([passing()], "en")).toEqual([]);
  });

  test("what separates commands is escaped", () => {
    const all = githubAnnotations(
      ALL_SAMPLES.map((sample) => sample()),
      "en",
    );
    const percent = githubAnnotations([{ ...failing(), path: "50%,a:b" }], "en");
    expect(percent[0]).toContain("file=50%25%2Ca%3Ab/server.py,line=1,");
    for (const line of all) {
      expect(line).toMatch(/^::(error|warning) file=[^,:]*,line=\d+,title=[^,:]*::/);
      expect(line).not.toMatch(/[\r\n]|##\w*\[/);
    }
  });
});
