import type { CheckResult } from "../checks/verdict.ts";
import { adviceApart } from "../mistakes/find-mistakes.ts";
import type { Transcript } from "../wire/transcript.ts";
import { damaged } from "./evidence-error.ts";
import { type CheckEvidence, EvidenceFile, type Judged, type ProgramEvidence, READABLE } from "./evidence-schema.ts";
import { gemaVersion } from "./gema-version.ts";
import type { ProgramRun, RequirementResult, SubmissionResult } from "./result.ts";

/**
 * Everything of a submission's result that cannot be computed again, and beside it, under `judged`, what this version
 * of Gema said about it. Attempts refer to `transcripts` by index: several checks may rest on the same one.
 */
export type Evidence = EvidenceFile;

/** JSON text for a file; bytes as `{ "text": ... }` where readable, else `{ "hex": ... }`. */
export function encodeEvidence(result: SubmissionResult): string {
  return `${JSON.stringify(evidenceOf(result), writeBytes, 2)}\n`;
}

/**
 * Reads what `encodeEvidence` wrote.
 * @param file named in the error.
 * @throws UserError with line and column when the text is not JSON, not evidence, or of another schema.
 */
export function decodeEvidence(json: string, file: string): Evidence {
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch (error) {
    throw damaged({ json, file, error });
  }
  const parsed = EvidenceFile.safeParse(data);
  if (!parsed.success) throw damaged({ json, file, data, issues: parsed.error.issues });
  const dangling = firstDanglingPath(parsed.data);
  if (dangling) {
    throw damaged({ json, file, data, issues: [{ path: dangling, message: "refers to something that is not there" }] });
  }
  return parsed.data;
}

export function evidenceOf(result: SubmissionResult): Evidence {
  const transcripts: Transcript[] = [];
  const { submission, path, seed, startedAt, wallMs, isolation, assignment, notes, missing } = result;
  const programs = result.programs.map((run) => programEvidence(run, transcripts));
  const { inDoubt, unfinished } = result;
  const traces = result.traces?.map((one) => ({ ...one, transcript: indexIn(transcripts, one.transcript) }));
  const head = { schema: 1 as const, gema: gemaVersion(), submission, path, seed, startedAt, wallMs, isolation };
  return {
    ...head,
    assignment,
    notes,
    missing,
    ...(inDoubt && { inDoubt }),
    ...(unfinished && { unfinished }),
    programs,
    ...(traces && { traces }),
    judged: judgedOf(result),
    transcripts,
  };
}

/** The result as it was reported, for showing it again; nothing is judged anew. */
export function resultOf(evidence: Evidence): SubmissionResult {
  const { submission, path, seed, startedAt, wallMs, isolation, assignment, notes, judged } = evidence;
  const { missing, inDoubt, unfinished } = evidence;
  const programs = evidence.programs.map((run, i) => ({
    ...run,
    checks: run.checks.map((check, j) => checkResult(evidence, check, judged.programs[i]?.checks[j])),
  }));
  const checks = new Map(programs.flatMap((run) => run.checks).map((check) => [check.check, check]));
  const requirements = judged.requirements.map((requirement) => ({
    ...requirement,
    checks: requirement.checks.map(({ check, level }) => {
      const found = present(checks.get(check));
      return found.level === level ? found : { ...found, level };
    }),
  }));
  const traces = evidence.traces?.map((one) => ({ ...one, transcript: transcriptOf(evidence, one) }));
  const { verdict, earned, points, needsReview } = judged;
  const causes = adviceApart(judged.mistakes, [...checks.values()]);
  const said = { requirements, earned, points, verdict, needsReview, ...causes };
  const head = { submission, path, assignment, seed, startedAt, wallMs, isolation };
  const open = { missing, ...(inDoubt && { inDoubt }), ...(unfinished && { unfinished }) };
  return { ...head, programs, ...open, ...said, ...(traces && { traces }), notes };
}

/** The transcript of one attempt or trace. */
export function transcriptOf(evidence: Evidence, attempt: { readonly transcript: number }): Transcript {
  return present(evidence.transcripts[attempt.transcript]);
}

