import { availableParallelism } from "node:os";
import type { CheckResult } from "../../harness/checks/verdict.ts";
import { decodeEvidence, resultOf } from "../../harness/grade/evidence.ts";
import type { GradeOrder, Inside, SlotAnswer } from "../../harness/grade/slot-messages.ts";
import { inSlots, ownWorld, Slot } from "../../harness/launch/isolation/slot.ts";
import type { NamedMistake } from "../../harness/mistakes/mistake.ts";
import { assignmentOf, type Fixture } from "./fixtures.ts";

/** What grading a fixture gave. */
export interface Graded {
  readonly fixture: Fixture;
  /** In the order they ran. */
  readonly checks: readonly Pick<CheckResult, "check" | "level" | "verdict">[];
  /** Ids of the mistakes that the report names, the leading one first. */
  readonly mistakes: readonly string[];
  /** Ids of what it advises to mend. */
  readonly advice: readonly string[];
  /** The lines at fault, as `file:line`, by mistake. */
  readonly places: ReadonlyMap<string, string>;
  /** Why it could not be graded. */
  readonly broke?: string;
  readonly wallMs: number;
}

/** Far above what the slowest fixture takes on a busy machine, whose deadlines are longer; what needs more hangs. */
const LIMIT_MS = 600_000;

const SEED = 1;
/** A program under test and who talks to it sleep for two thirds of the time. */
const LANES = 3 * availableParallelism();

export interface How {
  readonly onGraded?: (graded: Graded) => void;
  /** How many fixtures are graded at a time; without a figure, as many as keep every core at work. */
  readonly atOnce?: number;
  /** The lines at fault are not looked for. */
  readonly untraced?: true;
}

/**
 * Grades every fixture, as `gema grade` does: several at a time where each can have a world of its own, else one after
 * another.
 * @param workerFile the built `slot-worker.js`
 */
export async function gradeFixtures(
  fixtures: readonly Fixture[],
  workerFile: string,
  { onGraded, atOnce = LANES, untraced }: How = {},
): Promise<Graded[]> {
  const world = await ownWorld();
  // Our own fixtures need no sandbox, and the launches without one take half the time.
  const inside: Inside = { isolation: world ? "partial" : "none" };
  const done = new Map<Fixture, Graded>();
  const open = (): Slot<GradeOrder, SlotAnswer> => new Slot(world ?? [], workerFile);
  await inSlots(fixtures, world ? atOnce : 1, open, async (slot, fixture) => {
    const start = performance.now();
    const asked = { assignment: assignmentOf(fixture), seed: SEED, inside, ...(untraced && { untraced }) };
    const broken = (error: unknown): SlotAnswer => ({ broke: String(error) });
    const answer = await slot.ask({ ...fixture, ...asked }, LIMIT_MS).catch(broken);
    const graded = { fixture, ...outcomeOf(answer, fixture), wallMs: performance.now() - start };
    done.set(fixture, graded);
    onGraded?.(graded);
    return "evidence" in answer && !answer.used;
  });
  return fixtures.flatMap((fixture) => done.get(fixture) ?? []);
}

function outcomeOf(
  answer: SlotAnswer,
  { path }: Fixture,
): Pick<Graded, "checks" | "mistakes" | "advice" | "places" | "broke"> {
  if ("broke" in answer) return { ...NOTHING, broke: answer.broke };
  if ("refused" in answer) return { ...NOTHING, broke: answer.refused.what.en };
  const { programs, mistakes, advice, missing, notes } = resultOf(decodeEvidence(answer.evidence, path));
  if (missing.length > 0) {
    const why = notes.map(({ en }) => en).join(" ");
    return { ...NOTHING, broke: `no ${missing.join(", ")} was found. ${why}` };
  }
  const checks = programs.flatMap((run) => run.checks.map(({ check, level, verdict }) => ({ check, level, verdict })));
  const ids = (named: readonly NamedMistake[]): string[] => named.map(({ id }) => id);
  const placed = [...mistakes, ...advice].flatMap(({ id, place }): [string, string][] =>
    place ? [[id, `${place.file}:${place.line}`]] : [],
  );
  return { checks, mistakes: ids(mistakes), advice: ids(advice), places: new Map(placed) };
}

const NOTHING = { checks: [], mistakes: [], advice: [], places: new Map<string, string>() };
