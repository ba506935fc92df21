import { EXPLORATION } from "../checks/conversation-plan.ts";
import type { CheckResult } from "../checks/verdict.ts";
import { type CheckInRun, causeOf, failures } from "../grade/failures.ts";
import type { SubmissionResult } from "../grade/result.ts";
import type { Text } from "../text.ts";
import { shellWord } from "./by-hand.ts";
import { placeWords } from "./call-words.ts";
import { checkStory, HEADINGS } from "./check-story.ts";
import { defuse, harmless, harmlessLines } from "./harmless.ts";
import { causeHeading, ISOLATION } from "./report-words.ts";
import { requirementTree } from "./requirement-tree.ts";
import { type Explain, findingOf, headline, leadingCause, remarks, unsure } from "./story.ts";
import { markOf, paint, points, type TerminalStyle, wrap } from "./style.ts";

export interface TerminalOptions extends TerminalStyle {
  /** Shows the checks of requirements that passed, and the evidence of what could not be told, too. */
  readonly verbose?: boolean;
  readonly explain?: Explain;
  /** The assignment as it was given, for the command that runs a check again; left out for the usual one. */
  readonly assignment?: string;
}

/**
 * One submission for a person at a terminal: what matters most, the requirements, then each failed check with
 * its evidence. Ends with a newline. Commands to copy are the only lines that may be wider than `width`.
 */
export function renderSubmission(result: SubmissionResult, options: TerminalOptions): string {
  const lines = [
    ...title(result, options),
    "",
    ...requirementTree(result, options),
    ...notes(result, options),
    ...told(result, options).flatMap((failure) => ["", ...failureBlock(result, failure, options)]),
    "",
    ...total(result, options),
  ];
  return `${lines.map(defuse).join("\n")}\n`;
}

/** One failure for each cause is enough to understand it; all of them, and what could not be told, when asked. */
function told(result: SubmissionResult, { verbose }: TerminalOptions): CheckInRun[] {
  if (verbose) return [...failures(result), ...unsure(result)];
  return failures(result).filter((failure) => sameCause(result, failure)[0] === failure.check);
}

/** The failed checks that what is behind this failure explains; only itself where nothing is named. */
function sameCause(result: SubmissionResult, failure: CheckInRun): CheckResult[] {
  const cause = causeOf(result, failure);
  if (!cause) return [failure.check];
  return failures(result).flatMap((other) => (causeOf(result, other) === cause ? other.check : []));
}

function title(result: SubmissionResult, style: TerminalOptions): string[] {
  const { language, width } = style;
  const { symbol, format } = markOf(result.verdict);
  const sentence = wrap(headline(result, language), width, `${symbol} `, "  ");
  const place = leadingCause(result)?.place;
  return [
    ...sentence.map((line) => paint(style, ["bold", ...[format].flat()], line)),
    ...(place ? wrap(harmless(`${HEADINGS.place[language]}: ${placeWords(place)}`), width, "  ") : []),
    ...explanation(result, style),
  ];
}

function explanation(result: SubmissionResult, { language, width, explain }: TerminalOptions): string[] {
  const cause = leadingCause(result);
  const more = cause && explain?.(cause);
  if (!more) return [];
  const file = result.programs.find((run) => run.program === cause.program)?.file ?? "";
  const repair = file.endsWith(".py") ? more.repair.python : more.repair.typescript;
  return [
    ...wrap(more.explanation[language], width, "  "),
    ...wrap(`${HEADINGS.lookUp[language]}: ${more.lookUp[language]}`, width, "  ", "    "),
    "",
    ...harmlessLines(repair.trimEnd()).map((line) => `    ${line}`),
  ];
}

function notes(result: SubmissionResult, style: TerminalOptions): string[] {
  const label = markOf("fail", "info").word[style.language];
  return remarks(result, style.language).flatMap((note) =>
    wrap(note, style.width, `  ${label}: `, "    ").map((line) => paint(style, "dim", line)),
  );
}

