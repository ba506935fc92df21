import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import type { Pair, Program } from "../harness/assignment/assignment.ts";

/** What is started by itself, and not imported. */
const STARTED = ["harness/cli/slot-worker.ts", "harness/wire/another-host-worker.ts"];
const HOOKS = "harness/trace/hooks";
/** What names mistakes and what tells of them comes when the verdicts stand. */
const AFTER_VERDICTS = /^harness\/(mistakes|report)\//;

/** Each runs programs of one kind, and is loaded with the others. */
const BENCH = /^harness\/grade\/(server|client|pair)-bench\.ts$/;

/**
 * The files that have a part in the verdicts on these programs, relative to the project: whatever a slot loads for them.
 * Of the checks, which are found by their folders, only theirs.
 */
export async function verdictFiles(programs: readonly (Program | Pair)[]): Promise<string[]> {
  const checks = await Promise.all(programs.map((program) => filesIn(`harness/checks/${program}`)));
  const { metafile } = await build({
    entryPoints: [...STARTED, ...checks.flat()],
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    outdir: "unwritten",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const isForThem = (file: string): boolean => {
    const kind = BENCH.exec(file)?.[1];
    return kind === undefined || programs.some((program) => program.endsWith(kind));
  };
  const loaded = Object.keys(metafile.inputs).filter((file) => !AFTER_VERDICTS.test(file) && isForThem(file));
  return [...loaded, ...(await filesIn(HOOKS))].sort();
}

/** The files of a folder that are run, not those that are read by people or by tests. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return files.filter((file) => !/__pycache__|\.test(-helper)?\.ts$|\.md$/.test(file)).sort();
}
