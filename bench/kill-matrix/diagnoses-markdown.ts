import { idOf, NAMED_OTHERWISE } from "./breaches.ts";
import type { Graded } from "./grade-fixtures.ts";
import { code, table } from "./markdown.ts";

const INTRO = `# Which mistake is named

For every fixture the mistake that its header says it makes, and the one that the report leads with; \`npm run kills\` writes
this file.`;

/** The mistakes that were made against those that were named, as Markdown: the same matrix gives the same text. */
export function diagnosesMarkdown(matrix: readonly Graded[]): string {
  const made = matrix.filter(({ fixture }) => fixture.header.kind === "mistake");
  const correct = matrix.filter(({ fixture }) => fixture.header.kind === "correct");
  return `${[INTRO, ...mistakesPart(made), ...correctPart(correct)].join("\n\n")}\n`;
}

function mistakesPart(made: readonly Graded[]): string[] {
  const right = made.filter(isRight);
  const ids = [...new Set(made.map(mistakeOf))].sort();
  const rows = ids.map((id) => {
    const those = made.filter((graded) => mistakeOf(graded) === id);
    const [named, otherwise] = [those.filter(isRight), those.filter((graded) => !isRight(graded))];
    return [id, named.map(fixtureOf).join(", "), otherwise.map(fixtureAndName).join(", ")];
  });
  const wrong = made.filter((graded) => !isRight(graded));
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

function correctPart(correct: readonly Graded[]): string[] {
  const named = correct.filter(({ named }) => named !== undefined);
  return [
    "## Correct programs",
    `${correct.length - named.length} of ${correct.length} are given no name. The others pass, with a warning that has one.`,
    ...(named.length > 0
      ? [
          table(
            ["fixture", "warned of"],
            named.map((graded) => [fixtureOf(graded), graded.named ?? ""]),
          ),
        ]
      : []),
  ];
}

const UNNAMED = "unnamed";

function mistakeOf({ fixture: { header } }: Graded): string {
  return (header.kind === "mistake" && header.mistake) || UNNAMED;
}

function isRight(graded: Graded): boolean {
  return (graded.named ?? UNNAMED) === mistakeOf(graded);
}

function fixtureOf(graded: Graded): string {
  return code(idOf(graded));
}

function fixtureAndName(graded: Graded): string {
  return `${fixtureOf(graded)} (${graded.named ?? "none"})`;
}
