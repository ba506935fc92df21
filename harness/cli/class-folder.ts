import { isUtf8 } from "node:buffer";
import { copyFile, mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve, sep } from "node:path";
import { nameFrom, shown, systemCode } from "../submission/source-file.ts";
import { UserError } from "../user-error.ts";
import { byStudent, type Named, namesBy, type Student, usualNames } from "./student-names.ts";

/** What one student handed in: a file or folder of the class, or several. */
export interface HandedIn {
  /** The student's, nobody else's. Bytes that are no UTF-8 are written as `\xNN`. */
  readonly name: string;
  /** What the learning platform calls the student, where that can be read. */
  readonly id?: string;
  /** The first of several. */
  readonly path: Buffer;
  /** Where there are several, or one whose name was more than a file's: each by the name that the student gave it. */
  readonly files?: readonly HandedInFile[];
}

export interface HandedInFile {
  readonly name: string;
  readonly path: Buffer;
}

export interface ClassFolder {
  readonly submissions: readonly HandedIn[];
  /** Names of what lies there and was not taken for a submission. */
  readonly leftOut: readonly string[];
}

/** What teachers put there, and what programs write there, without isolation. */
const NOT_SUBMISSIONS = /^(node_modules|__pycache__)$|\.(ya?ml|md|json)$|\.(log|csv|db|sqlite3?|pid)$/i;

/**
 * What in a folder can be a submission: nothing hidden, nothing that is ours. Whose it is follows from its name.
 *
 * @param ours paths of the assignment and the results
 * @param names how to read students from names, as a pattern; without it, as Moodle and Canvas write them
 * @throws UserError when the folder cannot be read or holds none, or the pattern is none or fits nothing.
 */
export async function readClass(folder: string, ours: readonly string[], names?: string): Promise<ClassFolder> {
  const read = names === undefined ? usualNames : namesBy(names);
  const entries = await readdir(Buffer.from(folder), { encoding: "buffer", withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      throw noSubmissions(folder, error.code ?? "");
    },
  );
  const own = ours.map((path) => resolve(path));
  const found: InClass[] = [];
  const leftOut: string[] = [];
  for (const entry of entries) {
    const name = nameFrom(entry.name);
    if (name.startsWith(".") || own.includes(resolve(folder, name))) continue;
    const path = Buffer.concat([Buffer.from(join(folder, sep)), entry.name]);
    const kind = await kindOf(path);
    const isFolder = kind === "folder";
    const isSomebodys = !NOT_SUBMISSIONS.test(name) || read({ name, isFolder }) !== undefined;
    if (kind && isSomebodys) found.push({ name, path, isFolder });
    else leftOut.push(name);
  }
  if (found.length === 0) throw noSubmissions(folder, "empty");
  if (names !== undefined && !found.some(read)) throw fitsNothing(names, found[0]?.name ?? "");
  const { students, leftOut: typed } = byStudent(found.sort(byName), read);
  return {
    submissions: students.map(handedInBy).sort(byName),
    leftOut: [...leftOut, ...typed.map(({ name }) => name)].sort(),
  };
}

interface InClass extends Named {
  readonly path: Buffer;
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

function handedInBy({ name, id, parts }: Student<InClass>): HandedIn {
  const [first, another] = parts;
  if (!first) throw new Error(`nothing of ${name}`);
  const { path, isFolder } = first.entry;
  const asItIs = !another && (isFolder || first.file === first.entry.name);
  const files = parts.map(({ file, entry }) => ({ name: file, path: entry.path }));
  return { name, ...(id !== undefined && { id }), path, ...(!asItIs && { files }) };
}

/** Links followed. A pipe or a device, which may be read for ever, is neither, and so is a link to nothing. */
export async function kindOf(path: string | Buffer): Promise<"file" | "folder" | undefined> {
  const found = await stat(path).catch((error: unknown) => {
    if (systemCode(error) === undefined) throw error;
    return undefined;
  });
  if (found?.isDirectory()) return "folder";
  return found?.isFile() ? "file" : undefined;
}

/** Gives a path that is text: that of the submission itself, or of a copy where that has none or is in several places. */
export async function withTextPath<T>(handedIn: HandedIn, use: (path: string) => Promise<T>): Promise<T> {
  const { name, path, files } = handedIn;
  if (!files && isUtf8(path)) return use(path.toString());
  const folder = await mkdtemp(join(tmpdir(), "gema-copy-"));
  try {
    const copies = files ?? [{ name: basename(name), path }];
    for (const file of copies) await copyInto(file.path, join(folder, file.name));
    const [only, another] = copies;
    return await use(only && !another ? join(folder, only.name) : folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Regular files and folders only: a link could lead anywhere. */
async function copyInto(from: Buffer, to: string): Promise<void> {
  const entries = await readdir(from, { encoding: "buffer", withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOTDIR") return undefined;
      throw error;
    },
  );
  if (entries === undefined) return copyFile(from, to);
  await mkdir(to);
  for (const entry of entries) {
    const inside = Buffer.concat([from, Buffer.from(sep), entry.name]);
    if (entry.isDirectory() || entry.isFile()) await copyInto(inside, join(to, nameFrom(entry.name)));
  }
}

function noSubmissions(folder: string, reason: string): UserError {
  return new UserError({
    code: "no-submissions",
    what: {
      en: `There are no submissions in ${folder} (${reason}).`,
      id: `Tidak ada kumpulan tugas di ${folder} (${reason}).`,
    },
    help: {
      en: "Give a folder that holds one sub-folder or file for each submission.",
      id: "Berikan folder yang berisi satu subfolder atau file untuk setiap kumpulan tugas.",
    },
  });
}

function fitsNothing(pattern: string, name: string): UserError {
  const [given, example] = [shown(pattern), shown(name)];
  return new UserError({
    code: "names-fit-nothing",
    what: {
      en: `--names ${given} fits no name in the folder, e.g. not ${example}.`,
      id: `--names ${given} tidak cocok dengan satu nama pun di folder itu, misalnya tidak dengan ${example}.`,
    },
    help: {
      en: "Mend the pattern, or leave it out: names of Moodle and Canvas are understood.",
      id: "Perbaiki polanya, atau jangan pakai: nama dari Moodle dan Canvas sudah dimengerti.",
    },
  });
}
