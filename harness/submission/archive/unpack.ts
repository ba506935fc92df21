import { mkdir, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Text } from "../../text.ts";
import { listFiles, noPermission } from "../list-files.ts";
import { shown, systemCode } from "../source-file.ts";
import { LIMITS } from "./limits.ts";
import { Sink } from "./sink.ts";

/** What an archive held. */
export interface Unpacked {
  /** The submission's folder: the only one at the archive's top, else where all was unpacked to. */
  readonly root: string;
  readonly notes: readonly Text[];
}

const ARCHIVE = /\.(zip|tgz|tar\.gz|tar)$/i;
/** What students add for people to read, and what no program needs. */
const DOCUMENT = /\.(pdf|docx?|odt|rtf|txt|md|html?|png|jpe?g)$/i;
const GZIP = Buffer.from([0x1f, 0x8b]);
const ZIP = Buffer.from("PK");

export function isArchive(name: string): boolean {
  return ARCHIVE.test(name);
}

/**
 * The archive in a folder that holds nothing else but documents.
 * @throws UserError when the folder cannot be read or holds too many files
 */
export async function onlyArchiveIn(folder: string): Promise<string | Buffer | undefined> {
  const [file, another] = (await listFiles(folder)).filter(({ name }) => !DOCUMENT.test(name));
  return file && !another && isArchive(file.name) ? file.path : undefined;
}

/**
 * Unpacks an archive into a folder that is made for it: regular files and folders only, counted while they come. Its
 * kind is that of its first bytes: names are often wrong.
 *
 * @param name of the archive, for messages
 * @throws UserError when it is damaged or encrypted, unpacks to too much, or names an entry that cannot be had without
 * harm or loss
 */
export async function unpack(
  archive: string | Buffer,
  folder: string,
  name: string,
  limits = LIMITS,
): Promise<Unpacked> {
  const start = await firstBytes(archive, 2, name);
  await mkdir(folder);
  const sink = new Sink(folder, name, limits);
  const gzip = start.equals(GZIP);
  const zip = start.equals(ZIP) || (!gzip && /zip$/i.test(name));
  if (zip) await (await import("./zip.ts")).unzip(archive, sink, name);
  else await (await import("./tar.ts")).untar(archive, gzip, sink, name);
  return { root: await topOf(folder), notes: sink.leftOut.length > 0 ? [leftOut(sink.leftOut, name)] : [] };
}

async function firstBytes(path: string | Buffer, length: number, name: string): Promise<Buffer> {
  const file = await open(path).catch((error: unknown) => {
    const code = systemCode(error);
    throw code === "EACCES" || code === "EPERM" ? noPermission(name) : error;
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function topOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  const [only, another] = entries.filter(({ name }) => !name.startsWith(".") && name !== "__MACOSX");
  return only?.isDirectory() && !another ? join(folder, only.name) : folder;
}

function leftOut(names: readonly string[], archive: string): Text {
  const list = names.slice(0, 5).map(shown).join(", ") + (names.length > 5 ? ", ..." : "");
  return {
    en: `Links, devices and pipes of ${shown(archive)} were left out: ${list}.`,
    id: `Tautan, perangkat, dan pipa dari ${shown(archive)} tidak ikut dibuka: ${list}.`,
  };
}
