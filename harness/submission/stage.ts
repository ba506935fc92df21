import { constants } from "node:fs";
import { lstat, mkdir, open, readdir, realpath, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { UserError } from "../user-error.ts";
import { noPermission } from "./list-files.ts";
import { nameFrom, shown, systemCode } from "./source-file.ts";

/** How much is copied. */
export interface Most {
  readonly bytes: number;
  readonly entries: number;
}

/** A submission with more is no homework. */
const MOST: Most = { bytes: 256 * 1024 * 1024, entries: 20_000 };
/** What no program of the student's reads: history, and what Python makes anew. */
const LEFT_OUT = new Set([".git", "__pycache__"]);

/**
 * Copies a submission, a file or a folder or what a link leads to, to `target`: regular files and folders only, and links
 * to regular files inside. Everybody who is let into the folder of `target` may read the copy.
 *
 * @throws UserError when it is too large, or a folder of it cannot be read
 */
export async function stage(source: string, target: string, most = MOST): Promise<void> {
  const root = await realpath(source, { encoding: "buffer" });
  const inside = Buffer.concat([root, Buffer.from(sep)]);
  const room = await realpath(dirname(target), { encoding: "buffer" }); // may lie in the submission
  const left = { ...most };
  const tooMuch = (): UserError => tooLarge(source, most);
  const copy = async (from: Buffer, to: string): Promise<void> => {
    if (from.equals(room)) return;
    if (--left.entries < 0) throw tooMuch();
    const found = await lstat(from).catch(ifThere);
    if (!found) return; // an editor moved it away
    if (found.isDirectory()) {
      await mkdir(to);
      for (const name of await namesIn(from)) {
        const safe = nameFrom(name);
        if (!LEFT_OUT.has(safe)) await copy(Buffer.concat([from, Buffer.from(sep), name]), join(to, safe));
      }
    } else if (found.isFile()) {
      left.bytes -= await copyFile(from, to, left.bytes, tooMuch);
    } else if (found.isSymbolicLink()) {
      const file = await fileInside(from, inside);
      if (file) left.bytes -= await copyFile(file, to, left.bytes, tooMuch);
    }
  };
  await copy(root, target);
}

function ifThere(error: unknown): undefined {
  if (systemCode(error) !== "ENOENT") throw error;
}

async function namesIn(folder: Buffer): Promise<Buffer[]> {
  return readdir(folder, { encoding: "buffer" }).catch((error: unknown) => {
    const code = systemCode(error);
    throw code === "EACCES" || code === "EPERM" ? noPermission(nameFrom(folder)) : error;
  });
}

/** What a link leads to, when that is a regular file of the same submission. */
async function fileInside(link: Buffer, inside: Buffer): Promise<Buffer | undefined> {
  try {
    const target = await realpath(link, { encoding: "buffer" });
    return target.subarray(0, inside.length).equals(inside) && (await lstat(target)).isFile() ? target : undefined;
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return undefined; // a link to nothing, to itself, or to what may not be read
  }
}

/** @returns how many bytes the file has. What was a file a moment ago may be a link or a FIFO now: neither is opened. */
async function copyFile(from: Buffer, to: string, mostBytes: number, tooMuch: () => UserError): Promise<number> {
  const file = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      const code = systemCode(error);
      if (code !== "EACCES" && code !== "EPERM") throw error;
      return undefined;
    },
  );
  // What may not be read here may not be read there either.
  if (!file) {
    await writeFile(to, "", { mode: 0 });
    return 0;
  }
  try {
    const found = await file.stat();
    if (!found.isFile()) return 0;
    if (found.size > mostBytes) throw tooMuch();
    const copy = await open(to, "w", found.mode & 0o111 ? 0o755 : 0o644);
    try {
      const piece = Buffer.alloc(Math.min(1 << 20, found.size + 1));
      let copied = 0;
      for (;;) {
        const { bytesRead } = await file.read(piece, 0, piece.length, null);
        copied += bytesRead;
        if (copied > mostBytes) throw tooMuch();
        if (bytesRead === 0) return copied;
        await copy.write(piece, 0, bytesRead);
      }
    } finally {
      await copy.close();
    }
  } finally {
    await file.close();
  }
}

function tooLarge(submission: string, { bytes, entries }: Most): UserError {
  const name = shown(submission);
  const mib = bytes / 1024 / 1024;
  return new UserError({
    code: "submission-too-large",
    what: {
      en: `${name} is too large: more than ${mib} MiB or ${entries} files.`,
      id: `${name} terlalu besar: lebih dari ${mib} MiB atau ${entries} berkas.`,
    },
    help: {
      en: "Leave out what is not the student's own work, such as node_modules and virtual environments.",
      id: "Hapus yang bukan karya mahasiswa sendiri, misalnya node_modules dan virtual environment.",
    },
  });
}
