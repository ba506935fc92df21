import { readdir, readFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";

/** What a fixture's header says must come out. */
export type Header =
  | { readonly kind: "correct"; readonly warns: readonly string[] }
  | {
      readonly kind: "mistake";
      /** What it makes; none that has a name: then no report may name one. */
      readonly mistakes: readonly string[];
      readonly fails: readonly string[];
      /** Checks that it fails or not by the speed of the machine; the matrix leaves them out. */
      readonly sometimes: readonly string[];
    };

/** Stands in a header for a mistake that has no name. */
const UNNAMED = "unnamed";

/** One submission whose verdict is known. */
export interface Fixture {
  /** The folder of its class, relative to the fixtures. */
  readonly class: string;
  /** File or folder, as it lies in its class. */
  readonly name: string;
  readonly path: string;
  readonly header: Header;
  /** The lines that are marked `fault: MISTAKE, ...` at their end. */
  readonly faults: readonly Fault[];
}

/** A line that is at fault for a mistake. */
export interface Fault {
  readonly mistake: string;
  /** `file:line`, the file relative to the submission. */
  readonly place: string;
}

const ASSIGNMENT = "assignment.yaml";
const SOURCE = /\.(py|[cm]?[jt]s)$/;
/** The lines of a file that may hold the header. */
const TOP = 10;

/**
 * Every submission of every class below a folder, by class and name. A class is a folder that holds an assignment.
 * @throws Error for a submission without a header that can be read
 */
export async function findFixtures(root: string): Promise<Fixture[]> {
  const entries = await readdir(root, { recursive: true });
  const classes = entries.filter((entry) => basename(entry) === ASSIGNMENT).map((entry) => join(root, entry, ".."));
  const found = await Promise.all(classes.map((folder) => submissionsOf(folder, root)));
  return found.flat().sort((a, b) => inOrder(a.class, b.class) || inOrder(a.name, b.name));
}

/** The assignment file of a fixture's class. */
export function assignmentOf({ path }: Fixture): string {
  return join(path, "..", ASSIGNMENT);
}

async function submissionsOf(folder: string, root: string): Promise<Fixture[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const submissions = entries.filter((entry) =>
    entry.isDirectory() ? !/^[._]/.test(entry.name) : SOURCE.test(entry.name),
  );
  return Promise.all(
    submissions.map(async (entry) => {
      const path = join(folder, entry.name);
      const files = entry.isDirectory() ? await sourcesIn(path) : [entry.name];
      const within = entry.isDirectory() ? path : folder;
      const sources = await Promise.all(files.map((file) => readFile(join(within, file), "utf8")));
      const [header, ...more] = sources.map(headerOf).filter((one) => one !== undefined);
      if (!header) throw new Error(`${path} has no "gema-fixture:" header`);
      if (more.length > 0) throw new Error(`${path} has more than one "gema-fixture:" header`);
      const faults = files.flatMap((file, at) => faultsIn(sources[at] ?? "", file));
      return { class: relative(root, folder), name: entry.name, path, header, faults };
    }),
  );
}

async function sourcesIn(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).filter((file) => SOURCE.test(file)).sort(inOrder);
}

export function faultsIn(source: string, file: string): Fault[] {
  return source.split("\n").flatMap((line, at) => {
    const mistakes = /(?:#|\/\/) fault: ([a-z-]+(?:, [a-z-]+)*)\s*$/.exec(line)?.[1];
    return idsIn(mistakes).map((mistake) => ({ mistake, place: `${file}:${at + 1}` }));
  });
}

/** @throws Error for a header that is neither `correct` nor `mistake <id>, ...` nor `mistake unnamed`, or a mistake that fails nothing */
export function headerOf(source: string): Header | undefined {
  const top = source.split("\n").slice(0, TOP);
  const said = (key: string): string | undefined =>
    top
      .map((line) => new RegExp(`^(?:#|//) ${key}: (.*)$`).exec(line.trim())?.[1])
      .find((value) => value !== undefined);
  const what = said("gema-fixture");
  if (what === undefined) return undefined;
  if (what === "correct") return { kind: "correct", warns: idsIn(said("warns")) };
  const mistakes = /^mistake ([a-z-]+(?:, [a-z-]+)*)$/.exec(what)?.[1];
  const fails = idsIn(said("fails"));
  if (!mistakes || fails.length === 0) throw new Error(`not a header of a fixture: "${what}"`);
  return {
    kind: "mistake",
    mistakes: mistakes === UNNAMED ? [] : idsIn(mistakes),
    fails,
    sometimes: idsIn(said("sometimes")),
  };
}

function idsIn(list = ""): string[] {
  return list.split(/[\s,]+/).filter((id) => id !== "");
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
