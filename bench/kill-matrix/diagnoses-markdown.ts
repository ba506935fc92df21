import { idOf, isNamedRight, NAMED_OTHERWISE, namedIn } from "./breaches.ts";
import type { Graded } from "./grade-fixtures.ts";
import { code, table } from "./markdown.ts";

const INTRO = `# Which mistake is named

For every fixture the mistake that its header says it makes, and the one that the report leads with; \`npm run kills\` writes
this file. What explains warnings alone is advice and no mistake: it stands in (parentheses).`;

/** The mistakes that were made against those that were named, as Markdown: the same matrix gives the same text. */
export function diagnosesMarkdown(matrix: readonly Graded[]): string {
  const made = matrix.filter(({ fixture }) => fixture.header.kind === "mistake");
  const several = made.filter((graded) => mistakesOf(graded).length > 1);
  const correct = matrix.filter(({ fixture }) => fixture.header.kind === "correct");
  const parts = [
    ...mistakesPart(made.filter((graded) => !several.includes(graded))),
    ...severalPart(several),
    ...correctPart(correct),
  ];
  return `${[INTRO, ...parts].join("\n\n")}\n`;
}

function mistakesPart(made: readonly Graded[]): string[] {
  const right = made.filter(isNamedRight);
  const ids = [...new Set(made.map(mistakeOf))].sort();
  const rows = ids.map((id) => {
    const those = made.filter((graded) => mistakeOf(graded) === id);
    const [named, otherwise] = [those.filter(isNamedRight), those.filter((graded) => !isNamedRight(graded))];
    return [id, named.map(asMistakeOrAdvice).join(", "), otherwise.map(fixtureAndName).join(", ")];
  });
  const wrong = made.filter((graded) => !isNamedRight(graded));
  const reasons = wrong.map(
    (graded) => `- ${fixtureAndName(graded)}: ${NAMED_OTHERWISE.get(idOf(graded)) ?? "a fault"}`,
  );
  return [
    "## Programs with a mistake",
    `${right.length} of ${made.length} are given the right name. \`${UNNAMED}\`: the mistake has no name, and none is given.`,
    table(["mistake", "named so", "named otherwise"], rows),
    ...(reasons.length > 0 ? ["Why those cannot be told from outside:", reasons.join("\n")] : []),
  ];
}

function severalPart(made: readonly Graded[]): string[] {
  const right = made.filter(isNamedRight);
  const rows = made.map((graded) => [
    fixtureOf(graded),
    mistakesOf(graded).join(", "),
    [...graded.mistakes, ...graded.advice.map(inParentheses)].join(", "),
  ]);
  return [
    "## Programs with two mistakes",
    `In ${right.length} of ${made.length} both mistakes are named, the one that explains more first, and no third.`,
    ...(rows.length > 0 ? [table(["fixture", "makes", "named, in the order of the report"], rows)] : []),
  ];
}

function correctPart(correct: readonly Graded[]): string[] {
  const accused = correct.filter(({ mistakes }) => mistakes.length > 0);
  const advised = correct.filter(({ advice }) => advice.length > 0);
  return [
    "## Correct programs",
    `${correct.length - accused.length} of ${correct.length} are given no mistake. ${advised.length} are given advice.`,
    ...(advised.length > 0
      ? [
          table(
            ["fixture", "advice"],
            advised.map((graded) => [fixtureOf(graded), graded.advice.join(", ")]),
          ),
        ]
      : []),
  ];
}

const UNNAMED = "unnamed";

function mistakesOf({ fixture: { header } }: Graded): readonly string[] {
  return header.kind === "mistake" ? header.mistakes : [];
}

function mistakeOf(graded: Graded): string {
  return mistakesOf(graded)[0] ?? UNNAMED;
}

function fixtureOf(graded: Graded): string {
  return code(idOf(graded));
}

function asMistakeOrAdvice(graded: Graded): string {
  const isAdvice = graded.mistakes.length === 0 && graded.advice.length > 0;
  return isAdvice ? inParentheses(fixtureOf(graded)) : fixtureOf(graded);
}

function fixtureAndName(graded: Graded): string {
  return `${fixtureOf(graded)} (${namedIn(graded)[0] ?? "none"})`;
}

function inParentheses(text: string): string {
  return `(${text})`;
}
