import { type Contract, PAIRS, type Pair, PROGRAMS, type Program } from "../assignment/assignment.ts";
import { ownModules } from "../own-modules.ts";
import type { Check, ServerCheck } from "./check.ts";

/** Every check by its id, found by reading the folders beside this file: a check's path is its id. */
export async function allChecks(): Promise<ReadonlyMap<string, Check>> {
  const found = await Promise.all([...PROGRAMS, ...PAIRS].map(checksOf));
  return new Map(found.flat());
}

async function checksOf(folder: string): Promise<[string, Check][]> {
  return [...(await ownModules(`checks/${folder}`))].map(([name, module]) => {
    const { check } = module as { check?: Check };
    if (!check) throw new Error(`harness/checks/${folder}/${name} exports no check`);
    return [`${folder}/${name}`, check];
  });
}

/** The behaviour's name: the id without its program. */
export function nameOf(id: string): string {
  return id.slice(id.indexOf("/") + 1);
}

/**
 * The ids of one program's checks that apply under a contract, in the order in which they run: by turn, then after
 * those they depend on, then by name.
 */
export function inOrder(
  checks: ReadonlyMap<string, Check>,
  program: Program | Pair,
  contract: Contract,
): [id: string, check: Check][] {
  const own = [...checks]
    .filter(([id, check]) => id.startsWith(`${program}/`) && check.level(contract) !== undefined)
    .sort(([a, x], [b, y]) => turnOf(x) - turnOf(y) || (a < b ? -1 : 1));
  const ordered: [string, Check][] = [];
  const place = ([id, check]: [string, Check], waiting: readonly string[]): void => {
    if (ordered.some(([placed]) => placed === id)) return;
    if (waiting.includes(id)) throw new Error(`checks wait for each other: ${[...waiting, id].join(" -> ")}`);
    for (const before of prerequisites(check)) {
      const found = own.find(([other]) => nameOf(other) === before);
      if (found) place(found, [...waiting, id]);
    }
    ordered.push([id, check]);
  };
  for (const entry of own) place(entry, []);
  return ordered;
}

function turnOf(check: Check): number {
  return (check as ServerCheck).turn ?? 0;
}

function prerequisites({ after = [], stimulate }: Check): readonly string[] {
  return typeof stimulate === "function" ? after : [...after, stimulate.observes];
}
