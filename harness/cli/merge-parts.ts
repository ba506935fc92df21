import { gemaVersion } from "../grade/gema-version.ts";
import { type Common, differentRuns, incomplete, type Missing, otherVersion } from "./merge-refusals.ts";
import type { Part, RunRecord } from "./run-record.ts";
import { isIn, type Shard } from "./shard.ts";

/** What all shards have in common, each as one word that can be compared and shown. */
const COMMON: Readonly<Record<Common, (record: RunRecord) => string>> = {
  gema: ({ gema }) => gema,
  assignment: ({ assignment }) => `${assignment.name}, sha256 ${assignment.sha256.slice(0, 12)}`,
  submissions: ({ submissions }) => JSON.stringify(submissions),
  isolation: ({ isolation }) => isolation,
  seed: ({ seed }) => String(seed),
};

/** @throws UserError when two parts are not of the same run, or another version of Gema made them */
export function assertOneRun(parts: readonly Part[]): void {
  const [first, ...others] = parts;
  if (!first) return;
  for (const field of Object.keys(COMMON) as Common[]) {
    const value = COMMON[field];
    const other = others.find(({ record }) => value(record) !== value(first.record));
    if (other) throw differentRuns(field, [first, other], [value(first.record), value(other.record)]);
  }
  if (first.record.gema !== gemaVersion()) throw otherVersion(first);
}

/** @throws UserError when a submission has no result in any part */
export function assertWhole(parts: readonly Part[]): void {
  const [first] = parts;
  if (!first) return;
  const graded = new Set(parts.flatMap(({ record }) => record.graded));
  const names = [...first.record.submissions.entries()].filter(([place]) => !graded.has(place + 1));
  if (names.length === 0) return;
  const of = Math.max(...parts.map(({ record }) => record.shard?.of ?? 1));
  const missing = shards(of).flatMap((shard): Missing[] => {
    const mine = names.filter(([place]) => isIn(shard, place)).map(([, name]) => name);
    const given = parts.find(
      ({ record }) => (record.shard?.number ?? 1) === shard.number && of === (record.shard?.of ?? 1),
    );
    return mine.length === 0 ? [] : [{ shard, names: mine, ...(given && { folder: given.folder }) }];
  });
  throw incomplete(first, missing);
}

function shards(of: number): Shard[] {
  return Array.from({ length: of }, (_, i) => ({ number: i + 1, of }));
}
