import type { Program } from "../assignment/assignment.ts";
import { loadAssignment } from "../assignment/load.ts";
import { EXPLORATION } from "../checks/conversation-plan.ts";
import { gradeSubmission } from "../grade/grade-submission.ts";
import type { SubmissionResult } from "../grade/result.ts";
import { renderSubmission } from "../report/terminal.ts";
import { openSubmission } from "../submission/find-programs.ts";
import type { Language } from "../text.ts";
import { exploring } from "./exploring.ts";
import { assertTried, exitCode, explainer, makeGrader, newSeed } from "./grader.ts";
import { append, styleFor, USUAL_ASSIGNMENT, writeWhole } from "./output.ts";

export interface CheckOptions {
  readonly assignment: string;
  readonly only?: readonly string[];
  readonly program?: Program;
  readonly entry?: string;
  readonly seed?: number;
  readonly junit?: string;
  readonly evidence?: string;
  /** `true`, or for so many seconds. */
  readonly explore?: true | number;
  readonly verbose?: boolean;
  readonly lang?: Language;
}

/** `gema check`: one submission, shown at once. What only some runs need is loaded when it is needed. */
export async function check(path: string, options: CheckOptions): Promise<void> {
  const grader = await makeGrader();
  const style = styleFor(process.stdout, options.lang);
  const explain = explainer(grader.mistakes);
  const given = await loadAssignment(options.assignment, [...grader.checks.keys()]);
  const { assignment, only } = exploring(given, options);
  const { entry, program } = options;
  const submission = await openSubmission(path, assignment, { ...(entry && { entry }), ...(program && { program }) });
  const named = only ?? (options.explore ? [EXPLORATION] : []);
  assertTried(named, grader.checks, assignment, submission);
  const result = await gradeSubmission(submission, assignment, options.seed ?? newSeed(), grader, {
    ...(only && { only }),
  });
  process.stdout.write(
    renderSubmission(result, {
      ...style,
      explain,
      verbose: options.verbose ?? false,
      ...(options.assignment !== USUAL_ASSIGNMENT && { assignment: options.assignment }),
    }),
  );
  if (options.junit) {
    const { junitReport } = await import("../report/junit.ts");
    await writeWhole(options.junit, junitReport([result], { language: style.language, explain }));
  }
  if (options.evidence) {
    const { encodeEvidence } = await import("../grade/evidence.ts");
    await writeWhole(options.evidence, encodeEvidence(result));
  }
  await tellGitHub([result], style.language, explain);
  process.exitCode = exitCode([result]);
}

/** In a GitHub workflow: annotations on stdout, and the summary of the step. */
export async function tellGitHub(
  results: readonly SubmissionResult[],
  language: Language,
  explain: ReturnType<typeof explainer>,
): Promise<void> {
  if (process.env.GITHUB_ACTIONS !== "true") return;
  const { githubAnnotations, githubSummary } = await import("../report/summary.ts");
  for (const line of githubAnnotations(results, language, explain)) process.stdout.write(`${line}\n`);
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (summary) await append(summary, githubSummary(results, language, explain));
}
