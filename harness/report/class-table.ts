import type { SubmissionResult } from "../grade/result.ts";
import type { Text } from "../text.ts";
import { defuse, harmless } from "./harmless.ts";
import { headline } from "./story.ts";
import { columns, cut, markOf, pad, paint, points, type TerminalStyle } from "./style.ts";

/** Many submissions, one line each: name, points, verdict and the leading mistake. Ends with a newline. */
export function renderClassTable(results: readonly SubmissionResult[], style: TerminalStyle): string {
  const { language } = style;
  const names = results.map(({ submission }) => harmless(submission));
  const columns = columnWidths(names, results, style);
  const heads = [NAME, POINTS, VERDICT, MISTAKE].map((head) => head[language]);
  const rows = results.map((result, i) => {
    const { symbol, word, format } = markOf(result.verdict);
    const cells = [names[i] ?? "", score(result), `${symbol} ${word[language]}`, leading(result, style)];
    return paint(style, format, row(cells, columns));
  });
  return `${[paint(style, "bold", row(heads, columns)), ...rows, "", summary(results, style)].map(defuse).join("\n")}\n`;
}

/** One submission in one line, for a run in progress; no newline. */
export function renderLine(result: SubmissionResult, style: TerminalStyle): string {
  const { symbol, word, format } = markOf(result.verdict);
  const name = pad(harmless(result.submission), Math.min(24, Math.floor(style.width / 3)));
  const why = result.verdict === "pass" ? "" : `: ${headline(result, style.language)}`;
  const line = `${symbol} ${name} ${score(result)} ${word[style.language]}${why}`;
  return defuse(paint(style, format, cut(line, style.width)));
}

function leading(result: SubmissionResult, { language }: TerminalStyle): string {
  if (result.verdict === "pass") return "";
  return harmless(result.mistakes[0]?.title[language] ?? headline(result, language));
}

function score({ earned, points: of }: SubmissionResult): string {
  return `${points(earned)}/${points(of)}`;
}

function columnWidths(
  names: readonly string[],
  results: readonly SubmissionResult[],
  { language, width }: TerminalStyle,
) {
  const widest = (texts: readonly string[], most: number) =>
    Math.min(most, Math.max(...texts.map((text) => columns(text))));
  const name = widest([NAME[language], ...names], Math.floor(width / 3));
  const pointsWidth = widest([POINTS[language], ...results.map(score)], 12);
  const words = results.map(({ verdict }) => `? ${markOf(verdict).word[language]}`);
  const verdict = widest([VERDICT[language], ...words], width < 60 ? 10 : 20);
  return [name, pointsWidth, verdict, Math.max(0, width - 2 - name - pointsWidth - verdict - 6)];
}

/** Indented: a line may not begin with a name that a student chose. */
function row(cells: readonly string[], widths: readonly number[]): string {
  const fitted = cells.map((cell, i) => ((widths[i] ?? 0) > 0 ? pad(cell, widths[i] ?? 0) : ""));
  return `  ${fitted.join("  ")}`.trimEnd();
}

function summary(results: readonly SubmissionResult[], { language, width }: TerminalStyle): string {
  const passed = results.filter(({ verdict }) => verdict === "pass").length;
  const review = results.filter(({ needsReview }) => needsReview).length;
  return cut(SUMMARY[language](passed, results.length, review), width);
}

const NAME: Text = { en: "Submission", id: "Tugas" };
const POINTS: Text = { en: "Points", id: "Poin" };
const VERDICT: Text = { en: "Verdict", id: "Hasil" };
const MISTAKE: Text = { en: "Leading mistake", id: "Kesalahan utama" };
const SUMMARY = {
  en: (passed: number, of: number, review: number) => `${passed} of ${of} passed, ${review} for a person to look at`,
  id: (passed: number, of: number, review: number) => `${passed} dari ${of} lulus, ${review} perlu dilihat pengajar`,
};
