import { realpath, stat } from "node:fs/promises";
import { basename, dirname, relative, resolve, sep } from "node:path";
import { type Assignment, PROGRAMS, type Program, protocolOf, roleOf } from "../assignment/assignment.ts";
import { passedTo } from "../assignment/passing.ts";
import type { Text } from "../text.ts";
import { choose } from "./choose.ts";
import { listFiles, noPermission } from "./list-files.ts";
import { readManifests } from "./manifests.ts";
import { recognise, type Signs } from "./recognise.ts";
import {
  ambiguous,
  cannotRun,
  emptyFolder,
  neitherFileNorFolder,
  notAsked,
  notFound,
  nothingToRun,
  notInside,
  otherProgram,
} from "./refusals.ts";
import { languageOf, readSource, type SourceFile, systemCode } from "./source-file.ts";
import type { Entry, Mount, Submission } from "./submission.ts";

export interface OpenOptions {
  /** The file to run, relative to the submission. */
  readonly entry?: string;
  /** Look for this program only. */
  readonly program?: Program;
  /** What messages call it, where `path` is that of a copy. */
  readonly given?: string;
  /** What is clear is graded although other programs are in doubt. */
  readonly despiteDoubt?: true;
}

/**
 * Finds the programs of a submission, which is a file or a folder.
 *
 * @throws UserError when it cannot be read, holds nothing that Gema runs, or leaves in doubt which file is meant.
 */
export async function openSubmission(
  path: string,
  assignment: Assignment,
  options: OpenOptions = {},
): Promise<Submission> {
  const { program, given = path, despiteDoubt } = options;
  if (program !== undefined && assignment.programs[program] === undefined) throw notAsked(program, assignment);
  const absolute = resolve(path);
  const kind = await kindOf(absolute, given);
  const root = await realpath(kind === "folder" ? absolute : dirname(absolute));
  const own = kind === "folder" ? root : resolve(root, basename(absolute));
  const start: Start = {
    name: basename(absolute),
    path: given,
    root,
    handedIn: { path: own, source: own },
    asked: program === undefined ? askedOf(assignment) : [program],
  };
  const passed = start.asked.map((one) => passedTo(roleOf(one), assignment.contract));
  const byOne = passed.find(({ by }) => by === "command");
  if (byOne?.by === "command") return byCommand(start, byOne.command);
  if (options.entry !== undefined) return oneFile(start, await entryInside(root, options.entry), program);
  if (kind === "file")
    return oneFile(start, { name: basename(absolute), path: resolve(root, basename(absolute)) }, program);
  return folder(start, assignment, despiteDoubt);
}

interface Start {
  readonly name: string;
  readonly path: string;
  readonly root: string;
  readonly handedIn: Mount;
  readonly asked: readonly Program[];
}

function askedOf(assignment: Assignment): Program[] {
  return PROGRAMS.filter((program) => assignment.programs[program] !== undefined);
}

async function kindOf(absolute: string, path: string): Promise<"file" | "folder"> {
  try {
    const found = await stat(absolute);
    if (found.isDirectory()) return "folder";
    if (found.isFile()) return "file";
  } catch (error) {
    const code = systemCode(error);
    if (code === "EACCES" || code === "EPERM") throw noPermission(path);
    if (code === undefined) throw error;
    throw notFound(path, code);
  }
  throw neitherFileNorFolder(path);
}

async function entryInside(root: string, entry: string): Promise<SourceFile> {
  const path = resolve(root, entry);
  const name = relative(root, path).replaceAll(sep, "/");
  if (name.startsWith("../") || name === "" || !path.startsWith(root)) throw notInside(entry);
  if ((await kindOf(path, entry)) === "folder") throw neitherFileNorFolder(entry);
  return { name, path };
}

/** A file that somebody pointed at: only which program it is remains to be found. */
async function oneFile(start: Start, file: SourceFile, program: Program | undefined): Promise<Submission> {
  if (languageOf(file.name) === undefined) throw cannotRun(file.name, "language");
  const read = await readSource(file.path);
  if ("unusable" in read)
    throw read.unusable === "no-permission" ? noPermission(file.name) : cannotRun(file.name, read.unusable);
  const chosen = program ?? programOf(file, recognise(file.name, read.source), start.asked);
  return submissionOf(start, [entryOf(chosen, file, start.root)], [], []);
}

function programOf(file: SourceFile, { byName, bySource, protocol }: Signs, asked: readonly Program[]): Program {
  const looksLike = byName ?? bySource;
  const role = looksLike === "both" ? undefined : looksLike;
  const fitting = role === undefined ? asked : asked.filter((program) => roleOf(program) === role);
  const [onlyAsked] = asked;
  // Servers and clients make the same calls for datagrams: a source alone is no proof.
  if (fitting.length === 0 && onlyAsked && asked.length === 1 && byName === undefined && protocol === "udp")
    return onlyAsked;
  if (role !== undefined && fitting.length === 0) throw otherProgram(file.name, `${protocol ?? "tcp"}-${role}`, asked);
  const own = fitting.filter((program) => protocolOf(program) === protocol);
  const only = [fitting, own].find(({ length }) => length === 1)?.[0];
  if (only === undefined) throw ambiguous([file.name], undefined, asked);
  return only;
}

async function folder(start: Start, assignment: Assignment, despiteDoubt?: true): Promise<Submission> {
  const all = await listFiles(start.root);
  if (all.length === 0) throw emptyFolder(start.path);
  const candidates = all.filter(({ name }) => languageOf(name) !== undefined);
  if (candidates.length === 0) throw nothingToRun(start.path, all);

  const { found, notes, usable, inDoubt } = await choose(
    candidates,
    start.asked,
    assignment.programs,
    await readManifests(all),
  );
  const doubts = inDoubt.map(({ program, files }) =>
    ambiguous(
      files.map(({ name }) => name),
      program,
    ),
  );
  const [doubt] = doubts;
  if (doubt && (found.size === 0 || !despiteDoubt)) throw doubt;
  if (usable === 0) throw nothingToRun(start.path, all, notes);
  const entries = [...found].map(([program, file]) => entryOf(program, file, start.root));
  const missing = start.asked.filter((program) => !found.has(program));
  const opened = submissionOf(start, entries, missing, [...notes, ...doubts.map(({ what }) => what)]);
  return doubt ? { ...opened, inDoubt: inDoubt.flatMap(({ program }) => program ?? []) } : opened;
}

/** The assignment says how to start the program; the file named there is only for people. */
async function byCommand(start: Start, command: readonly string[]): Promise<Submission> {
  const files = new Set((await listFiles(start.root)).map(({ name }) => name));
  const named = command.map((part) => part.replace(/^\.\//, "")).find((part) => files.has(part));
  const entries = start.asked.map((program): Entry => {
    const file = named ?? command.join(" ");
    return {
      program,
      file,
      path: named === undefined ? start.root : resolve(start.root, named),
      language: "command",
      root: start.root,
    };
  });
  return submissionOf(start, entries, [], []);
}

function entryOf(program: Program, file: SourceFile, root: string): Entry {
  const language = languageOf(file.name);
  if (language === undefined) throw new Error(`no language for ${file.name}`);
  return { program, file: file.name, path: file.path, language, root };
}

function submissionOf(
  start: Start,
  entries: readonly Entry[],
  missing: readonly Program[],
  notes: readonly Text[],
): Submission {
  const { name, path, root, handedIn } = start;
  const programs = Object.fromEntries(entries.map((entry) => [entry.program, entry]));
  return { name, path, root, handedIn, programs, missing, notes };
}
