import { isUtf8 } from "node:buffer";
import { createHash, randomUUID } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { appendFile, copyFile, link, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Assignment } from "../assignment/assignment.ts";
import type { Verdict } from "../checks/verdict.ts";
import { decodeEvidence, resultOf } from "../grade/evidence.ts";
import { gemaVersion } from "../grade/gema-version.ts";
import type { SubmissionResult } from "../grade/result.ts";
import { readStat } from "../kernel/processes.ts";
import type { Isolation } from "../launch/subject.ts";
import { listFiles } from "../submission/list-files.ts";
import { systemCode } from "../submission/source-file.ts";
import { EXIT, UserError } from "../user-error.ts";
import { sha256 } from "../wire/payload.ts";
import type { HandedIn } from "./class-folder.ts";
import { append, cannotWrite, writeWhole } from "./output.ts";

/** One submission that was graded; a line of JSON. */
const Line = z.strictObject({
  submission: z.string(),
  /** SHA-256 of all that the result follows from. */
  key: z.string(),
  /** SHA-256 of the assignment, of Gema's version and of the isolation. */
  asked: z.string(),
  seed: z.number(),
  /** The evidence, relative to the folder of the results. */
  evidence: z.string(),
});
type Line = z.infer<typeof Line>;

/** What all submissions of a run have in common. */
export interface Asked {
  readonly assignment: Assignment;
  readonly isolation: Isolation;
}

/** What an earlier run found, and the file that says so. */
interface Earlier {
  readonly result: SubmissionResult;
  readonly evidence: string;
}

/**
 * The memory of a folder of results. A submission whose files, assignment, isolation, seed and version of Gema are those
 * of an earlier run there need not be graded again, however that run ended: a line is added once the evidence is on disk.
 * While it is open no other run may use the folder.
 */
export class Journal {
  readonly #folder: string;
  readonly #lines: readonly Line[];
  readonly #asked: string;
  readonly #contents = new Map<HandedIn, Promise<string>>();

  private constructor(folder: string, lines: readonly Line[], asked: string) {
    this.#folder = folder;
    this.#lines = lines;
    this.#asked = asked;
  }

  /** @throws UserError when another run uses the folder, or it cannot be written */
  static async open(folder: string, { assignment, isolation }: Asked): Promise<Journal> {
    await takeLock(folder);
    const lines = await readLines(join(folder, JOURNAL));
    return new Journal(folder, lines, sha256(JSON.stringify([gemaVersion(), isolation, assignment])));
  }

  /** The seed of the last run that was asked the same. */
  get seed(): number | undefined {
    return this.#lines.findLast(({ asked }) => asked === this.#asked)?.seed;
  }