function failureBlock(result: SubmissionResult, failure: CheckInRun, style: TerminalOptions): string[] {
  const { language, width } = style;
  const { symbol, word, format } = markOf(failure.check.verdict, failure.check.level);
  const heading = wrap(`${word[language]}: ${harmless(failure.check.title[language])}`, width, `${symbol} `, "  ");
  const story = checkStory(result, failure, { language, width });
  return [
    ...heading.map((line) => paint(style, ["bold", ...[format].flat()], line)),
    paint(style, "dim", `  ${failure.check.check}`),
    ...findingLines(result, failure, style),
    ...alsoExplained(result, failure, style),
    ...section(HEADINGS.bytes, story.bytes, style),
    ...section(HEADINGS.conversation, story.conversation, style),
    ...section(HEADINGS.lastWords, story.lastWords, style),
    ...section(HEADINGS.byHand, story.byHand, style),
  ];
}

function alsoExplained(result: SubmissionResult, failure: CheckInRun, style: TerminalOptions): string[] {
  const others = sameCause(result, failure).filter((check) => check !== failure.check);
  if (style.verbose || others.length === 0) return [];
  const names = others.map(({ check }) => check.slice(check.indexOf("/") + 1)).join(", ");
  return wrap(`${SAME_CAUSE[style.language]}: ${names} (--verbose)`, style.width, "  ", "    ");
}

function findingLines(result: SubmissionResult, failure: CheckInRun, { language, width }: TerminalOptions): string[] {
  const finding = findingOf(failure.check);
  const cause = causeOf(result, failure);
  const leads = cause !== undefined && cause === leadingCause(result);
  const rows: [Text, string | undefined][] = [
    [HEADINGS.expected, finding?.expected[language]],
    [HEADINGS.observed, finding?.observed[language]],
    [
      causeHeading(result, failure),
      cause && (leads ? `${cause.id}, ${ABOVE[language]}` : `${cause.title[language]} (${cause.id})`),
    ],
    [HEADINGS.place, cause?.place && placeWords(cause.place)],
  ];
  return rows.flatMap(([label, text]) =>
    text === undefined ? [] : wrap(harmless(text), width, `  ${label[language].padEnd(8)}  `, " ".repeat(12)),
  );
}

function section(heading: Text, lines: readonly string[], style: TerminalOptions): string[] {
  return lines.length === 0 ? [] : ["", paint(style, "underline", `  ${heading[style.language]}`).trimEnd(), ...lines];
}

function total(result: SubmissionResult, style: TerminalOptions): string[] {
  const [first] = failures(result);
  return [...totalLine(result, style), ...again(result, first?.check, style)];
}

/** Points, seed and isolation. */
export function totalLine(result: SubmissionResult, style: TerminalStyle): string[] {
  const { language, width } = style;
  const parts = [
    TOTAL[language](points(result.earned), points(result.points)),
    `seed ${result.seed}`,
    ISOLATION[result.isolation][language],
    ...(result.needsReview ? [NEEDS_REVIEW[language]] : []),
  ];
  return wrap(parts.join(" · "), width).map((line) => paint(style, "bold", line));
}

/** How to run one check once more; broken at a place where the shell allows it. */
function again(
  result: SubmissionResult,
  check: CheckResult | undefined,
  { language, width, assignment }: TerminalOptions,
): string[] {
  if (!check) return [];
  const asked = assignment === undefined ? "" : ` --assignment ${shellWord(assignment)}`;
  const command = `gema check ${shellWord(result.path)}${asked}`;
  const seconds = check.check === EXPLORATION ? result.assignment.limits.exploreSeconds : undefined;
  const explore = seconds === undefined ? "" : ` --explore=${seconds}`;
  const rest = `--only ${check.check}${explore} --seed ${result.seed}`;
  const label = `${AGAIN[language]}:`;
  const line = `  ${command} ${rest}`;
  return [label, ...(line.length <= width ? [line] : [`  ${command} \\`, `    ${rest}`])];
}

const TOTAL = {
  en: (earned: string, of: string) => `${earned} of ${of} points`,
  id: (earned: string, of: string) => `${earned} dari ${of} poin`,
};
const NEEDS_REVIEW: Text = { en: "a person should look at this", id: "perlu dilihat oleh pengajar" };
const SAME_CAUSE: Text = { en: "same cause", id: "sebabnya sama" };
const ABOVE: Text = { en: "as said at the top", id: "seperti di baris pertama" };
const AGAIN: Text = { en: "To run this check alone", id: "Untuk menjalankan pemeriksaan ini saja" };
