import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Assignment } from "../assignment/assignment.ts";
import { gemaVersion } from "../grade/gema-version.ts";
import type { Isolation } from "../launch/subject.ts";
import { systemCode } from "../submission/source-file.ts";
import type { Language } from "../text.ts";
import { EXIT, UserError } from "../user-error.ts";
import { writeWhole } from "./output.ts";
import { assignmentHash, type Shard } from "./shard.ts";

const FILE = "run.json";

const count = z.int().positive();

/** What a folder of results is: the part of which class, asked what, under which circumstances. */
const RunRecord = z
  .strictObject({
    schema: z.literal(1),
    gema: z.string(),
    assignment: z.strictObject({
      name: z.string(),
      /** The preset or file, as given. */
      given: z.string(),
      sha256: z.string(),
    }),
    isolation: z.enum(["none", "partial", "full"]),
    seed: z.int().nonnegative(),
    /** Of the reports. */
    language: z.enum(["en", "id"]),
    /** Absent when the run was about the whole class. */
    shard: z.exactOptional(z.strictObject({ number: count, of: count })),
    /** Names of the whole class, in its order. */
    submissions: z.array(z.string()).readonly(),
    /** What the learning platform calls the students, by their names; only of those where it is known. */
    ids: z.record(z.string(), z.string()),
    /** Places in the class, from 1, whose results are here; empty while the run lasts. */
    graded: z.array(count).readonly(),
  })
  .refine(({ submissions, graded }) => graded.every((place) => place <= submissions.length), {
    path: ["graded"],
    error: "a place that the class does not have",
  });
export type RunRecord = z.infer<typeof RunRecord>;

/** A folder of results and what it says about itself. */
export interface Part {
  readonly folder: string;
  readonly record: RunRecord;
}

/** A run of `gema grade`: what is known before anything is graded. */
export interface Run {
  readonly assignment: Assignment;
  /** The preset or file, as given. */
  readonly given: string;
  readonly isolation: Isolation;
  readonly seed: number;
  readonly language: Language;
  readonly shard: Shard | undefined;
  readonly submissions: readonly string[];
  readonly ids: ReadonlyMap<string, string>;
}

/** @param places of what was graded, from 0 */
export async function recordRun(
  folder: string,
  { assignment, given, isolation, seed, language, shard, submissions, ids }: Run,
  places: readonly number[],
): Promise<void> {
  const asked = { name: assignment.name, given, sha256: assignmentHash(assignment) };
  const graded = places.map((place) => place + 1).sort((a, b) => a - b);
  const about = {
    isolation,
    seed,
    language,
    ...(shard && { shard }),
    submissions,
    ids: Object.fromEntries(ids),
    graded,
  };
  await writeRecord(folder, { schema: 1, gema: gemaVersion(), assignment: asked, ...about });
}

export async function writeRecord(folder: string, record: RunRecord): Promise<void> {
  await writeWhole(join(folder, FILE), `${JSON.stringify(record, null, 2)}\n`);
}

/**
 * @returns undefined when the folder has none
 * @throws UserError when what is there is no record that this version reads
 */
export async function readRecord(folder: string): Promise<RunRecord | undefined> {
  const file = join(folder, FILE);
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return undefined;
    throw notARecord(file, systemCode(error) ?? String(error));
  });
  if (text === undefined) return undefined;
  const parsed = RunRecord.safeParse(parseOr(text, file));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw notARecord(file, `${issue?.path.join(".") || "$"}: ${issue?.message}`);
}

/**
 * Each assignment, and each part of a class, has a folder of its own: its reports would replace those of the other. An
 * assignment that was edited is the same by its name, and the whole class may go on where a part of it was graded.
 * @throws UserError when the folder holds the results of another assignment, or of another part
 */
export async function assertOwnFolder(folder: string, { name }: Assignment, shard?: Shard): Promise<void> {
  const record = await readRecord(folder);
  if (!record) return;
  const { shard: held = { number: 1, of: 1 }, assignment } = record;
  if (assignment.name !== name) throw otherAssignment(folder, assignment.name, name);
  if (!shard) return;
  if (held.number !== shard.number || held.of !== shard.of) throw otherShard(folder, held, shard);
}

function otherAssignment(folder: string, held: string, wanted: string): UserError {
  return new UserError({
    code: "other-assignment",
    what: {
      en: `${folder} holds the results of the assignment ${held}, and these would be of ${wanted}.`,
      id: `${folder} berisi hasil tugas ${held}, sedangkan ini tugas ${wanted}.`,
    },
    help: {
      en: "Give each assignment a folder of its own with --out.",
      id: "Beri setiap tugas folder sendiri dengan --out.",
    },
  });
}

function parseOr(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notARecord(file, error instanceof Error ? error.message : String(error));
  }
}

function notARecord(file: string, reason: string): UserError {
  return new UserError({
    code: "record-damaged",
    what: {
      en: `${file} is not what this version of Gema writes about a run (${reason}).`,
      id: `${file} bukan catatan proses yang ditulis oleh versi Gema ini (${reason}).`,
    },
    help: {
      en: "Take an untouched copy of the folder, or grade that part of the class again into a new one.",
      id: "Ambil salinan folder yang utuh, atau nilai lagi bagian kelas itu ke folder yang baru.",
    },
    exit: EXIT.usage,
  });
}

function otherShard(folder: string, held: Shard, wanted: Shard): UserError {
  const [has, asks] = [held, wanted].map(({ number, of }) => `${number}/${of}`);
  return new UserError({
    code: "other-shard",
    what: {
      en: `${folder} holds the results of shard ${has}, and these would be of shard ${asks}.`,
      id: `${folder} berisi hasil bagian ${has}, sedangkan ini bagian ${asks}.`,
    },
    help: {
      en: `Give each shard a folder of its own, as in --out shards/${wanted.number}; gema merge puts them together.`,
      id: `Beri setiap bagian folder sendiri, misalnya --out shards/${wanted.number}; gema merge menggabungkannya.`,
    },
  });
}
