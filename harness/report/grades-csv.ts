import type { SubmissionResult } from "../grade/result.ts";
import { harmless } from "./harmless.ts";
import { points } from "./style.ts";

const BOM = "\ufeff";

/**
 * The gradebook as CSV (RFC 4180; BOM, so that spreadsheets read it as UTF-8): one row a submission, one column a
 * requirement with the points earned, then total, needs_review, isolation and seed. Column names are for programs and
 * the same in every language. A requirement that a submission was not asked for stays empty.
 *
 * @param ids from a submission's name to what the learning platform calls the student; where any is known they are the
 * second column, `id`, by which the platform's own gradebook can be joined
 */
export function gradesCsv(results: readonly SubmissionResult[], ids: ReadonlyMap<string, string> = new Map()): string {
  const requirements = [...new Set(results.flatMap((result) => result.requirements.map(({ id }) => id)))];
  const withIds = results.some(({ submission }) => ids.has(submission));
  const head = [
    "submission",
    ...(withIds ? ["id"] : []),
    ...requirements,
    "total",
    "needs_review",
    "isolation",
    "seed",
  ];
  const rows = results.map((result) => {
    const earned = new Map(result.requirements.map((requirement) => [requirement.id, points(requirement.earned)]));
    const scores = requirements.map((id) => earned.get(id) ?? "");
    const { submission, needsReview, isolation, seed } = result;
    const id = withIds ? [ids.get(submission) ?? ""] : [];
    return [submission, ...id, ...scores, points(result.earned), String(needsReview), isolation, String(seed)];
  });
  return BOM + [head, ...rows].map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}

function cell(text: string): string {
  const guarded = guard(text);
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/**
 * A spreadsheet takes a cell that begins with one of these for a formula, so that a name could run one; after a leading
 * apostrophe it is text. Spaces before it do not help everywhere, and East Asian locales know the full-width signs too.
 */
function guard(text: string): string {
  const dangerous = /^[\t\r\n ]*[=+\-@\t\r\n＝＋－＠]/.test(text);
  const shown = harmless(text);
  return dangerous ? `'${shown}` : shown;
}
