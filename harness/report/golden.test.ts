import { readdirSync, readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { allChecks } from "../checks/all-checks.ts";
import { decodeEvidence, resultOf } from "../grade/evidence.ts";
import { rejudgeResult } from "../grade/rejudge.ts";
import { allMistakes } from "../mistakes/find-mistakes.ts";
import { renderSubmission } from "./terminal.ts";

/** Evidence of failures as `gema check --evidence` wrote it, and beside it what a student sees of each. */
const FOLDER = new URL("../../fixtures/failures/", import.meta.url);
const ENDING = ".evidence.json";
const names = readdirSync(FOLDER).flatMap((file) => (file.endsWith(ENDING) ? [file.slice(0, -ENDING.length)] : []));
const [checks, mistakes] = await Promise.all([allChecks(), allMistakes()]);

function shown(name: string, language: "en" | "id", color: boolean): string {
  const file = `${name}${ENDING}`;
  const stored = resultOf(decodeEvidence(readFileSync(new URL(file, FOLDER), "utf8"), file));
  const result = rejudgeResult(stored, checks, mistakes);
  return renderSubmission(result, { language, width: 80, color, explain: ({ id }) => mistakes.get(id) });
}

test("there are failures of servers and clients, in Python and TypeScript, under both contracts", () => {
  expect(names).toHaveLength(12);
  const texts = names.map((name) => readFileSync(new URL(`${name}${ENDING}`, FOLDER), "utf8"));
  for (const words of ["server.py", "client.py", "server.ts", "client.ts", '"one-shot"', '"stream"'])
    expect(texts.some((text) => text.includes(words))).toBe(true);
});

describe.each(names)("what a student sees of %s (mend with: npm run golden)", (name) => {
  test.each(["en", "id"] as const)("in %s", async (language) => {
    const plain = shown(name, language, false);
    const coloured = shown(name, language, true);
    await expect(plain).toMatchFileSnapshot(`../../fixtures/failures/${name}.${language}.txt`);
    await expect(coloured).toMatchFileSnapshot(`../../fixtures/failures/${name}.${language}.ansi`);
    expect(coloured).not.toBe(plain);
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });

  test("names the cause for which the file is named", () => {
    const [title = ""] = shown(name, "en", false).split("\n\n");
    const mistake = mistakes.get(name);
    expect(title.replaceAll(/\s+/g, " ")).toContain(mistake ? `✗ ${mistake.title.en}` : "The program waits");
  });

  test("fits 80 columns; only commands may be wider", () => {
    for (const language of ["en", "id"] as const) {
      const wide = shown(name, language, false)
        .split("\n")
        .filter((line) => stringWidth(line) > 80);
      for (const line of wide) expect(line).toMatch(/^ {2,}(gema |\/usr\/bin\/(python3|node) )/);
    }
  });
});
