import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { ownModules } from "./own-modules.ts";

test("a folder of modules is read the same way after it was compiled", async () => {
  const folder = await mkdtemp(join(tmpdir(), "gema-modules-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const others = ["one.d.ts", "one.js.map", "one.test.ts"];
  await Promise.all(others.map((name) => writeFile(join(folder, name), "throw new Error()")));
  await writeFile(join(folder, "two.js"), "export const part = 2;");
  await writeFile(join(folder, "one.js"), "export const part = 1;");
  const modules = await ownModules(pathToFileURL(folder).href);
  expect([...modules].map(([name, module]) => [name, { ...module }])).toEqual([
    ["one", { part: 1 }],
    ["two", { part: 2 }],
  ]);
});
