import { existsSync, readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

/** The folders of `harness/` in the order in which data flows. A module imports from its own stage or an earlier one. */
const STAGES = [
  "assignment",
  "submission",
  "kernel",
  "launch",
  "wire",
  "trace",
  "checks",
  "mistakes",
  "grade",
  "report",
  "cli",
];
/** What every stage may import, and what imports no stage. */
const SHARED = ["harness/own-file.ts", "harness/own-modules.ts", "harness/text.ts", "harness/user-error.ts"];

/** From a file's path to the paths it imports, all relative to the project's root. */
type Imports = ReadonlyMap<string, readonly string[]>;

const isTest = (file: string) => file.endsWith(".test.ts") || file.endsWith(".test-helper.ts");
const folderOf = (file: string) => file.split("/").slice(0, 2).join("/");
const stageOf = (file: string) => STAGES.findIndex((stage) => file.startsWith(`harness/${stage}/`));

/** Why `importer` must not import `imported`; undefined when it may. */
function objection(importer: string, imported: string): string | undefined {
  const [from, to] = [stageOf(importer), stageOf(imported)];
  const toCli = imported.startsWith("harness/cli/");
  if (toCli && !importer.startsWith("harness/cli/")) return "only cli imports cli";
  if (isTest(importer)) return undefined;
  if (isTest(imported)) return "only tests import what tests need";
  if (importer.startsWith("bench/")) return undefined;
  if (importer.startsWith("reference/")) return "a reference program stands alone";
  if (SHARED.includes(imported)) return undefined;
  if (to < 0) return `${folderOf(imported)} is no stage`;
  if (from < 0) return `${folderOf(importer)} is no stage`;
  return to > from ? `${STAGES[from]} comes before ${STAGES[to]}` : undefined;
}

function objections(imports: Imports): string[] {
  return [...imports].flatMap(([importer, all]) =>
    all.flatMap((imported) => {
      const why = objection(importer, imported);
      return why === undefined ? [] : [`${importer} -> ${imported}: ${why}`];
    }),
  );
}

/** Every circle that a walk along the imports meets, as `a -> b -> a`. */
function circles(imports: Imports): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(" -> "));
    if (done.has(file) || path.includes(file)) return;
    for (const imported of imports.get(file) ?? []) walk(imported, [...path, file]);
    done.add(file);
  };
  for (const file of imports.keys()) walk(file, []);
  return found;
}

/** Relative imports of every kind: `import`, `import type`, `export from`, `import()` of a literal. */
function importsOf(file: string, source: string): string[] {
  return ts
    .preProcessFile(source, true, false)
    .importedFiles.filter(({ fileName }) => fileName.startsWith("."))
    .map(({ fileName }) => posix.join(posix.dirname(file), fileName));
}

function readImports(): Imports {
  const folders = ["harness", "reference", "bench"].filter((folder) =>
    existsSync(new URL(`../${folder}`, import.meta.url)),
  );
  const files = folders.flatMap((folder) =>
    readdirSync(new URL(`../${folder}`, import.meta.url), { recursive: true, encoding: "utf8" })
      .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
      .filter((file) => file.endsWith(".ts")),
  );
  return new Map(
    files.map((file) => [file, importsOf(file, readFileSync(new URL(`../${file}`, import.meta.url), "utf8"))]),
  );
}

describe("the house", () => {
  const imports = readImports();

  test("no import points down the pipeline", () => {
    expect(imports.size).toBeGreaterThan(SHARED.length);
    expect(objections(imports)).toEqual([]);
  });

  test("no imports form a circle", () => {
    expect(circles(imports)).toEqual([]);
  });
});

describe("its rules", () => {
  test.each([
    ["harness/wire/probe.ts", "harness/checks/verdict.ts", "wire comes before checks"],
    ["harness/grade/grade.ts", "harness/cli/main.ts", "only cli imports cli"],
    ["harness/grade/grade.test.ts", "harness/cli/main.ts", "only cli imports cli"],
    ["bench/speed.ts", "harness/cli/main.ts", "only cli imports cli"],
    ["harness/text.ts", "harness/wire/probe.ts", "harness/text.ts is no stage"],
    ["harness/wire/probe.ts", "harness/utils/list.ts", "harness/utils is no stage"],
    ["harness/wire/probe.ts", "harness/wire/server.test-helper.ts", "only tests import what tests need"],
    ["harness/grade/grade.ts", "reference/tcp-server.ts", "reference/tcp-server.ts is no stage"],
    ["reference/tcp-server.ts", "harness/text.ts", "a reference program stands alone"],
  ])("%s may not import %s", (importer, imported, why) => {
    expect(objection(importer, imported)).toBe(why);
  });

  test.each([
    ["harness/checks/verdict.ts", "harness/wire/transcript.ts"],
    ["harness/wire/probe.ts", "harness/wire/transcript.ts"],
    ["harness/cli/check.ts", "harness/report/terminal.ts"],
    ["harness/assignment/load.ts", "harness/user-error.ts"],
    ["harness/user-error.ts", "harness/text.ts"],
    ["harness/wire/probe.test.ts", "harness/grade/grade.ts"],
    ["harness/cli/main.test.ts", "harness/cli/main.ts"],
  ])("%s may import %s", (importer, imported) => {
    expect(objection(importer, imported)).toBeUndefined();
  });

  test("a circle is found wherever one enters it", () => {
    const imports = new Map([
      ["entry", ["a"]],
      ["a", ["b", "leaf"]],
      ["b", ["leaf", "a"]],
      ["leaf", []],
    ]);
    expect(circles(imports)).toEqual(["a -> b -> a"]);
    imports.set("b", ["leaf"]);
    expect(circles(imports)).toEqual([]);
  });

  test("imports of every kind are seen", () => {
    const source = `
      import { a } from "./a.ts";
      import type { B } from "../b.ts";
      export { c } from "./c/c.ts";
      export type { D } from "./d.ts";
      const e = await import("./e.ts");
      type F = import("./f.ts").F;
      import { execa } from "execa";
      const text = 'import x from "./not-an-import.ts"';`;
    expect(importsOf("harness/wire/probe.ts", source).sort()).toEqual([
      "harness/b.ts",
      "harness/wire/a.ts",
      "harness/wire/c/c.ts",
      "harness/wire/d.ts",
      "harness/wire/e.ts",
      "harness/wire/f.ts",
    ]);
  });
});
