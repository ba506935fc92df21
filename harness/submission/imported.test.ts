import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { importedFiles } from "./imported.ts";

async function importedBy(entry: string, files: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "gema-imported-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, contents] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), contents);
  }
  const found = await importedFiles(folder, join(folder, entry));
  return found.map((path) => path.slice(folder.length + 1)).sort();
}

describe("what a program is made of", () => {
  test.each([
    ["import socket, a, b as c", ["a.py", "b.py"]],
    ["from a import x", ["a.py"]],
    ["from package import member, other", ["package/__init__.py", "package/member.py"]],
    ["from . import a", ["a.py"]],
    ["from .package.member import (x,\n  y)", ["package/member.py"]],
    ["if True:\n    import package.member", ["package/member.py"]],
    ["# import a\nprint('import b')", []],
    ["import circle", ["circle.py"]],
  ])("in Python: %j", async (source, expected) => {
    const files = { "a.py": "", "b.py": "", "circle.py": "import main, circle\n", "package/__init__.py": "" };
    const found = await importedBy("main.py", { ...files, "package/member.py": "", "main.py": source });
    expect(found).toEqual([...expected, "main.py"].sort());
  });

  test.each([
    [`import { a } from "./a.js";`, ["a.ts"]],
    [`import "./lib";\nimport net from "node:net";`, ["lib/index.ts"]],
    [`export * from './b'`, ["b.js"]],
    [`const b = require("./b"); const data = await import("./data.json");`, ["b.js", "data.json"]],
  ])("in TypeScript: %j", async (source, expected) => {
    const files = { "a.ts": "", "b.js": "", "lib/index.ts": "", "data.json": "{}" };
    expect(await importedBy("main.ts", { ...files, "main.ts": source })).toEqual([...expected, "main.ts"].sort());
  });
});
