import { isUtf8 } from "node:buffer";
import { readdir, realpath, stat } from "node:fs/promises";
import { sep } from "node:path";
import { UserError } from "../user-error.ts";
import { nameFrom, type SourceFile, shown, systemCode } from "./source-file.ts";

/** Folders that hold what others wrote, or what a build made. */
const SKIPPED = new Set(["node_modules", "dist", "__pycache__", "__MACOSX", "venv", "env", "site-packages"]);

/** A submission with more is no homework, and reading it could take for ever. */
const MOST_ENTRIES = 20_000;

/**
 * All regular files below a folder. Links to folders are not followed, so there are no cycles;
 * links to files are, when they stay inside.
 *
 * @throws UserError when a folder cannot be read or there are too many files.
 */
export async function listFiles(root: string): Promise<SourceFile[]> {
  const inside = Buffer.from((await realpath(root)) + sep);
  const files: SourceFile[] = [];
  const folders: Buffer[] = [Buffer.from(root)];
  let entries = 0;
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    for (const entry of await read(folder, root)) {
      if (++entries > MOST_ENTRIES) throw tooMany(root);
      const path = Buffer.concat([folder, Buffer.from(sep), entry.name]);
      const name = nameFrom(entry.name);
      if (name.startsWith(".")) continue;
      if (entry.isDirectory() && !SKIPPED.has(name)) folders.push(path);
      if (entry.isFile() || (entry.isSymbolicLink() && (await isFileInside(path, inside)))) {
        files.push({ name: relative(path, root), path: isUtf8(path) ? path.toString() : path });
      }
    }
  }
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function read(folder: Buffer, root: string) {
  try {
    return await readdir(folder, { encoding: "buffer", withFileTypes: true });
  } catch (error) {
    const code = systemCode(error);
    if (code !== "EACCES" && code !== "EPERM") throw error;
    throw noPermission(relative(folder, root) || root);
  }
}

async function isFileInside(link: Buffer, inside: Buffer): Promise<boolean> {
  try {
    const target = await realpath(link, { encoding: "buffer" });
    return target.subarray(0, inside.length).equals(inside) && (await stat(target)).isFile();
  } catch (error) {
    // A link to nothing, to itself, or to what may not be read is no program.
    if (systemCode(error) !== undefined) return false;
    throw error;
  }
}

function relative(path: Buffer, root: string): string {
  return nameFrom(path.subarray(Buffer.byteLength(root) + 1)).replaceAll(sep, "/");
}

/** The error for a file or folder that the user running Gema may not read. */
export function noPermission(name: string): UserError {
  return new UserError({
    code: "submission-no-permission",
    what: { en: `${shown(name)} may not be read.`, id: `${shown(name)} tidak boleh dibaca.` },
    help: { en: "Give yourself the right to read it (chmod).", id: "Beri diri Anda izin membacanya (chmod)." },
  });
}

function tooMany(root: string): UserError {
  return new UserError({
    code: "submission-too-large",
    what: {
      en: `${shown(root)} holds more than ${MOST_ENTRIES} files.`,
      id: `${shown(root)} berisi lebih dari ${MOST_ENTRIES} berkas.`,
    },
    help: { en: "Point at the program's file instead.", id: "Tunjuk langsung berkas programnya." },
  });
}
