import type { Program } from "../assignment/assignment.ts";
import { loadAssignment } from "../assignment/load.ts";
import { decodeEvidence, resultOf } from "../grade/evidence.ts";
import type { SubmissionResult } from "../grade/result.ts";
import type { CheckRequest, SlotAnswer } from "../grade/slot-messages.ts";
import { LIMIT_MS } from "../grade/time-limits.ts";
import { allMistakes } from "../mistakes/find-mistakes.ts";
import { renderSubmission } from "../report/terminal.ts";
import { preparedPackages } from "../submission/packages.ts";
import type { Language } from "../text.ts";
import { UserError } from "../user-error.ts";
import { checkOne } from "./check-one.ts";
import { exitCode, explainer, makeGrader, newSeed } from "./grader.ts";
import { append, styleFor, writeWhole } from "./output.ts";
import { type Broken, broken, unfinishedFor } from "./slots.ts";
import type { IsolationWish, OpenSlot } from "./surroundings.ts";
import { whatWasAsked } from "./what-was-asked.ts";

export interface CheckOptions {
  readonly assignment?: string;
  readonly only?: readonly string[];
  readonly program?: Program;
  readonly entry?: string;
  readonly seed?: number;
  readonly junit?: string;
  readonly evidence?: string;
  readonly diagram?: string;
  /** `true`, or for so many seconds. */
  readonly explore?: true | number;
  readonly verbose?: boolean;
  readonly watch?: boolean;
  readonly isolation: IsolationWish;
  readonly lang?: Language;
}

/**
 * `gema check`: one submission, shown at once. What only some runs need is loaded when it is needed.
 * @param opened a slot for it, where it can have a world of its own; closed in the end
 */
export async function check(path: string, options: CheckOptions, opened: OpenSlot | undefined): Promise<void> {
  const style = styleFor(process.stdout, options.lang);
  const [result, mistakes] = await Promise.all([checked(path, options, opened), allMistakes()]);
  const explain = explainer(mistakes);
  process.stdout.write(
    renderSubmission(result, {
      ...style,
      explain,
      verbose: options.verbose ?? false,
      ...(options.assignment && { assignment: options.assignment }),
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
  if (options.diagram) {
    const { writeDiagrams } = await import("./diagrams.ts");
    await writeDiagrams(options.diagram, result, style.language);
  }
  await tellGitHub([result], style.language, explain);
  process.exitCode = exitCode([result]);
}

async function checked(path: string, options: CheckOptions, opened: OpenSlot | undefined): Promise<SubmissionResult> {
  try {
    const { assignment, assumed } = await whatWasAsked(path, options.assignment);
    const request = requestOf(path, options, assumed);
    const seed = options.seed ?? newSeed();
    if (!opened) {
      const grader = await makeGrader();
      const loaded = await loadAssignment(assignment, [...grader.checks.keys()]);
      const packages = await preparedPackages(assignment, loaded);
      return await checkOne(request, loaded, seed, { ...grader, packages });
    }
    const order = { check: request, assignment, seed, inside: await opened.inside };
    return resultFrom(await opened.slot.ask(order, LIMIT_MS + 1000 * Number(options.explore ?? 0)).catch(broken));
  } finally {
    await opened?.slot.close();
  }
}

export function requestOf(path: string, options: CheckOptions, assumed: boolean): CheckRequest {
  const { program, entry, only, explore, isolation } = options;
  return {
    path,
    ...(program && { program }),
    ...(entry && { entry }),
    ...(only && { only }),
    ...(explore && { explore }),
    assumed,
    insist: isolation === "require",
  };
}

/**
 * @throws UserError what the user has to mend first
 * @throws Error what broke in Gema
 */
export function resultFrom(answer: SlotAnswer | Broken): SubmissionResult {
  if ("evidence" in answer) return resultOf(decodeEvidence(answer.evidence, ""));
  if ("refused" in answer) throw new UserError(answer.refused);
  throw new Error("broke" in answer ? answer.broke : unfinishedFor(answer).en);
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
