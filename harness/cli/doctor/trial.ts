import { fileURLToPath } from "node:url";
import type { Assignment } from "../../assignment/assignment.ts";
import { loadAssignment } from "../../assignment/load.ts";
import type { CheckResult } from "../../checks/verdict.ts";
import type { SubmissionResult } from "../../grade/result.ts";
import type { Inside } from "../../grade/slot-messages.ts";
import type { Isolation } from "../../launch/subject.ts";
import { ownFile } from "../../own-file.ts";
import type { Text } from "../../text.ts";
import type { HandedIn } from "../class-folder.ts";
import { gradeOne } from "../grade-one.ts";
import { makeGrader } from "../grader.ts";
import { USUAL_ASSIGNMENT } from "../output.ts";
import { gradeInSlots } from "../slots.ts";
import type { Look } from "./look.ts";
import type { Trial, TriedCheck } from "./machine.ts";

/** As `gema grade` is built, beside which the reference programs lie. */
const SERVER: HandedIn = {
  name: "reference",
  path: Buffer.from(fileURLToPath(ownFile("../reference/tcp-server.js"))),
};
const SEED = 0;

/** Grades the reference server in every way that this machine has, the least isolated first. */
export async function* trials({ world, sandbox }: Look): AsyncGenerator<Trial> {
  yield await trial("none", amongAll);
  if (!world) return;
  yield await trial("partial", () => inSlot(world, { isolation: "partial" }));
  if (sandbox) yield await trial("full", () => inSlot(world, { isolation: "full", sandbox }));
}

/** What breaks here is what the doctor is there to find. */
async function trial(isolation: Isolation, grade: () => Promise<SubmissionResult>): Promise<Trial> {
  const start = performance.now();
  const outcome = await grade().then(
    ({ programs }) => ({ checks: programs.flatMap(({ checks }) => checks.flatMap(triedCheck)) }),
    (error: unknown) => ({ broke: error instanceof Error ? error.message : String(error) }),
  );
  return { isolation, wallMs: performance.now() - start, outcome };
}

/** What this way of grading cannot try is no fault of the machine. */
function triedCheck({ check, verdict, excused }: CheckResult): TriedCheck[] {
  return excused ? [] : [{ id: check, verdict }];
}

/** At free ports: the lecture's may be taken, which is told elsewhere. */
async function amongAll(): Promise<SubmissionResult> {
  const grader = await makeGrader();
  const usual = await loadAssignment(USUAL_ASSIGNMENT, [...grader.checks.keys()]);
  const address = { ...usual.contract.address, passed: { by: "argv", args: ["{host}", "{port}"] } } as const;
  const assignment: Assignment = { ...usual, contract: { ...usual.contract, address } };
  return gradeOne(SERVER, assignment, SEED, grader);
}

/** At the lecture's port, which is free in there. */
async function inSlot(world: readonly string[], inside: Inside): Promise<SubmissionResult> {
  const results: SubmissionResult[] = [];
  const common = { assignment: USUAL_ASSIGNMENT, seed: SEED };
  const keep = async (result: SubmissionResult): Promise<void> => void results.push(result);
  const refuse = async ({ en }: Text): Promise<never> => {
    throw new Error(en);
  };
  await gradeInSlots([[0, SERVER]], common, { world, inside }, 1, {
    begin() {},
    result: keep,
    unfinished: refuse,
  });
  const [result] = results;
  if (!result) throw new Error("the slot gave no result");
  return result;
}
