import type { CheckResult } from "../checks/verdict.ts";
import type { RequirementResult, SubmissionResult } from "../grade/result.ts";
import type { Text } from "../text.ts";
import { harmless } from "./harmless.ts";
import { columns, cut, markOf, paint, points, type TerminalStyle, wrap } from "./style.ts";

interface TreeStyle extends TerminalStyle {
  readonly verbose?: boolean;
}

/**
 * The requirements with their points, and below each the checks that did not pass, those skipped for the same reason
 * together (all of them, and each, when verbose).
 */
export function requirementTree(result: SubmissionResult, style: TreeStyle): string[] {
  const listed = new Set(result.requirements.flatMap(({ checks }) => checks.map(({ check }) => check)));
  const others = result.programs.flatMap(({ checks }) => checks).filter(({ check }) => !listed.has(check));
  const shown = others.filter((check) => style.verbose || check.verdict !== "pass");
  return [
    ...result.requirements.flatMap((requirement) => requirementLines(requirement, style)),
    ...(shown.length > 0 ? [OTHERS[style.language], ...checksLines(shown, style)] : []),
  ];
}

function requirementLines(requirement: RequirementResult, style: TreeStyle): string[] {
  const folded = !style.verbose && requirement.checks.every(isQuiet) && requirement.verdict === "pass";
  const checks = requirement.checks.filter(({ excused }) => !folded || excused);
  return [...requirementHead(requirement, folded, style), ...checksLines(checks, style)];
}

/** Nothing to say about it in a folded line. */
function isQuiet({ verdict, level, excused }: CheckResult): boolean {
  return verdict === "pass" || level === "info" || excused === true;
}

function requirementHead(requirement: RequirementResult, folded: boolean, style: TreeStyle): string[] {
  const { symbol, format } = markOf(requirement.verdict);
  const score = requirement.points > 0 ? `${points(requirement.earned)}/${points(requirement.points)}` : "";
  const room = style.width - score.length - 1;
  const text = `${harmless(requirement.id)}  ${harmless(requirement.text[style.language])}`;
  const lines = folded ? [cut(`${symbol} ${text}`, room)] : wrap(text, room, `${symbol} `, "  ");
  return lines.map((line, i) => {
    const scored =
      i === 0 ? `${line}${" ".repeat(Math.max(1, style.width - score.length - columns(line)))}${score}` : line;
    return paint(style, format, scored.trimEnd());
  });
}

function checksLines(checks: readonly CheckResult[], style: TreeStyle): string[] {
  const alike = new Map<unknown, [CheckResult, ...CheckResult[]]>();
  for (const check of checks) {
    const key = check.verdict === "skipped" && !style.verbose ? check.reason?.en : check;
    const before = alike.get(key);
    if (before) before.push(check);
    else alike.set(key, [check]);
  }
  return [...alike.values()].flatMap((group) => checkLines(group, style));
}

/** Of one check, or of several that were given the same verdict for the same reason. */
function checkLines([check, ...others]: readonly [CheckResult, ...CheckResult[]], style: TreeStyle): string[] {
  const { language, width } = style;
  const { symbol, word, format } = markOf(check.verdict, check.level);
  const what = others.length > 0 ? severalChecks(1 + others.length)[language] : harmless(check.title[language]);
  const head = wrap(`${word[language]}: ${what}`, width, `    ${symbol} `, "      ");
  const reason = check.reason ? wrap(harmless(check.reason[language]), width, "      ") : [];
  return [...head.map((line) => paint(style, format, line)), ...reason.map((line) => paint(style, "dim", line))];
}

function severalChecks(count: number): Text {
  return { en: `${count} checks`, id: `${count} pemeriksaan` };
}

const OTHERS: Text = { en: "Checks that no requirement asks for", id: "Pemeriksaan di luar ketentuan tugas" };
