import { nearest } from "../assignment/nearest.ts";
import { allChecks } from "../checks/all-checks.ts";
import type { Check } from "../checks/check.ts";
import { allMistakes } from "../mistakes/find-mistakes.ts";
import type { Mistake } from "../mistakes/mistake.ts";
import { terminalLesson } from "../report/lesson.ts";
import { paint, type TerminalStyle, wrap } from "../report/style.ts";
import type { Language, Text } from "../text.ts";
import { UserError } from "../user-error.ts";
import { styleFor } from "./output.ts";

/** `gema explain`: the lesson behind a mistake or a check; without an id, the mistakes there are. */
export async function explain(id: string | undefined, options: { lang?: Language }): Promise<void> {
  const style = styleFor(process.stdout, options.lang);
  const [checks, mistakes] = await Promise.all([allChecks(), allMistakes()]);
  process.stdout.write(`${id === undefined ? contents(mistakes, style) : lessons(id, checks, mistakes, style)}\n`);
}

/** @throws UserError when neither a check nor a mistake has this id, or this name */
export function lessons(
  id: string,
  checks: ReadonlyMap<string, Check>,
  mistakes: ReadonlyMap<string, Mistake>,
  style: TerminalStyle,
): string {
  const mistake = mistakes.get(id);
  const found = checks.has(id) ? [id] : [...checks.keys()].filter((known) => known.endsWith(`/${id}`));
  const told = [
    ...(mistake ? [terminalLesson(id, mistake, style)] : []),
    ...found.flatMap((known) => checkLesson(known, checks.get(known), style) ?? []),
  ];
  if (told.length === 0) throw unknown(id, [...mistakes.keys(), ...checks.keys()]);
  return told.join("\n\n");
}

function contents(mistakes: ReadonlyMap<string, Mistake>, style: TerminalStyle): string {
  const { language, width } = style;
  const sorted = [...mistakes].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted
    .flatMap(([id, { title }]) => [paint(style, "bold", id), ...wrap(title[language], width, "  ")])
    .join("\n");
}

function checkLesson(id: string, check: Check | undefined, style: TerminalStyle): string | undefined {
  if (!check) return undefined;
  const { language, width } = style;
  const cites = check.cites.flatMap(({ source, quote }) => wrap(`${source}: "${quote}"`, width, "  "));
  return [
    paint(style, "bold", id),
    ...wrap(check.title[language], width),
    "",
    ...wrap(check.why[language], width),
    "",
    ...cites,
  ].join("\n");
}

function unknown(id: string, known: readonly string[]): UserError {
  const names = known.map((one) => one.split("/").at(-1) ?? one);
  const likely = nearest(id, [...names, ...known]);
  const near = [...new Set([...(likely ? [likely] : []), ...known.filter((one) => one.includes(id))])].slice(0, 5);
  const hint: Text = {
    en: near.length > 0 ? `Did you mean ${near.join(", ")}? ` : "",
    id: near.length > 0 ? `Maksud Anda ${near.join(", ")}? ` : "",
  };
  return new UserError({
    code: "unknown-id",
    what: { en: `There is no check or mistake "${id}".`, id: `Tidak ada pemeriksaan atau kesalahan "${id}".` },
    help: {
      en: `${hint.en}gema list shows the checks, gema explain the mistakes.`,
      id: `${hint.id}gema list menampilkan pemeriksaan, gema explain menampilkan kesalahan.`,
    },
  });
}
