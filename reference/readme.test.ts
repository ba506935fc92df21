import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const at = (name: string) => new URL(name, import.meta.url);
const read = (name: string) => readFileSync(at(name), "utf8");
const README = read("README.md");

interface Citation {
  readonly file: string;
  readonly line: number;
  readonly linked: string;
  readonly code: string;
}

/** The lines of the programs that a README quotes: `[file:line](file#Lline) `code``. */
function citationsIn(readme: string): Citation[] {
  return [...readme.matchAll(/^- \[(\S+):(\d+)\]\((\S+)\) `(.*)`$/gm)].map(
    ([, file = "", line = "", linked = "", code = ""]) => ({ file, line: Number(line), linked, code }),
  );
}

function checksIn(readme: string): string[] {
  return [...readme.matchAll(/`((?:tcp-server|tcp-client|udp-server|pair)\/[a-z-]+)`/g)].map(([, id = ""]) => id);
}

test("both languages have the same slides, lines and checks", () => {
  const other = read("README.id.md");
  const slides = (readme: string) => [...readme.matchAll(/^## (.*)$/gm)].map(([, slide]) => slide);
  expect(slides(README)).toHaveLength(12);
  expect(slides(other)).toEqual(slides(README));
  expect(citationsIn(other)).toEqual(citationsIn(README));
  expect(checksIn(other)).toEqual(checksIn(README));
});

describe("the lines that show an idea", () => {
  const citations = citationsIn(README);

  test("are many, of several programs", () => {
    expect(citations.length).toBeGreaterThan(25);
    expect(new Set(citations.map(({ file }) => file))).toEqual(
      new Set(["tcp-server.ts", "tcp-client.ts", "udp-server.ts"]),
    );
  });

  test.each(citations)("$file:$line has $code", ({ file, line, linked, code }) => {
    expect(linked).toBe(`${file}#L${line}`);
    expect(read(file).split("\n")[line - 1]).toContain(code);
  });
});

test.each([...new Set(checksIn(README))])("there is a check %s", (id) => {
  expect(existsSync(at(`../harness/checks/${id}.ts`))).toBe(true);
});
