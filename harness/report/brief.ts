import type { CheckResult } from "../checks/verdict.ts";
import { type CheckInRun, checksOf, failures } from "../grade/failures.ts";
import type { SubmissionResult } from "../grade/result.ts";
import type { Text } from "../text.ts";
import { checkStory, HEADINGS } from "./check-story.ts";
import { defuse, harmless } from "./harmless.ts";
import { findingOf, headline, unsure } from "./story.ts";
import { markOf, paint, type TerminalStyle, wrap } from "./style.ts";
import { totalLine } from "./terminal.ts";

/**
 * A result for somebody who has just changed a line, and was told which checks fail: the mistake, and what was seen of the
 * first failure. Ends with a newline.
 */
export function renderBrief(result: SubmissionResult, style: TerminalStyle): string {
  const { language, width } = style;
  const { symbol, format } = markOf(result.verdict);
  const [first] = [...failures(result), ...unsure(result)];
  const skipped = checksOf(result).filter(({ check }) => check.verdict === "skipped" && !check.excused).length;
  const lines = [
    ...wrap(headline(result, language), width, `${symbol} `, "  ").map((line) =>
      paint(style, ["bold", ...[format].flat()], line),
    ),
    ...(first ? seen(result, first, style) : []),
    ...(skipped > 0 ? [paint(style, "dim", `  - ${SKIPPED[language](skipped)}`)] : []),
    ...totalLine(result, style),
  ];
  return `${lines.map(defuse).join("\n")}\n`;
}

/** The conversation behind a failure, and the bytes that differ. Ends with a newline. */
export function renderDiagram(result: SubmissionResult, failure: CheckInRun, style: TerminalStyle): string {
  const { language } = style;
  const { bytes, conversation, byHand } = checkStory(result, failure, style);
  const sections: [Text, readonly string[]][] = [
    [HEADINGS.bytes, bytes],
    [HEADINGS.conversation, conversation],
    [HEADINGS.byHand, byHand],
  ];
  const lines = [
    ...checkLine(failure.check, style),
    ...sections.flatMap(([heading, body]) =>
      body.length === 0 ? [] : ["", paint(style, "underline", `  ${heading[language]}`), ...body],
    ),
  ];
  return `${lines.map(defuse).join("\n")}\n`;
}

/** One check and its verdict, on a line or two. */
export function checkLine(
  { title, verdict, level }: Pick<CheckResult, "title" | "verdict" | "level">,
  style: TerminalStyle,
): string[] {
  const { symbol, word, format } = markOf(verdict, level);
  const words = `${word[style.language]}: ${harmless(title[style.language])}`;
  return wrap(words, style.width, `  ${symbol} `, "    ").map((line) => paint(style, format, line));
}

function seen(result: SubmissionResult, failure: CheckInRun, style: TerminalStyle): string[] {
  const { language, width } = style;
  const finding = findingOf(failure.check);
  const rows: [Text, string | undefined][] = [
    [HEADINGS.expected, finding?.expected[language]],
    [HEADINGS.observed, finding?.observed[language]],
  ];
  const told = rows.flatMap(([label, text]) =>
    text === undefined ? [] : wrap(harmless(text), width, `  ${label[language].padEnd(8)}  `, " ".repeat(12)),
  );
  return [...told, ...checkStory(result, failure, style).lastWords];
}

const SKIPPED = {
  en: (count: number) => `${count} could not be tried`,
  id: (count: number) => `${count} belum bisa diuji`,
};
