import { closeSync, lstatSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../user-error.ts";
import { systemCode } from "../source-file.ts";
import type { Limits } from "./limits.ts";
import { damaged, impossibleName, leadsOutside, sameNameTwice, tooLarge } from "./refused.ts";

/** Where the bytes of one file go. */
export interface OpenFile {
  /** @throws UserError when the archive has unpacked to too much */
  write(chunk: Uint8Array): void;
  close(): void;
}

/**
 * What an archive unpacks to: regular files and folders below one empty folder. Whatever the archive says of itself, all
 * is counted here when it comes. Names are those of the archive; a backslash separates, as old archives of Windows have it.
 *
 * Every method throws a UserError when the entry cannot be had without harm or loss, and the archive is to be given up.
 */
export class Sink {
  readonly #folder: string;
  readonly #archive: string;
  readonly #limits: Limits;
  readonly #made = new Set<string>();
  readonly #leftOut: string[] = [];
  #bytes = 0;
  #entries = 0;

  /** @param archive its name, for messages */
  constructor(folder: string, archive: string, limits: Limits) {
    this.#folder = folder;
    this.#archive = archive;
    this.#limits = limits;
  }

  get limits(): Limits {
    return this.#limits;
  }

  /** Entries that are neither file nor folder. */
  get leftOut(): readonly string[] {
    return this.#leftOut;
  }

  folder(name: string): void {
    const before = this.#entries;
    this.#makeFolders(this.#partsOf(name), name);
    if (this.#entries === before) this.#count();
  }

  file(name: string, executable: boolean): OpenFile {
    this.#count();
    const parts = this.#partsOf(name);
    if (parts.length === 0) throw impossibleName(this.#archive, name);
    this.#makeFolders(parts.slice(0, -1), name);
    const path = join(this.#folder, ...parts);
    const file = this.#attempt(name, () => openSync(path, "wx", executable ? 0o755 : 0o644));
    return { write: (chunk) => this.#write(file, chunk), close: () => closeSync(file) };
  }

  /** A link, a device or a pipe: it could lead anywhere. */
  leaveOut(name: string): void {
    this.#count();
    this.#leftOut.push(name);
  }

  #write(file: number, chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#limits.bytes) throw tooLarge(this.#archive, this.#limits);
    for (let written = 0; written < chunk.length; ) written += writeSync(file, chunk, written);
  }

  #count(): void {
    if (++this.#entries > this.#limits.entries) throw tooLarge(this.#archive, this.#limits);
  }

  #partsOf(name: string): string[] {
    const plain = name.replaceAll("\\", "/");
    if (plain.includes("\0")) throw impossibleName(this.#archive, name);
    const parts = plain.split("/");
    if (plain.startsWith("/") || /^[a-z]:/i.test(plain) || parts.includes(".."))
      throw leadsOutside(this.#archive, name);
    return parts.filter((part) => part !== "" && part !== ".");
  }

  /** Folders count, too: one long name could ask for thousands. */
  #makeFolders(parts: readonly string[], name: string): void {
    let folder = "";
    for (const part of parts) {
      folder = join(folder, part);
      if (this.#made.has(folder)) continue;
      this.#count();
      const path = join(this.#folder, folder);
      this.#attempt(name, () => makeFolder(path));
      this.#made.add(folder);
    }
  }

  #attempt<T>(name: string, act: () => T): T {
    try {
      return act();
    } catch (error) {
      const code = systemCode(error) ?? "";
      if (TAKEN.includes(code)) throw sameNameTwice(this.#archive, name);
      if (IMPOSSIBLE.includes(code)) throw impossibleName(this.#archive, name);
      throw error;
    }
  }
}

const TAKEN = ["EEXIST", "EISDIR", "ENOTDIR"];
/** Too long, or not what this file system takes for a name. */
const IMPOSSIBLE = ["ENAMETOOLONG", "EINVAL", "EILSEQ", "ENOENT"];

/** Where case does not matter, a folder may be there by another name: what is put into it still cannot overwrite. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (systemCode(error) !== "EEXIST" || !lstatSync(path).isDirectory()) throw error;
  }
}

/** What a reader of archives throws that is neither ours nor the operating system's says that the archive is damaged. */
export function rethrown(error: unknown, archive: string): unknown {
  if (error instanceof UserError || !(error instanceof Error) || "syscall" in error) return error;
  return damaged(archive, error.message);
}
