import type { Program } from "../assignment/assignment.ts";
import { EXPLORATION } from "../checks/conversation-plan.ts";
import type { CheckResult } from "../checks/verdict.ts";
import { ownModules } from "../own-modules.ts";
import { lessonFor, type Mistake, type NamedMistake } from "./mistake.ts";

/** From this confidence on a mistake is named although a better one explains the same failures. */
const HIGH = 0.9;

/** Every mistake that has a name, by id: a file of `catalogue/` each. */
export async function allMistakes(): Promise<ReadonlyMap<string, Mistake>> {
  const found = [...(await ownModules("mistakes/catalogue"))].map(([id, module]): [string, Mistake] => {
    const { mistake } = module as { mistake?: Mistake };
    if (!mistake) throw new Error(`harness/mistakes/catalogue/${id} exports no mistake`);
    return [id, mistake];
  });
  return new Map(found);
}

/**
 * The mistakes that explain the failures of one program, the most telling first: the one that explains most of the
 * failures that cost points, then most failures, then by confidence and id; so advice comes last. A mistake whose failures are all explained
 * by one before it is left out unless it is nearly certain. Failures of level `info` accuse nobody.
 */
export function nameMistakes(
  program: Program,
  results: readonly CheckResult[],
  mistakes: ReadonlyMap<string, Mistake>,
): NamedMistake[] {
  // A conversation that was made up for this program is no part of any signature.
  const ordinary = results.filter(({ check }) => check.startsWith(`${program}/`) && check !== EXPLORATION);
  const own = new Map(ordinary.map((result) => [result.check, result]));
  const counts = new Map(
    [...own.values()]
      .filter(({ verdict, level }) => verdict === "fail" && level !== "info")
      .map(({ check, level }) => [check, level === "must" ? 1 : 0]),
  );
  if (counts.size === 0) return [];
  const musts = ({ explains }: NamedMistake): number =>
    explains.reduce((sum, check) => sum + (counts.get(check) ?? 0), 0);
  const fitting = [...mistakes].flatMap(([id, mistake]): NamedMistake[] => {
    if (!mistake.programs.includes(program)) return [];
    const diagnosis = mistake.diagnose({ program, results: own });
    const explains = [...new Set(diagnosis?.explains)].filter((check) => counts.has(check));
    if (!diagnosis || explains.length === 0) return [];
    return [{ id, program, title: lessonFor(mistake, program).title, confidence: diagnosis.confidence, explains }];
  });
  fitting.sort(
    (a, b) =>
      musts(b) - musts(a) ||
      b.explains.length - a.explains.length ||
      b.confidence - a.confidence ||
      (a.id < b.id ? -1 : 1),
  );
  return fitting.filter(
    (one, place) => one.confidence >= HIGH || !fitting.slice(0, place).some((better) => covers(better, one)),
  );
}

/** A mistake explains a failure that costs points; what explains warnings alone is advice. Both keep their order. */
export function adviceApart(
  named: readonly NamedMistake[],
  results: readonly Pick<CheckResult, "check" | "level">[],
): { readonly mistakes: NamedMistake[]; readonly advice: NamedMistake[] } {
  const musts = new Set(results.filter(({ level }) => level === "must").map(({ check }) => check));
  const costs = ({ explains }: NamedMistake): boolean => explains.some((check) => musts.has(check));
  return { mistakes: named.filter(costs), advice: named.filter((one) => !costs(one)) };
}

function covers(better: NamedMistake, one: NamedMistake): boolean {
  return one.explains.every((check) => better.explains.includes(check));
}
