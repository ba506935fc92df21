import { execFileSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import { transform } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import type { Level } from "../assignment/assignment.ts";
import type { CheckResult } from "../checks/verdict.ts";
import { adviceApart, allMistakes, nameMistakes } from "./find-mistakes.ts";
import { type Diagnosis, type Lesson, lessonFor, type Mistake } from "./mistake.ts";

let mistakes: ReadonlyMap<string, Mistake>;
/** What is told of each mistake in each program in which it can be made. */
let told: readonly (readonly [where: string, lesson: Lesson])[];
beforeAll(async () => {
  mistakes = await allMistakes();
  told = [...mistakes].flatMap(([id, mistake]) =>
    mistake.programs.map((program) => [`${id} in ${program}`, lessonFor(mistake, program)] as const),
  );
});

describe("the catalogue", () => {
  test("holds one mistake a file", async () => {
    const files = await readdir(new URL("catalogue/", import.meta.url));
    expect([...mistakes.keys()].map((id) => `${id}.ts`).sort()).toEqual(files.sort());
    expect(mistakes.size).toBeGreaterThan(50);
  });

  test("every mistake is told in both languages, and the two differ", () => {
    for (const [id, { title, explanation, lookUp }] of told) {
      for (const text of [title, explanation, lookUp]) {
        expect(text.en.trim(), id).toBe(text.en);
        expect(text.id.trim(), id).toBe(text.id);
        expect(text.en, id).not.toBe(text.id);
      }
      expect(title.en.length, id).toBeLessThan(60);
      expect(Math.min(explanation.en.length, explanation.id.length), id).toBeGreaterThan(120);
      expect(Math.min(lookUp.en.length, lookUp.id.length), id).toBeGreaterThan(60);
    }
  });

  test("no two mistakes have the same title or repair", () => {
    const all = [...mistakes.values()];
    for (const pick of [
      (one: Mistake) => one.title.en,
      (one: Mistake) => one.title.id,
      (one: Mistake) => one.explanation.id,
    ]) {
      expect(new Set(all.map(pick)).size).toBe(all.length);
    }
  });

  test("what is wrong and its repair are short, and differ", () => {
    for (const [id, { wrong, repair }] of told) {
      for (const fragment of [wrong.python, wrong.typescript, repair.python, repair.typescript]) {
        const lines = fragment.split("\n");
        expect(lines.length, id).toBeLessThanOrEqual(9);
        // Indented by four, it fits a terminal of 80 columns.
        expect(Math.max(...lines.map((line) => line.length)), fragment).toBeLessThanOrEqual(76);
      }
      expect(wrong.python, id).not.toBe(repair.python);
      expect(wrong.typescript, id).not.toBe(repair.typescript);
    }
  });

  test("a client is shown a client", () => {
    for (const [where, { repair }] of told.filter(([where]) => where.endsWith("client"))) {
      const server = /\b(listen|accept)\(|[cC]reate_?[sS]erver|\bclient_sock\b|\bserver\.(on|send|bind)\b/;
      expect(repair.python, where).not.toMatch(server);
      expect(repair.typescript, where).not.toMatch(server);
    }
  });

  test("every Python fragment parses", () => {
    const fragments = told.flatMap(([id, { wrong, repair }]) => [
      [id, wrong.python],
      [id, repair.python],
    ]);
    const program = [
      "import ast, json, sys",
      "for id, fragment in json.load(sys.stdin):",
      "    try: ast.parse(fragment)",
      "    except SyntaxError as error: print(id, error)",
    ].join("\n");
    expect(execFileSync("python3", ["-c", program], { input: JSON.stringify(fragments), encoding: "utf8" })).toBe("");
  });

  test("every TypeScript fragment parses", async () => {
    for (const [id, { wrong, repair }] of told) {
      for (const fragment of [wrong.typescript, repair.typescript])
        await expect(transform(fragment, { loader: "ts", format: "esm" }), id).resolves.toMatchObject({ warnings: [] });
    }
  });

  test("accuses nobody when everything passed", () => {
    const passed = ["starts-listening", "keeps-the-connection", "stops-on-sigint"].map((name) =>
      failed(name, "must", "pass"),
    );
    expect(nameMistakes("tcp-server", passed, mistakes)).toEqual([]);
  });
});

describe("the order of mistakes", () => {
  const results = [failed("a"), failed("b"), failed("c"), failed("d", "should"), failed("e", "info")];
  const name = (diagnoses: Readonly<Record<string, Diagnosis>>) =>
    nameMistakes("tcp-server", results, new Map(Object.entries(diagnoses).map(([id, one]) => [id, answering(one)])));
  const ids = (diagnoses: Readonly<Record<string, Diagnosis>>) => name(diagnoses).map(({ id }) => id);

  test("the one that explains more comes first, however sure the other is", () => {
    expect(ids({ small: explaining(1, "a"), large: explaining(0.5, "b", "c") })).toEqual(["large", "small"]);
  });

  test("failures that cost points weigh more than warnings", () => {
    expect(ids({ warning: explaining(1, "d"), points: explaining(0.5, "a") })).toEqual(["points", "warning"]);
  });

  test("a tie is decided by confidence, then by id", () => {
    expect(ids({ b: explaining(0.95, "a"), a: explaining(0.95, "a"), sure: explaining(0.99, "a") })).toEqual([
      "sure",
      "a",
      "b",
    ]);
  });

  test("what a better one explains already is left out", () => {
    expect(ids({ better: explaining(0.8, "a", "b"), worse: explaining(0.7, "b") })).toEqual(["better"]);
  });

  test("two mistakes at once are both named", () => {
    expect(ids({ one: explaining(0.8, "a", "b"), other: explaining(0.7, "b", "c") })).toEqual(["one", "other"]);
    expect(ids({ one: explaining(0.8, "a", "b"), other: explaining(0.95, "b") })).toEqual(["one", "other"]);
  });

  test("failures of level info accuse nobody", () => {
    expect(ids({ none: explaining(1, "e") })).toEqual([]);
    expect(name({ one: explaining(1, "a", "e") })[0]?.explains).toEqual(["tcp-server/a"]);
  });

  test("what explains warnings alone is advice, and comes last", () => {
    const named = name({ warning: explaining(1, "d"), points: explaining(0.5, "a", "d"), info: explaining(1, "e") });
    const { mistakes: found, advice } = adviceApart(named, results);
    expect([found, advice].map((list) => list.map(({ id }) => id))).toEqual([["points"], ["warning"]]);
    expect([...found, ...advice]).toEqual(named);
  });

  test("a check of another program, or one that did not fail, explains nothing", () => {
    expect(ids({ stray: { confidence: 1, explains: ["tcp-client/a", "tcp-server/z"] } })).toEqual([]);
    const client = [{ ...failed("a"), check: "tcp-client/a" }];
    expect(nameMistakes("tcp-server", client, new Map([["one", answering(explaining(1, "a"))]]))).toEqual([]);
  });
});

function failed(name: string, level: Level = "must", verdict: CheckResult["verdict"] = "fail"): CheckResult {
  return { check: `tcp-server/${name}`, title: { en: name, id: name }, level, verdict, attempts: [] };
}

function explaining(confidence: number, ...names: readonly string[]): Diagnosis {
  return { confidence, explains: names.map((name) => `tcp-server/${name}`) };
}

function answering(diagnosis: Diagnosis): Mistake {
  const text = { en: "a", id: "b" };
  return {
    programs: ["tcp-server"],
    title: text,
    explanation: text,
    lookUp: text,
    wrong: { python: "", typescript: "" },
    repair: { python: "", typescript: "" },
    diagnose: () => diagnosis,
  };
}