  /** The result of an earlier run, unless one of its checks has a verdict that is to be tried again. */
  async earlier(handedIn: HandedIn, seed: number, retry: readonly Verdict[]): Promise<Earlier | undefined> {
    const key = await this.#keyOf(handedIn, seed);
    const line = this.#lines.findLast((one) => one.submission === handedIn.name && one.key === key);
    const evidence = line && (await readIfThere(join(this.#folder, line.evidence)));
    if (evidence === undefined) return undefined;
    const result = resultIn(evidence);
    if (!result) return undefined;
    const checks = result.programs.flatMap((run) => run.checks);
    const verdicts = [result, ...checks].map(({ verdict }) => verdict);
    return verdicts.some((verdict) => retry.includes(verdict)) ? undefined : { result, evidence };
  }

  /** @param evidence where it was written, relative to the folder */
  async add(handedIn: HandedIn, seed: number, evidence: string): Promise<void> {
    const key = await this.#keyOf(handedIn, seed);
    const line: Line = { submission: handedIn.name, key, asked: this.#asked, seed, evidence };
    await append(join(this.#folder, JOURNAL), `${JSON.stringify(line)}\n`);
  }

  async close(): Promise<void> {
    await rm(join(this.#folder, LOCK), { force: true });
  }

  /** The content is that before the program was run. */
  async #keyOf(handedIn: HandedIn, seed: number): Promise<string> {
    const content = this.#contents.get(handedIn) ?? contentOf(handedIn);
    this.#contents.set(handedIn, content);
    return sha256(`${this.#asked} ${seed} ${await content}`);
  }
}

const JOURNAL = "journal.jsonl";
const LOCK = ".gema-running";

/**
 * Lines of a journal by the evidence that they are about; what was graded more than once has its last one.
 * @throws Error when the journal is there and cannot be read
 */
export async function journalLines(folder: string): Promise<ReadonlyMap<string, string>> {
  const lines = linesIn((await readIfThere(join(folder, JOURNAL))) ?? "");
  return new Map(lines.map((line) => [line.evidence, JSON.stringify(line)]));
}

/** Writes the journal of a new folder. */
export async function writeJournal(folder: string, lines: readonly string[]): Promise<void> {
  await writeWhole(join(folder, JOURNAL), lines.map((line) => `${line}\n`).join(""));
}

/** Evidence that was damaged since is as good as none. */
function resultIn(json: string): SubmissionResult | undefined {
  try {
    return resultOf(decodeEvidence(json, ""));
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** The last line of a run that was killed may be half a line: its submission is graded again. */
async function readLines(file: string): Promise<Line[]> {
  const text = (await readIfThere(file)) ?? "";
  // What is added next begins on a line of its own.
  if (text !== "" && !text.endsWith("\n")) await appendFile(file, "\n");
  return linesIn(text);
}

function linesIn(text: string): Line[] {
  return text.split("\n").flatMap((line) => {
    const parsed = Line.safeParse(parseOrNothing(line));
    return parsed.success ? [parsed.data] : [];
  });
}

function parseOrNothing(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // half a line
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  });
}

/** A hash of the names and bytes of all files that Gema reads of a submission; what cannot be read is named. */
async function contentOf({ path, files: several }: HandedIn): Promise<string> {
  const all = several ?? [{ name: "", path }];
  if (!all.every((one) => isUtf8(one.path))) return randomUUID(); // it is graded from a copy, each time anew
  const hash = createHash("sha256");
  const files = (await Promise.all(all.map(filesIn))).flat();
  for (const file of files) {
    hash.update(`\0${file.name}\0`);
    hash.update(await bytesOf(file.path).catch((error: unknown) => `unreadable: ${systemCode(error)}`));
  }
  return hash.digest("hex");
}

async function filesIn({ name, path }: { readonly name: string; readonly path: Buffer }) {
  if (!(await stat(path)).isDirectory()) return [{ name, path }];
  const files = await listFiles(path.toString()).catch(nothing);
  return files.map((file) => ({ ...file, name: name === "" ? file.name : `${name}/${file.name}` }));
}

/** A folder that cannot be read or is too large holds no submission: grading it says why. */
function nothing(error: unknown): [] {
  if (error instanceof UserError) return [];
  throw error;
}

async function bytesOf(path: string | Buffer): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** The lock names its process by id and time of birth, so that a process which has the id by chance holds no lock. */
async function takeLock(folder: string): Promise<void> {
  const lock = join(folder, LOCK);
  const own = `${lock}.${process.pid}`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(own, holder(process.pid));
    while (!(await isFirst(own, lock))) {
      await assertUnused(folder);
      await rm(lock, { force: true });
    }
  } catch (error) {
    throw error instanceof UserError ? error : cannotWrite(folder, error);
  } finally {
    await rm(own, { force: true }).catch(() => {}); // the first failure is the one to tell
  }
}

/** Gives the lock to a file that names its holder already: a run that is killed leaves none without a holder. */
async function isFirst(own: string, lock: string): Promise<boolean> {
  try {
    await link(own, lock).catch((error: unknown) => {
      if (!NO_LINKS.includes(systemCode(error) ?? "")) throw error;
      return copyFile(own, lock, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** What a file system answers that has no hard links, such as FAT: link(2). */
const NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

/** @throws UserError when a run on this machine writes to the folder */
export async function assertUnused(folder: string): Promise<void> {
  const lock = join(folder, LOCK);
  const held = await readIfThere(lock);
  if (held === undefined) return;
  const pid = Number(held.split(" ")[0]);
  if (held === "" || (isAlive(pid) && holder(pid) === held)) throw inUse(folder, lock, pid);
}

function holder(pid: number): string {
  return `${pid} ${process.platform === "linux" ? readStat(pid)?.startTime : ""}`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === "EPERM";
  }
}

function inUse(folder: string, lock: string, pid: number): UserError {
  return new UserError({
    code: "results-in-use",
    what: {
      en: `Another run (process ${pid}) writes its results to ${folder}.`,
      id: `Proses lain (${pid}) sedang menulis hasilnya ke ${folder}.`,
    },
    help: {
      en: `Wait for it, or give another folder by --out. If no such run is left, remove ${lock}.`,
      id: `Tunggu sampai selesai, atau beri folder lain dengan --out. Jika proses itu sudah tidak ada, hapus ${lock}.`,
    },
    exit: EXIT.broken,
  });
}
