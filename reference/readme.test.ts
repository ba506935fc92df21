import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");
const sources = read("tcp-server.ts") + read("tcp-client.ts");

/** The second column of the table: what the README says is in the programs. */
const quoted = read("README.md")
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .flatMap((line) => [...(line.split(" | ")[1] ?? "").matchAll(/`([^`]+)`/g)])
  .map(([, code = ""]) => code.replace(/,? ?…\)$/, ""));

test("the table quotes the programs", () => {
  expect(quoted.length).toBeGreaterThan(10);
});

test.each(quoted)("%s is in a reference program", (code) => {
  expect(sources.includes(code)).toBe(true);
});
