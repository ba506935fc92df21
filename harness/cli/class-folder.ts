import { isUtf8 } from "node:buffer";
import { copyFile, mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve, sep } from "node:path";
import { nameFrom, systemCode } from "../submission/source-file.ts";
import { UserError } from "../user-error.ts";

/** What one student handed in: a file or folder of the class. */
export interface HandedIn {
  /** Bytes that are no UTF-8 are written as `\xNN`. */
  readonly name: string;
  readonly path: Buffer;
}

export interface ClassFolder {
  readonly submissions: readonly HandedIn[];
  /** Names of what lies there and was not taken for a submission. */
  readonly leftOut: readonly string[];
}

const NOT_SUBMISSIONS = /^(node_modules|__pycache__)$|\.(ya?ml|md|json)$/i;

/**
 * What in a folder can be a submission: nothing hidden, nothing that is ours.
 *
 * @param ours paths of the assignment and the results
 * @throws UserError when the folder cannot be read or holds none.
 */
export async function readClass(folder: string, ours: readonly string[]): Promise<ClassFolder> {
  const entries = await readdir(Buffer.from(folder), { encoding: "buffer", withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      throw noSubmissions(folder, error.code ?? "");
    },
  );
  const own = ours.map((path) => resolve(path));
  const submissions: HandedIn[] = [];
  const leftOut: string[] = [];
  for (const entry of entries) {
    const name = nameFrom(entry.name);
    if (name.startsWith(".") || own.includes(resolve(folder, name))) continue;
    const path = Buffer.concat([Buffer.from(join(folder, sep)), entry.name]);
    if (NOT_SUBMISSIONS.test(name) || !(await isFileOrFolder(path))) leftOut.push(name);
    else submissions.push({ name, path });
  }
  if (submissions.length === 0) throw noSubmissions(folder, "empty");
  return { submissions: submissions.sort((a, b) => (a.name < b.name ? -1 : 1)), leftOut: leftOut.sort() };
}

/** Links followed. A pipe or a device, which may be read for ever, is neither, and so is a link to nothing. */
async function isFileOrFolder(path: Buffer): Promise<boolean> {
  const found = await stat(path).catch((error: unknown) => {
    if (systemCode(error) === undefined) throw error;
    return undefined;
  });
  return found !== undefined && (found.isFile() || found.isDirectory());
}

/** Gives a path that is text: that of the submission itself, or of a copy when its name is no UTF-8. */
export async function withTextPath<T>({ name, path }: HandedIn, use: (path: string) => Promise<T>): Promise<T> {
  if (isUtf8(path)) return use(path.toString());
  const folder = await mkdtemp(join(tmpdir(), "gema-copy-"));
  try {
    const copy = join(folder, basename(name));
    await copyInto(path, copy);
    return await use(copy);
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
