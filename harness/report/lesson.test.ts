import { readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { allMistakes } from "../mistakes/find-mistakes.ts";
import { lessonIndex, lessonPage, terminalLesson } from "./lesson.ts";

const mistakes = await allMistakes();
const folder = new URL("../../docs/mistakes/", import.meta.url);

describe.each(["en", "id"] as const)("the pages in %s", (language) => {
  test("are up to date (mend with: npm run pages)", async () => {
    for (const [id, mistake] of mistakes)
      await expect(lessonPage(id, mistake, language)).toMatchFileSnapshot(`../../docs/mistakes/${language}/${id}.md`);
    await expect(lessonIndex(mistakes, language)).toMatchFileSnapshot(`../../docs/mistakes/${language}/README.md`);
  });

  test("are there for no mistake that is gone", async () => {
    const known = ["README.md", ...[...mistakes.keys()].map((id) => `${id}.md`)];
    const files = await readdir(new URL(`${language}/`, folder));
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => !known.includes(file))).toEqual([]);
  });

  test("are all linked from the index", () => {
    const index = lessonIndex(mistakes, language);
    for (const id of mistakes.keys()) expect(index).toContain(`](${id}.md)`);
  });

  test("say what the terminal says", () => {
    for (const [id, mistake] of mistakes) {
      const lesson = terminalLesson(id, mistake, { language, width: 4000, color: false });
      const page = lessonPage(id, mistake, language).replaceAll(/\\([\\`*_<>[\]])/g, "$1");
      const told = [mistake, mistake.inClient ?? {}, mistake.inUdp ?? {}, mistake.inUdpClient ?? {}];
      for (const words of told.flatMap(({ title, explanation, lookUp }) => [title, explanation, lookUp])) {
        if (!words) continue;
        expect(lesson).toContain(words[language]);
        expect(page).toContain(words[language]);
      }
      for (const fragment of told.flatMap(({ wrong, repair }) => [wrong, repair])) {
        for (const code of fragment ? [fragment.python, fragment.typescript] : []) {
          expect(lesson).toContain(code.replaceAll(/^/gm, "    "));
          expect(lessonPage(id, mistake, language)).toContain(`\n${code}\n\`\`\``);
        }
      }
    }
  });
});

test("a lesson fits a terminal", () => {
  for (const [id, mistake] of mistakes) {
    const words = terminalLesson(id, mistake, { language: "id", width: 80, color: false }).split("\n");
    for (const line of words.filter((line) => !line.startsWith("    "))) expect(line.length).toBeLessThanOrEqual(80);
  }
});

test("no sentence becomes markup", () => {
  const [[id, first] = []] = mistakes;
  const title = { en: "a <b>* `_ [x]", id: "" };
  expect(lessonPage(id ?? "", { ...first, title } as never, "en")).toMatch(/^# a \\<b\\>\\\* \\`\\_ \\\[x\\\]\n/);
});
