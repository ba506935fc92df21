import { type CheckInRun, failures } from "../grade/failures.ts";
import type { SubmissionResult } from "../grade/result.ts";
import type { Language } from "../text.ts";
import { checkStory, HEADINGS } from "./check-story.ts";
import { harmless } from "./harmless.ts";
import { ISOLATION, rationale } from "./report-words.ts";
import { sourcePlace } from "./source-place.ts";
import { type Explain, headline } from "./story.ts";
import { markOf, points } from "./style.ts";

/** GitHub refuses a step summary above 1 MiB; the rest is for what else the step wrote. */
const MOST_BYTES = 900 * 1024;
/** GitHub shows no more of a kind for one step. */
const MOST_ANNOTATIONS = 10;

/** Markdown for `$GITHUB_STEP_SUMMARY`: a table of submissions, then each one's requirements and failures. */
export function githubSummary(results: readonly SubmissionResult[], language: Language, explain?: Explain): string {
  const options = { language, ...(explain && { explain }) };
  const parts = results.length > 1 ? [`${classTable(results, language)}\n`] : [];
  let bytes = Buffer.byteLength(parts.join(""));
  for (const [i, result] of results.entries()) {
    const next = `${submission(result, options)}\n`;
    bytes += Buffer.byteLength(next);
    if (bytes > MOST_BYTES) return `${parts.join("")}${CUT[language](results.length - i)}\n`;
    parts.push(next);
  }
  return parts.join("");
}

/**
 * Workflow commands that annotate lines, `must` failures as errors before `should` failures as warnings, at most 10.
 * They are meant for the runner: print them only under GitHub Actions.
 */
export function githubAnnotations(
  results: readonly SubmissionResult[],
  language: Language,
  explain?: Explain,
): string[] {
  const options = { language, ...(explain && { explain }) };
  const all = results.flatMap((result) => failures(result).map((failure) => ({ result, failure })));
  const must = all.filter(({ failure }) => failure.check.level === "must");
  const should = all.filter(({ failure }) => failure.check.level === "should");
  return [...must, ...should]
    .slice(0, MOST_ANNOTATIONS)
    .map(({ result, failure }) => annotation(result, failure, options));
}

interface Options {
  readonly language: Language;
  readonly explain?: Explain;
}

function annotation(result: SubmissionResult, failure: CheckInRun, options: Options): string {
  const place = sourcePlace(result, failure.run, failure.check);
  const properties = [
    ...(place ? [`file=${property(place.file)}`, `line=${place.line}`] : []),
    `title=${property(`${result.submission}: ${failure.check.title[options.language]}`)}`,
  ];
  const kind = failure.check.level === "must" ? "error" : "warning";
  return `::${kind} ${properties.join(",")}::${data(rationale(result, failure, options))}`;
}

/** What separates workflow commands, escaped after what is unsafe was made visible. */
function data(text: string): string {
  return harmless(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

function classTable(results: readonly SubmissionResult[], language: Language): string {
  const rows = results.map((result) => {
    const { symbol, word } = markOf(result.verdict);
    const cells = [result.submission, score(result), `${symbol} ${word[language]}`, headline(result, language)];
    return tableRow(cells);
  });
  return [tableRow(TABLE[language]), "|---|---:|---|---|", ...rows, ""].join("\n");
}

function submission(result: SubmissionResult, options: Options): string {
  const { language } = options;
  const { symbol, word } = markOf(result.verdict);
  return [
    `## ${symbol} ${inline(result.submission)}: ${word[language]}, ${score(result)}`,
    "",
    `**${inline(headline(result, language))}**`,
    "",
    tableRow(REQUIREMENTS[language]),
    "|---|---|---:|---|",
    ...result.requirements.map(({ id, text, earned, points: of, verdict }) => {
      const { symbol, word } = markOf(verdict);
      return tableRow([id, text[language], `${points(earned)}/${points(of)}`, `${symbol} ${word[language]}`]);
    }),
    "",
    ...failures(result).flatMap((failure) => details(result, failure, options)),
    `seed ${result.seed} · ${ISOLATION[result.isolation][language]}`,
    "",
  ].join("\n");
}

function details(result: SubmissionResult, failure: CheckInRun, options: Options): string[] {
  const { language } = options;
  const { symbol, word } = markOf(failure.check.verdict, failure.check.level);
  const story = checkStory(result, failure, { language, width: 80 });
  const parts = [story.bytes, story.conversation, story.lastWords].filter((lines) => lines.length > 0);
  return [
    `<details><summary>${symbol} ${word[language]}: ${html(failure.check.title[language])}</summary>`,
    "",
    inline(rationale(result, failure, options)),
    "",
    ...fenced(parts.flatMap((lines, i) => (i === 0 ? lines : ["", ...lines]))),
    ...(story.byHand.length > 0 ? [HEADINGS.byHand[language], "", ...fenced(story.byHand)] : []),
    "</details>",
    "",
  ];
}

/** A fence longer than any run of backticks inside cannot be closed from inside. */
function fenced(lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const text = lines.map(harmless).join("\n");
  const runs = Array.from(text.matchAll(/`+/g), ([run]) => run.length);
  const fence = "`".repeat(Math.max(3, ...runs.map((length) => length + 1)));
  return [`${fence}text`, text, fence, ""];
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.map(inline).join(" | ")} |`;
}

/** Text inside a Markdown line: no markup, no HTML, no mention of anybody, no link. */
function inline(text: string): string {
  const escaped = html(text).replace(/[\\`*_{}[\]()#+!|~-]/g, "\\$&");
  return escaped
    .replaceAll("@", "&#64;")
    .replaceAll("://", "&#58;//")
    .replace(/\bwww\./gi, "www&#46;");
}

function html(text: string): string {
  return harmless(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function score({ earned, points: of }: SubmissionResult): string {
  return `${points(earned)}/${points(of)}`;
}

const TABLE = {
  en: ["Submission", "Points", "Verdict", "What matters most"],
  id: ["Tugas", "Poin", "Hasil", "Yang terpenting"],
} as const;
const REQUIREMENTS = {
  en: ["", "Requirement", "Points", "Verdict"],
  id: ["", "Ketentuan", "Poin", "Hasil"],
} as const;
const CUT = {
  en: (left: number) => `${left} more submissions do not fit here; the other reports have them all.`,
  id: (left: number) => `${left} tugas lagi tidak muat di sini; laporan lain memuat semuanya.`,
};
