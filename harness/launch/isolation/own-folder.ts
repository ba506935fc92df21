import { closeSync, lstatSync, openSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Mount } from "../../submission/submission.ts";

const MIB = 1 << 20;
/** What is larger than an exercise, such as packages, is not copied for each launch: it is there to be read alone. */
const COPIED = { entries: 100, bytes: 4 * MIB };
/** What a program may have in its folder, the copies included: a log of all that it hears and says, in hexadecimal. */
export const FOLDER_BYTES = 256 * MIB;

/** A program's own folder in a sandbox. */
export interface OwnFolder {
  /** Of bubblewrap (bwrap(1)), which finds the descriptors in their order from a number on. */
  readonly args: readonly string[];
  /** Open files, to be closed once bubblewrap has them. */
  readonly descriptors: readonly number[];
}

/** For bubblewrap: a file or folder that cannot be changed. */
export function readOnly({ path, source }: Mount): string[] {
  return ["--ro-bind", source, path];
}

/** What is to be read in a folder that is `cwd`, or lies in it. */
export function isOwn({ path }: Mount, cwd: string): boolean {
  return path === cwd || dirname(path) === cwd;
}

/**
 * A folder at `cwd` with copies of what was handed in, where a program may write as it does on its author's machine: a log,
 * say. What it writes is its own, and is gone with it.
 *
 * @param mounts regular files and folders of them, at `cwd` or in it
 * @param firstFd the first descriptor's number in bubblewrap
 */
export function ownFolder(cwd: string, mounts: readonly Mount[], firstFd: number): OwnFolder {
  // The root folder holds more than what was handed in.
  if (cwd === "/") return { args: mounts.flatMap(readOnly), descriptors: [] };
  const args = mounts.length === 0 ? [] : ["--size", String(FOLDER_BYTES), "--tmpfs", cwd];
  const descriptors: number[] = [];
  let left = COPIED;
  for (const mount of mounts.flatMap((one) => (one.path === cwd ? childrenOf(one) : one))) {
    const entries = [...entriesOf(mount, left.entries)];
    const bytes = entries.reduce((sum, one) => sum + one.bytes, 0);
    if (entries.length > left.entries || bytes > left.bytes) {
      args.push(...readOnly(mount));
      continue;
    }
    left = { entries: left.entries - entries.length, bytes: left.bytes - bytes };
    for (const { path, source, isFolder, mode } of entries) {
      if (isFolder) args.push("--dir", path);
      else {
        args.push("--perms", mode.toString(8).padStart(4, "0"), "--file", String(firstFd + descriptors.length), path);
        descriptors.push(openSync(mode & 0o400 ? source : EMPTY, "r"));
      }
    }
  }
  return { args, descriptors };
}

/** What its owner may not read was not read when it was copied, either. */
const EMPTY = "/dev/null";

export function close({ descriptors }: OwnFolder): void {
  for (const descriptor of descriptors) closeSync(descriptor);
}

interface Entry extends Mount {
  readonly isFolder: boolean;
  readonly mode: number;
  readonly bytes: number;
}

/** Folders before what is in them; no more than one too many. */
function* entriesOf(mount: Mount, most: number): Generator<Entry> {
  let left = most;
  const waiting = [mount];
  for (const one of waiting) {
    const found = lstatSync(one.source);
    yield { ...one, isFolder: found.isDirectory(), mode: found.mode & 0o777, bytes: found.size };
    if (--left < 0) return;
    if (found.isDirectory()) waiting.push(...childrenOf(one));
  }
}

function childrenOf({ path, source }: Mount): Mount[] {
  const names = readdirSync(source);
  return names.map((name) => ({ path: join(path, name), source: join(source, name) }));
}
