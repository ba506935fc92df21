import { createHash } from "node:crypto";
import type { Assignment } from "../assignment/assignment.ts";
import { UserError } from "../user-error.ts";
import { sha256 } from "../wire/payload.ts";

/** One of `of` parts of a class; `number` is counted from 1. */
export interface Shard {
  readonly number: number;
  readonly of: number;
}

/**
 * Reads `i/n`.
 * @throws UserError unless 1 <= i <= n
 */
export function parseShard(text: string): Shard {
  const [, number, of] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (number === undefined || of === undefined || number < 1 || number > of) throw noShard(text);
  return { number, of };
}

/**
 * Round robin over the sorted class: every submission is in one shard, and no shard has two more than another.
 * @param place of the submission in the whole class, from 0
 */
export function isIn({ number, of }: Shard, place: number): boolean {
  return place % of === number - 1;
}

/**
 * The seed that machines agree on without speaking to each other: whoever is asked the same of the same class has it.
 * Names are part of it, so that knowing the assignment alone does not tell the payloads beforehand.
 */
export function agreedSeed(assignment: Assignment, names: readonly string[]): number {
  const digest = createHash("sha256")
    .update(JSON.stringify([assignmentHash(assignment), names]))
    .digest();
  return digest.readUInt32BE() % 1_000_000;
}

/** SHA-256 of what was asked, whatever the order in which it was written down. */
export function assignmentHash(assignment: Assignment): string {
  return sha256(JSON.stringify(assignment, sortKeys));
}

function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function noShard(text: string): UserError {
  return new UserError({
    code: "no-shard",
    what: {
      en: `--shard ${text} names no part of a class.`,
      id: `--shard ${text} bukan bagian dari sebuah kelas.`,
    },
    help: {
      en: "Give i/n, counted from 1: of four parts, the first is --shard 1/4 and the last --shard 4/4.",
      id: "Berikan i/n, dihitung dari 1: dari empat bagian, yang pertama --shard 1/4 dan yang terakhir --shard 4/4.",
    },
  });
}
