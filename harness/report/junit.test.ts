import { describe, expect, test } from "vitest";
import {
  ALL_SAMPLES,
  advised,
  crashed,
  failing,
  flaky,
  hostile,
  nothingHandedIn,
  ourFault,
  result,
  singleRecv,
  traced,
  unexplained,
  warned,
} from "../grade/sample-results.test-helper.ts";
import { junitReport } from "./junit.ts";
import { casesOf, childOf, junitBreaches, parseJunit } from "./junit-rules.test-helper.ts";

const english = { language: "en" } as const;

function cases(...results: Parameters<typeof junitReport>[0]) {
  const xml = junitReport(results, english);
  return parseJunit(xml).children.flatMap(casesOf);
}

function named(list: ReturnType<typeof cases>, behaviour: string) {
  const found = list.find(({ attributes }) => attributes.name?.endsWith(behaviour));
  if (!found) throw new Error(`no case ${behaviour}`);
  return found;
}

describe("junitReport", () => {
  test.each(ALL_SAMPLES.map((sample) => [sample.name, sample] as const))("keeps the rules for %s", (_, sample) => {
    expect(junitBreaches(junitReport([sample()], english))).toEqual([]);
    expect(junitBreaches(junitReport([sample()], { language: "id" }))).toEqual([]);
  });

  test("keeps the rules for a class, even with equal names and no submission at all", () => {
    const all = ALL_SAMPLES.map((sample) => sample());
    expect(junitBreaches(junitReport([...all, ...all], english))).toEqual([]);
    expect(junitBreaches(junitReport([], english))).toEqual([]);
  });

  test("is red exactly when a submission did not pass", () => {
    for (const sample of ALL_SAMPLES) {
      const red = cases(sample()).some((one) => childOf(one, "failure") || childOf(one, "error"));
      expect([sample.name, red]).toEqual([sample.name, sample().verdict !== "pass"]);
    }
  });

  test("a failure names its mistake, tells all in one line, and ends in a frame", () => {
    const failure = childOf(named(cases(failing()), "budi: keeps-the-connection"), "failure");
    expect(failure?.attributes.type).toBe("single-recv");
    expect(failure?.attributes.message).toContain("Observed: only the first message came back");
    expect(failure?.attributes.message).toContain(singleRecv.title.en);
    expect(failure?.text).toContain("67 65 6d 61");
    expect(failure?.text).toContain("gema A");
    expect(failure?.text.trimEnd().split("\n").at(-1)).toBe("(submissions/budi/server.py:1:1)");
  });

  test("without a mistake the type is the check", () => {
    const failure = childOf(named(cases(unexplained()), "keeps-the-connection"), "failure");
    expect(failure?.attributes.type).toBe("tcp-server/keeps-the-connection");
  });

  test("a trace gives the line", () => {
    const testCase = named(cases(traced()), "budi: keeps-the-connection");
    expect(testCase.attributes).toMatchObject({ file: "submissions/budi/server.py", line: "14" });
    expect(childOf(testCase, "failure")?.text.trimEnd().split("\n").at(-1)).toBe("(submissions/budi/server.py:14:1)");
  });

  test("a traceback gives the line", () => {
    const { attributes } = named(cases(crashed()), "starts-listening");
    expect(attributes).toMatchObject({ classname: "gema.tcp-server", file: "submissions/fajar/server.py", line: "7" });
  });

  test("inconclusive and our own fault are errors, never failures", () => {
    const unsure = named(cases(flaky()), "keeps-the-connection");
    expect(childOf(unsure, "error")?.attributes.type).toBe("inconclusive");
    expect(childOf(unsure, "flakyFailure")?.text).toContain("only the first message came back");
    const broke = named(cases(ourFault()), "echoes-a-message");
    expect(childOf(broke, "error")?.attributes.message).toContain("The probe could not open a socket.");
    expect(childOf(broke, "failure")).toBeUndefined();
  });

  test("warnings and notes pass, and say so in system-out", () => {
    const list = cases(warned());
    expect(list.some((one) => childOf(one, "failure") || childOf(one, "error"))).toBe(false);
    expect(childOf(named(list, "refuses-a-taken-port"), "system-out")?.text).toMatch(/^warning: /);
    expect(childOf(named(list, "closes-with-fin"), "system-out")?.text).toMatch(/^note: /);
  });

  test("advice passes, and is not called the cause of anything", () => {
    const list = cases(advised());
    expect(list.some((one) => childOf(one, "failure") || childOf(one, "error"))).toBe(false);
    const said = childOf(named(list, "refuses-a-taken-port"), "system-out")?.text;
    expect(said).toContain("To mend: The server says nothing when its port is taken.");
    expect(said).not.toContain("Cause:");
  });

  test("a skipped check says why, in the attribute and in the body", () => {
    const skipped = childOf(named(cases(crashed()), "echoes-a-message"), "skipped");
    expect(skipped?.attributes.message).toContain("The program never listened.");
    expect(skipped?.text).toBe(skipped?.attributes.message);
  });

  test("a submission without a program is still seen", () => {
    const [only, ...more] = cases(nothingHandedIn());
    expect(more).toEqual([]);
    expect(only?.attributes.classname).toBe("gema.submission");
    expect(only && childOf(only, "failure")?.attributes.message).toBe("No server was found in the submission.");
  });

  test("points, seed and isolation are properties of the suite", () => {
    const [suite] = parseJunit(junitReport([failing()], english)).children;
    const properties = suite && childOf(suite, "properties")?.children.map(({ attributes }) => attributes);
    expect(properties).toContainEqual({ name: "points.R2", value: "0/60" });
    expect(properties).toContainEqual({ name: "points", value: "40/100" });
    expect(properties).toContainEqual({ name: "seed", value: "42" });
    expect(properties).toContainEqual({ name: "isolation", value: "none" });
  });

  test("what XML forbids is shown, and nothing breaks out of CDATA", () => {
    const xml = junitReport([hostile()], english);
    const failure = childOf(named(cases(hostile()), "echoes-a-message"), "failure");
    expect(failure?.text).toContain("\\x00\\x1b[31m\\u{d800}");
    expect(xml).not.toContain("##[");
    expect(xml).not.toMatch(/^\s*::/m);
  });

  test("an absolute path stays out of the report", () => {
    const base = failing();
    const xml = junitReport([{ ...base, path: "/home/guru/submissions/budi" }], english);
    expect(xml).not.toContain("/home/guru");
    expect(junitBreaches(xml)).toEqual([]);
  });

  test("the same check twice in one run keeps two names", () => {
    const [check] = failing().programs[0]?.checks ?? [];
    const twice = result({ checks: [check ? [check, check] : [], [], []] });
    expect(cases(twice).map(({ attributes }) => attributes.name)).toEqual([
      "budi: listens-where-asked",
      "budi: listens-where-asked (2)",
    ]);
  });
});

