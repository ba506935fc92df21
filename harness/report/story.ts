import type { Attempt, CheckResult, Finding } from "../checks/verdict.ts";
import { type CheckInRun, checksOf, failures } from "../grade/failures.ts";
import type { SubmissionResult } from "../grade/result.ts";
import type { Lesson, NamedMistake } from "../mistakes/mistake.ts";
import type { Language, Text } from "../text.ts";
import type { Transcript } from "../wire/transcript.ts";
import { harmless } from "./harmless.ts";

/** What a report may say of a mistake beyond its title; whoever knows the mistakes passes this in. */
export type Explain = (
  mistake: Pick<NamedMistake, "id" | "program">,
) => Pick<Lesson, "explanation" | "lookUp" | "repair"> | undefined;

export interface ReportOptions {
  readonly language: Language;
  readonly explain?: Explain;
}

export type NotPassed = Exclude<Finding, { outcome: "pass" }>;

/** Checks that could not be told. */
export function unsure(result: SubmissionResult): CheckInRun[] {
  return checksOf(result).filter(({ check }) => check.verdict === "inconclusive");
}

/** What was wrong: the finding that the verdict rests on, or that of an attempt which was not confirmed. */
export function findingOf(check: CheckResult): NotPassed | undefined {
  if (check.verdict === "pass") return undefined;
  return notPassed(check.finding) ?? notPassed(tellingAttempt(check)?.finding);
}

/** The attempt worth showing: the last that says what the verdict says, else the last that did not pass. */
function tellingAttempt({ attempts, verdict, finding }: CheckResult): Attempt | undefined {
  const outcome = finding?.outcome ?? verdict;
  const same = attempts.findLast((attempt) => attempt.finding.outcome === outcome && outcome !== "pass");
  return same ?? attempts.findLast((attempt) => attempt.finding.outcome !== "pass") ?? attempts.at(-1);
}

function notPassed(finding: Finding | undefined): NotPassed | undefined {
  return finding && finding.outcome !== "pass" ? finding : undefined;
}

export function decidingTranscript(check: CheckResult): Transcript {
  return tellingAttempt(check)?.transcript ?? [];
}

/** `true` when the check both failed and passed: the failure was not confirmed. */
export function isFlaky(check: CheckResult): boolean {
  const outcomes = check.attempts.map((attempt) => attempt.finding.outcome);
  return outcomes.includes("fail") && outcomes.includes("pass");
}

/** One sentence: what matters most about this submission. */
export function headline(result: SubmissionResult, language: Language): string {
  const [first] = failures(result);
  if (result.verdict === "pass") return first ? warned(result, first, language) : ALL_WELL[language];
  if (result.unfinished) return harmless(result.notes[0]?.[language] ?? COULD_NOT_GRADE.error[language]);
  if (result.verdict !== "fail") return inDoubt(result, language) ?? COULD_NOT_GRADE[result.verdict][language];
  const [mistake] = result.mistakes;
  if (mistake) return harmless(mistake.title[language]);
  const absent = missing(result, language);
  // What is only a warning did not make it fail.
  if (first && (first.check.level === "must" || !absent))
    return harmless(findingOf(first.check)?.observed[language] ?? first.check.title[language]);
  return absent ?? harmless(result.notes[0]?.[language] ?? NOTHING_PASSED[language]);
}

/** What else there is to say about a submission as a whole. */
export function remarks(result: SubmissionResult, language: Language): string[] {
  const said = headline(result, language);
  const open = [missing(result, language) ?? [], inDoubt(result, language) ?? []].flat();
  const all = [...open, ...result.notes.map((note) => harmless(note[language]))];
  return all.filter((one) => one !== said);
}

function missing({ programs, missing, inDoubt = [] }: SubmissionResult, language: Language): string | undefined {
  const absent = missing.filter((program) => !inDoubt.includes(program));
  return programs.length > 0 && absent.length > 0 ? MISSING[language](absent.join(", ")) : undefined;
}

function inDoubt({ inDoubt = [] }: SubmissionResult, language: Language): string | undefined {
  return inDoubt.length > 0 ? IN_DOUBT[language](inDoubt.join(", ")) : undefined;
}

/** What to lead with: the first mistake; for a program that passes, the first piece of advice. */
export function leadingCause({ mistakes, advice, verdict }: SubmissionResult): NamedMistake | undefined {
  return mistakes[0] ?? (verdict === "pass" ? advice[0] : undefined);
}

function warned(result: SubmissionResult, first: CheckInRun, language: Language): string {
  const what = leadingCause(result)?.title ?? findingOf(first.check)?.observed ?? first.check.title;
  return `${ALL_REQUIRED[language]} ${harmless(what[language])}`;
}

const ALL_WELL: Text = { en: "Everything that was asked for works.", id: "Semua yang diminta sudah berjalan." };
const ALL_REQUIRED: Text = {
  en: "Everything required works. Worth mending:",
  id: "Semua yang wajib sudah berjalan. Sebaiknya diperbaiki:",
};
const NOTHING_PASSED: Text = { en: "No program could be graded.", id: "Tidak ada program yang bisa dinilai." };
const MISSING = {
  en: (programs: string) => `Not everything was handed in. Missing: ${programs}.`,
  id: (programs: string) => `Belum semua dikumpulkan. Yang belum ada: ${programs}.`,
};
const IN_DOUBT = {
  en: (programs: string) =>
    `Not graded, for a person to choose the file: ${programs}. Leave one in the folder, or name it in the assignment (programs: file).`,
  id: (programs: string) =>
    `Belum dinilai, karena berkasnya harus dipilih oleh manusia: ${programs}. Sisakan satu di folder, atau sebutkan namanya di berkas tugas (programs: file).`,
};
const COULD_NOT_GRADE = {
  inconclusive: {
    en: "Gema could not tell everything for certain; nothing was taken off for that.",
    id: "Ada yang belum bisa dipastikan Gema; nilai tidak dikurangi karenanya.",
  },
  skipped: { en: "Nothing was graded.", id: "Tidak ada yang dinilai." },
  error: {
    en: "Gema itself broke while grading; nothing was taken off for that.",
    id: "Gema sendiri gagal saat menilai; nilai tidak dikurangi karenanya.",
  },
} as const satisfies Record<string, Text>;
