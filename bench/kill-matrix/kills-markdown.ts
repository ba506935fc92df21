import { idOf, killsOf, NEVER_FIRST, reliable } from "./breaches.ts";
import type { Graded } from "./grade-fixtures.ts";
import { code, table } from "./markdown.ts";

const INTRO = `# The kill matrix

Every fixture against every check that applies to it; \`npm run kills\` writes this file. A failed check is **bold** where
it must pass, plain where it should, in (parentheses) where it is for information only. Named is what the report leads
with, in (parentheses) where it is advice.`;

const CHECKS_INTRO = `## Which check rejects what

For each check the fixtures that fail it alone, and those that fail it first of several. A check that comes first nowhere
says after which fixtures' other failures it comes, and why.`;

/** The matrix as Markdown: the same matrix gives the same text. */
export function killsMarkdown(matrix: readonly Graded[], checks: Iterable<string>): string {
  const classes = [...new Set(matrix.map(({ fixture }) => fixture.class))];
  const tables = classes.map((name) => classTable(name, matrix));
  return `${[INTRO, ...tables, checkTable(matrix, [...checks].sort())].join("\n\n")}\n`;
}

function classTable(name: string, matrix: readonly Graded[]): string {
  const rows = matrix
    .filter(({ fixture }) => fixture.class === name)
    .map((graded) => [code(graded.fixture.name), graded.fixture.header.kind, failures(graded), named(graded)]);
  return `## ${name}\n\n${table(["fixture", "kind", "fails", "named"], rows)}`;
}

function failures(graded: Graded): string {
  return reliable(graded)
    .filter(({ verdict }) => verdict === "fail")
    .map(({ check, level }) => (level === "must" ? `**${check}**` : level === "info" ? `(${check})` : check))
    .join(", ");
}

function named({ mistakes: [mistake], advice: [advice] }: Graded): string {
  return mistake ?? (advice === undefined ? "" : `(${advice})`);
}

function checkTable(matrix: readonly Graded[], checks: readonly string[]): string {
  const rows = checks.map((check) => {
    const kills = killsOf(check, matrix);
    const ids = (how: string): string =>
      kills
        .filter((kill) => kill.how === how)
        .map(({ graded }) => code(idOf(graded)))
        .join(", ");
    const reason = NEVER_FIRST.get(check);
    return [check, ids("alone"), ids("first"), reason ? `${reason} ${ids("later")}` : ""];
  });
  return `${CHECKS_INTRO}\n\n${table(["check", "alone", "first", "never first"], rows)}`;
}