function programEvidence(run: ProgramRun, transcripts: Transcript[]): ProgramEvidence {
  const checks = run.checks.map(({ check, level, reason, excused, attempts }) => ({
    check,
    level,
    ...(reason && { reason }),
    ...(excused && { excused }),
    attempts: attempts.map(({ transcript, confirming }) => ({
      transcript: indexIn(transcripts, transcript),
      confirming,
    })),
  }));
  return { ...run, checks };
}

function indexIn(transcripts: Transcript[], transcript: Transcript): number {
  const known = transcripts.indexOf(transcript);
  return known === -1 ? transcripts.push(transcript) - 1 : known;
}

function judgedOf(result: SubmissionResult): Judged {
  const { verdict, earned, points, needsReview, mistakes, advice } = result;
  const programs = result.programs.map((run) => ({ checks: run.checks.map(judgedCheck) }));
  return {
    verdict,
    earned,
    points,
    needsReview,
    requirements: result.requirements.map(judgedRequirement),
    mistakes: [...mistakes, ...advice],
    programs,
  };
}

function judgedCheck({
  check,
  title,
  verdict,
  finding,
  attempts,
}: CheckResult): Judged["programs"][number]["checks"][number] {
  return { check, title, verdict, ...(finding && { finding }), findings: attempts.map((attempt) => attempt.finding) };
}

function judgedRequirement(requirement: RequirementResult): Judged["requirements"][number] {
  return { ...requirement, checks: requirement.checks.map(({ check, level }) => ({ check, level })) };
}

function checkResult(
  evidence: Evidence,
  check: CheckEvidence,
  judged: Judged["programs"][number]["checks"][number] | undefined,
): CheckResult {
  const { title, verdict, finding, findings } = present(judged);
  const attempts = check.attempts.map((attempt, i) => ({
    transcript: transcriptOf(evidence, attempt),
    finding: present(findings[i]),
    confirming: attempt.confirming,
  }));
  return { ...check, title, verdict, ...(finding && { finding }), attempts };
}

type Path = readonly (string | number)[];

/** Where the file refers to a transcript, a finding or a check that it does not hold. */
function firstDanglingPath(evidence: Evidence): Path | undefined {
  const { programs, judged, transcripts } = evidence;
  if (judged.programs.length !== programs.length) return ["judged", "programs"];
  for (const [i, run] of programs.entries()) {
    const said = judged.programs[i]?.checks ?? [];
    if (said.length !== run.checks.length) return ["judged", "programs", i, "checks"];
    for (const [j, check] of run.checks.entries()) {
      if (said[j]?.check !== check.check) return ["judged", "programs", i, "checks", j, "check"];
      if (said[j]?.findings.length !== check.attempts.length) return ["judged", "programs", i, "checks", j, "findings"];
      const bad = check.attempts.findIndex((attempt) => attempt.transcript >= transcripts.length);
      if (bad !== -1) return ["programs", i, "checks", j, "attempts", bad, "transcript"];
    }
  }
  const bad = evidence.traces?.findIndex((trace) => trace.transcript >= transcripts.length) ?? -1;
  if (bad !== -1) return ["traces", bad, "transcript"];
  return unknownCheckPath(evidence);
}

function unknownCheckPath({ programs, judged }: Evidence): Path | undefined {
  const known = new Set(programs.flatMap((run) => run.checks.map((check) => check.check)));
  for (const [i, requirement] of judged.requirements.entries()) {
    const bad = requirement.checks.findIndex(({ check }) => !known.has(check));
    if (bad !== -1) return ["judged", "requirements", i, "checks", bad, "check"];
  }
  return undefined;
}

/**
 * `JSON.stringify` shows a Buffer to its replacer only after `toJSON` has made numbers of it. The bytes of an event, which
 * may be many, are written before that, with the event; others are found at their holder.
 */
function writeBytes(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  const raw = this[key];
  if (raw instanceof Uint8Array) return written(raw);
  if (typeof value !== "object" || value === null || !("bytes" in value)) return value;
  return value.bytes instanceof Uint8Array ? { ...value, bytes: written(value.bytes) } : value;
}

function written(raw: Uint8Array): { readonly text: string } | { readonly hex: string } {
  const buffer = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const text = buffer.toString("latin1");
  return READABLE.test(text) ? { text } : { hex: buffer.toString("hex") };
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("evidence refers to something that is not there");
  return value;
}
