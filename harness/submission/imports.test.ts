import { describe, expect, test } from "vitest";
import { importedNames, runsByItself } from "./imports.ts";

describe("a source that was written to be read for long", () => {
  const KIB_256 = 1 << 18;
  test.each([
    ["a.py", "from ", "."],
    ["a.js", "import", " "],
    ["a.js", "const a = ", "a"],
    ["a.ts", "const ", "a"],
  ])("%s: %j and then %j is read at once", (file, begin, part) => {
    const source = begin + part.repeat(KIB_256);
    const start = performance.now();
    expect(importedNames(file, source)).toEqual([]);
    expect(runsByItself(source)).toBe(false);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});