describe("junitBreaches", () => {
  const good = junitReport([failing()], english);

  test.each([
    [
      "a nested suite",
      good.replace("<testcase ", '<testsuite name="x"/><testcase '),
      "<testsuite> may not stand in <testsuite>",
    ],
    ["no timestamp", good.replace(/ timestamp="[^"]*"/, ""), "<testsuite> has no timestamp"],
    ["a wrong count", good.replace('failures="2"', 'failures="3"'), "<testsuites> says 3 failures, there are 2"],
    ["an absolute file", good.replace('file="', 'file="/'), "file /submissions/budi/server.py is not relative"],
    ["an unknown attribute", good.replace("<testcase ", '<testcase status="run" '), "<testcase> may not have status"],
    [
      "two of a name",
      good.replace("echoes-a-message", "keeps-the-connection"),
      "two of the name gema.tcp-server budi: keeps-the-connection (case)",
    ],
    ["a forbidden character", good.replace("budi:", "budi\u0001:"), "a character that XML 1.0 forbids"],
    ["a forbidden reference", good.replace("budi:", "budi&#1;:"), "a character that XML 1.0 forbids"],
    ["an outcome without a type", good.replace(/ type="single-recv"/, ""), "<failure> has no type"],
    [
      "order",
      good.replace("<failure ", "<system-out>x</system-out><failure "),
      "the children of <testcase> are out of order",
    ],
  ])("notices %s", (_, xml, breach) => {
    expect(xml).not.toBe(good);
    expect(junitBreaches(xml)).toContain(breach);
  });
});
