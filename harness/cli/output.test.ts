import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { languageGiven, preferredLanguage, styleFor, writeWhole } from "./output.ts";

describe("the language", () => {
  test.each([
    [{}, "en"],
    [{ LANG: "id_ID.UTF-8" }, "id"],
    [{ LANG: "id" }, "id"],
    [{ LANG: "id_ID.UTF-8", LC_ALL: "C" }, "en"],
    [{ LANG: "en_US.UTF-8", LC_MESSAGES: "id_ID" }, "id"],
    [{ LANG: "idx_XX" }, "en"],
  ])("%j: %s", (environment, language) => {
    expect(preferredLanguage(environment)).toBe(language);
  });
});

test.each([
  [["check", "--lang", "id"], "id"],
  [["--help", "--lang=en"], "en"],
  [["check", "--lang", "fr"], undefined],
  [["check", "x--lang id"], undefined],
  [["--lang"], undefined],
])("the language given in %j: %s", (args, language) => {
  expect(languageGiven(args)).toBe(language);
});

describe("the style", () => {
  const terminal = { isTTY: true, columns: 72 };

  test("of a terminal has its width and colours, of a pipe 80 columns and none", () => {
    expect(styleFor(terminal, "en", {})).toEqual({ language: "en", width: 72, color: true });
    expect(styleFor({}, "id", {})).toEqual({ language: "id", width: 80, color: false });
  });

  test("stays readable in a narrow and in a wide window", () => {
    expect(styleFor({ columns: 10 }, "en", {}).width).toBe(40);
    expect(styleFor({ columns: 0 }, "en", {}).width).toBe(40);
    expect(styleFor({ columns: 300 }, "en", {}).width).toBe(100);
  });

  test.each([
    [{ NO_COLOR: "1" }, false],
    [{ NO_COLOR: "" }, true],
    [{ TERM: "dumb" }, false],
    [{ FORCE_COLOR: "0" }, false],
    [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false],
  ])("%j: colour %s", (environment, color) => {
    expect(styleFor(terminal, "en", environment).color).toBe(color);
  });
});

test.runIf(process.platform === "linux")("where the working directory was removed nothing is written", async () => {
  const [before, removed] = [process.cwd(), await mkdtemp(join(tmpdir(), "gema-removed-"))];
  try {
    process.chdir(removed);
    await rm(removed, { recursive: true });
    await expect(writeWhole("out/submissions/a.txt", "a")).rejects.toMatchObject({ code: "cannot-write" });
  } finally {
    process.chdir(before);
    await rm(removed, { recursive: true, force: true });
  }
});
