import { type CheckInRun, causeOf } from "../grade/failures.ts";
import type { SubmissionResult } from "../grade/result.ts";
import type { Isolation } from "../launch/subject.ts";
import type { Language, Text } from "../text.ts";
import { HEADINGS } from "./check-story.ts";
import { harmless } from "./harmless.ts";
import { type Explain, findingOf } from "./story.ts";

/**
 * Why a check did not pass, and what to do about it, on one harmless line: for readers that show nothing else.
 * What was seen, then what was expected, then the mistake behind it, or the advice, with its explanation.
 */
export function rationale(
  result: SubmissionResult,
  failure: CheckInRun,
  { language, explain }: { readonly language: Language; readonly explain?: Explain },
): string {
  const { check } = failure;
  const finding = findingOf(check);
  const cause = causeOf(result, failure);
  const more = cause && explain?.(cause);
  const parts = [
    check.title[language],
    check.reason?.[language],
    finding && `${HEADINGS.observed[language]}: ${finding.observed[language]}`,
    finding && `${HEADINGS.expected[language]}: ${finding.expected[language]}`,
    cause && `${causeHeading(result, failure)[language]}: ${cause.title[language]}`,
    more?.explanation[language],
    more && `${HEADINGS.lookUp[language]}: ${more.lookUp[language]}`,
  ];
  return parts.flatMap((part) => (part ? [sentence(harmless(part))] : [])).join(" ");
}

/** Before what explains a failure: a mistake that costs points is its cause; advice is told apart. */
export function causeHeading(result: SubmissionResult, failure: CheckInRun): Text {
  const cause = causeOf(result, failure);
  return cause && result.advice.includes(cause) ? HEADINGS.advice : HEADINGS.cause;
}

function sentence(text: string): string {
  const trimmed = text.trim();
  const capital = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

export const WARNING: Text = { en: "warning", id: "peringatan" };
export const NOTE: Text = { en: "note", id: "catatan" };

/** What kept the program from the machine, in plain sight wherever it was not everything. */
export const ISOLATION: Readonly<Record<Isolation, Text>> = {
  none: { en: "not isolated", id: "tanpa isolasi (not isolated)" },
  partial: {
    en: "partly isolated (network and processes, not files)",
    id: "isolasi sebagian (jaringan dan proses, bukan berkas)",
  },
  full: { en: "isolated", id: "terisolasi" },
};
