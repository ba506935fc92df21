import { resolve } from "node:path";
import { expect, test } from "vitest";
import { loadAssignment } from "../assignment/load.ts";
import { allChecks } from "../checks/all-checks.ts";
import { plainLauncher } from "../launch/plain-launcher.ts";
import { allMistakes } from "../mistakes/find-mistakes.ts";
import { openSubmission } from "../submission/find-programs.ts";
import { Patience } from "../wire/patience.ts";
import { slowestReferenceEcho } from "./calibrate.ts";
import { decodeEvidence, encodeEvidence, resultOf } from "./evidence.ts";
import { type Grader, gradeSubmission } from "./grade-submission.ts";
import { rejudgeResult } from "./rejudge.ts";
import type { SubmissionResult } from "./result.ts";
import type { Selection } from "./run-checks.ts";

const FIXTURES = resolve(import.meta.dirname, "../../fixtures");

async function grade(fixture: string, selection: Selection, launcher = plainLauncher) {
  const [checks, mistakes] = await Promise.all([allChecks(), allMistakes()]);
  const patience = new Patience(() => slowestReferenceEcho(plainLauncher));
  const grader: Grader = { checks, mistakes, launcher, patience };
  const file = resolve(FIXTURES, fixture);
  const assignment = await loadAssignment(resolve(file, "../assignment.yaml"), [...checks.keys()]);
  const submission = await openSubmission(file, assignment, {});
  return { ...grader, result: await gradeSubmission(submission, assignment, 1, grader, selection) };
}

/** All that a grade rests on. */
function judged({ programs, requirements, verdict, earned, needsReview, mistakes }: SubmissionResult) {
  const verdicts = programs.flatMap(({ checks, launches }) => [
    launches,
    ...checks.map(({ check, verdict: said, finding, attempts }) => [check, said, finding?.outcome, attempts.length]),
  ]);
  const named = mistakes.map(({ place: _, ...mistake }) => mistake);
  const points = requirements.map(({ id, earned: of }) => [id, of]);
  return { verdicts, points, verdict, earned, needsReview, named };
}

test.each([
  ["tcp-echo/single-recv.py", "tcp-server/keeps-the-connection", 17],
  ["tcp-echo/banner.ts", "tcp-server/says-nothing-first", 8],
  ["tcp-echo-clients/never-reads-reply.py", "tcp-client/shows-the-reply", 14],
])("%s is judged alike with and without a trace, which adds the line", async (fixture, check, line) => {
  const only = [check];
  const { result: without } = await grade(fixture, { only, untraced: true });
  const { result, checks, mistakes } = await grade(fixture, { only });
  expect(judged(result)).toEqual(judged(without));
  expect(without.traces).toBeUndefined();
  expect(without.mistakes[0]?.place).toBeUndefined();
  expect(result.mistakes[0]?.place).toEqual({ file: fixture.slice(fixture.indexOf("/") + 1), line });
  expect(result.traces?.map((trace) => trace.check)).toEqual([check]);

  const evidence = decodeEvidence(encodeEvidence(result), "evidence.json");
  const stored = resultOf(evidence);
  expect(decodeEvidence(encodeEvidence(stored), "evidence.json")).toEqual(evidence);
  expect(rejudgeResult(stored, checks, mistakes).mistakes).toEqual(result.mistakes);
});

test("a correct program is not launched again", async () => {
  const { result } = await grade("tcp-echo/correct-threads.py", { only: ["tcp-server/echoes-a-message"] });
  expect(result.traces).toEqual([]);
  expect(result.verdict).toBe("pass");
});

test("a trace that breaks is a note, and the verdict stands", async () => {
  let tracing = 0;
  const broken: typeof plainLauncher = {
    ...plainLauncher,
    launch: (plan) => {
      if ("GEMA_TRACE" in plan.env) {
        tracing++;
        throw new Error("no launch");
      }
      return plainLauncher.launch(plan);
    },
  };
  const { result } = await grade("tcp-echo/banner.py", { only: ["tcp-server/says-nothing-first"] }, broken);
  expect(tracing).toBe(1);
  expect(result.verdict).toBe("fail");
  expect(result.mistakes[0]).toMatchObject({ id: "banner" });
  expect(result.mistakes[0]?.place).toBeUndefined();
  expect(result.notes.at(-1)?.en).toContain("no launch");
});
