import { isUtf8 } from "node:buffer";
import { copyFile, mkdir, readdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import type { Text } from "../text.ts";
import type { BuildProblem, Bundle } from "./bundle.ts";
import { moduleInPackage } from "./imports.ts";
import { lackingPackages, nearestPackages } from "./packages.ts";
import { pythonInterpreter } from "./python.ts";
import { extensionOf, readSource, shown } from "./source-file.ts";
import type { Entry, Mount } from "./submission.ts";
import { mayLimitUnseen } from "./unseen-limits.ts";

/** A program, ready to be launched. */
export interface Runnable {
  /** The interpreter, its options and the file; empty when there is a problem, and for an entry by `command`. */
  readonly command: readonly string[];
  /** What its author types to start it, in the submission's folder; empty where `command` is. */
  readonly byHand: readonly string[];
  /** The submission's folder: students open files relative to it. */
  readonly cwd: string;
  /** All that it has to read: the submission, and what was made here. */
  readonly readable: readonly Mount[];
  readonly notes: readonly Text[];
  /** It may limit its waits in a way that nobody sees. */
  readonly unseenLimits: boolean;
  /** A mistake in the student's source that leaves nothing to run; a check fails with it. */
  readonly problem?: Text;
}

/**
 * After some work V8 sets itself a timer of 8 s to give memory back, and as long as it runs nobody can prove that the
 * program waits for nothing. It has no other effect.
 */
const NODE = [process.execPath, "--no-memory-reducer"];

/**
 * Makes a program ready: finds its interpreter, and turns TypeScript into a file below `workDir`. JavaScript runs as it
 * is. What was made for the same program before is replaced.
 *
 * @throws UserError when Python is missing. A mistake in the student's source is a `problem`, not an exception.
 */
export async function prepareEntry(entry: Entry, { workDir, handedIn, prepared }: Surroundings): Promise<Runnable> {
  const own = { cwd: entry.root, readable: [handedIn], notes: [], unseenLimits: await mayLimitUnseen(entry) };
  if (entry.language === "command") return { ...own, command: [], byHand: [] };
  const folder = await freshFolder(join(workDir, entry.program));
  const ready = { ...own, readable: [handedIn, sameAt(folder)], byHand: byHand(entry) };
  const file = typeof entry.path === "string" ? entry.path : await standIn(entry, entry.path, folder);
  if (entry.language === "python") return { ...ready, ...(await pythonCommands(entry, file)) };

  const packages = prepared ?? (await nearestPackages(dirname(file)));
  const lacking = await lackingPackages(entry.root, packages);
  const notes = lacking ? [lacking] : [];
  const { bundle } = await import("./bundle.ts"); // esbuild is loaded only for a program that may need it
  const result = await bundle({
    entry: file,
    root: file === entry.path ? entry.root : dirname(file),
    outFolder: folder,
    ...(prepared !== undefined && { packagesBeside: folder }),
    // What a sandbox would hide may not come in by the bundle.
    ...(handedIn.source !== handedIn.path && { within: [await realpath(handedIn.path), folder] }),
  });
  // Node is the judge of JavaScript: a bundler may refuse what Node accepts.
  if (/js$/i.test(entry.file) && ("problem" in result || !(result.typescript || prepared))) {
    return { ...ready, notes, command: [...NODE, file] };
  }
  if ("problem" in result) return { ...ready, command: [], byHand: [], problem: problemText(result.problem, entry) };
  return {
    ...ready,
    notes,
    readable: [...ready.readable, ...(packages === undefined || isIn(packages, handedIn) ? [] : [sameAt(packages)])],
    command: [...NODE, "--enable-source-maps", await write(result, folder, packages)],
  };
}

/** A file that is a part of a package is run by its module's name. */
async function pythonCommands(entry: Entry, file: string): Promise<Pick<Runnable, "command" | "byHand">> {
  const interpreter = await pythonInterpreter();
  const read = typeof entry.path === "string" ? await readSource(entry.path) : { source: "" };
  const module = "source" in read ? moduleInPackage(entry.file, read.source) : undefined;
  if (module === undefined) return { command: [interpreter, file], byHand: byHand(entry) };
  return { command: [interpreter, "-m", module], byHand: ["python3", "-m", module] };
}

function byHand({ file, language }: Entry): string[] {
  if (language === "python") return ["python3", file];
  return /ts$/i.test(file) ? ["npx", "tsx", file] : ["node", file];
}

interface Surroundings {
  readonly workDir: string;
  readonly handedIn: Mount;
  /** A `node_modules` that takes the place of the submission's own, absolute. */
  readonly prepared?: string | undefined;
}

/** Then it comes with the submission, unless it is a link to the outside. */
function isIn(path: string, { path: folder }: Mount): boolean {
  return path.startsWith(folder + sep);
}

function sameAt(path: string): Mount {
  return { path, source: path };
}

/** Without links in its path, since source maps lead from here to the sources by steps up and down. */
async function freshFolder(path: string): Promise<string> {
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true });
  return realpath(path);
}

async function write({ code, format }: Bundle, folder: string, packages: string | undefined): Promise<string> {
  if (packages !== undefined) await symlink(packages, join(folder, "node_modules"), "junction");
  const built = join(folder, format === "esm" ? "program.mjs" : "program.cjs");
  await writeFile(built, code);
  return built;
}

/**
 * A name in UTF-8 for a file that has none, since Node cannot pass other bytes to a program. Python follows a link to
 * where the file's neighbours are; for Node they are linked beside a copy.
 */
async function standIn(entry: Entry, path: Buffer, workFolder: string): Promise<string> {
  const name = `${entry.program}.${extensionOf(entry.file)}`;
  const folder = join(workFolder, "source");
  await mkdir(folder);
  if (entry.language === "python") {
    await symlink(path, join(folder, name));
    return join(folder, name);
  }
  const parent = path.subarray(0, path.lastIndexOf("/") + 1);
  for (const neighbour of await readdir(parent, { encoding: "buffer" })) {
    if (!isUtf8(neighbour) || neighbour.toString() === name) continue;
    await symlink(Buffer.concat([parent, neighbour]), join(folder, neighbour.toString()));
  }
  await copyFile(path, join(folder, name));
  return join(folder, name);
}

function problemText({ message, file, line }: BuildProblem, entry: Entry): Text {
  const place = `${shown(file ?? entry.file)}${line === undefined ? "" : `:${line}`}`;
  return {
    en: `${place}: the TypeScript cannot be built: ${message}`,
    id: `${place}: TypeScript tidak dapat dibangun (build): ${message}`,
  };
}
