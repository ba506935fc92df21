import { shown } from "../submission/source-file.ts";
import { UserError } from "../user-error.ts";

/** A file or folder of the class, by its name. */
export interface Named {
  readonly name: string;
  readonly isFolder: boolean;
}

/** A student, and what is theirs. */
export interface Student<E extends Named> {
  /** Nobody else's. */
  readonly name: string;
  /** What the learning platform calls the student. */
  readonly id?: string;
  readonly parts: readonly Part<E>[];
}

export interface Part<E extends Named> {
  /** What the student called it. Two of a student's differ in more than case. */
  readonly file: string;
  readonly entry: E;
}

/** What an entry's name says. */
interface Reading {
  readonly name: string;
  readonly id?: string;
  /** Empty where the entry is a folder that was made for the student. */
  readonly file: string;
  /** A text typed into the platform: it counts where nothing else was handed in. */
  readonly isTyped: boolean;
}

export type NameReader = (entry: Named) => Reading | undefined;

/** Moodle: mod/assign/locallib.php, download_submissions(); with folders, and without. */
const MOODLE = /^(?<name>.+)_(?<id>\d+)_assignsubmission_(?<kind>file|onlinetext)_?(?<file>.*)$/su;
/**
 * Canvas: lib/content_zipper.rb, add_submission(). A name is letters, digits and underscores there; the second number is
 * that of the file. Where grading is anonymous, a code stands for the student.
 */
const CANVAS = [
  /^(?:LATE_)?(?<name>anon)_(?<id>[A-Za-z0-9]+)_\d+_(?<file>.+)$/su,
  /^(?<name>[\p{L}\p{M}\p{N}_]+?)_(?:LATE_)?(?<id>\d+)_\d+_(?<file>.+)$/su,
  /^(?<name>[\p{L}\p{M}\p{N}_]+?)_(?:LATE_)?(?<id>\d+)_(?<file>text\.html|link\.html)$/su,
];

/** Names as Moodle and Canvas write them. */
export const usualNames: NameReader = ({ name, isFolder }) => {
  const moodle = readingOf(MOODLE.exec(name));
  if (moodle) return moodle;
  return isFolder ? undefined : CANVAS.map((pattern) => readingOf(pattern.exec(name))).find((one) => one !== undefined);
};

/**
 * Names as a pattern reads them: a regular expression with a group `name` and perhaps `id` and `file`.
 * @throws UserError when it is none
 */
export function namesBy(pattern: string): NameReader {
  const expression = compiled(pattern);
  return ({ name }) => readingOf(expression.exec(name));
}

function compiled(pattern: string): RegExp {
  let expression: RegExp;
  let groups: string[];
  try {
    expression = new RegExp(pattern, "su");
    groups = Object.keys(new RegExp(`${pattern}|`, "su").exec("")?.groups ?? {});
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw badPattern(pattern, error.message);
  }
  const unknown = groups.find((group) => !["name", "id", "file"].includes(group));
  if (unknown !== undefined) throw badPattern(pattern, `(?<${unknown}>...)`);
  if (!groups.includes("name")) throw badPattern(pattern, "(?<name>...)");
  return expression;
}

function readingOf(match: RegExpExecArray | null): Reading | undefined {
  const { name = "", id = "", file = "", kind } = match?.groups ?? {};
  const clean = cleaned(name);
  if (clean === "") return undefined;
  return { name: clean, ...(id !== "" && { id }), file, isTyped: kind === "onlinetext" };
}

function cleaned(name: string): string {
  return name
    .normalize("NFC")
    .replace(/[_\s]+/gu, " ")
    .trim();
}

/**
 * Puts together what belongs to one student: the same name and the same id; without ids, files of the same name. An entry
 * whose name says nothing is a student of its own. Students of the same name are told apart.
 *
 * @returns also the entries that were not taken for anybody's
 */
export function byStudent<E extends Named>(
  entries: readonly E[],
  read: NameReader,
): { readonly students: readonly Student<E>[]; readonly leftOut: readonly E[] } {
  const groups = new Map<string, Group<E>>();
  for (const entry of entries) {
    const reading = read(entry);
    const key = keyOf(entry, reading);
    const group = groups.get(key) ?? { entries: [], ...(reading && { reading }) };
    group.entries.push({ entry, file: reading?.file ?? "", isTyped: reading?.isTyped ?? false });
    groups.set(key, group);
  }
  const all = [...groups.values()];
  const names = toldApart(all);
  const students = all.map((group, at): Student<E> => {
    const { id } = group.reading ?? {};
    return { name: names[at] ?? "", ...(id !== undefined && { id }), parts: partsOf(handedIn(group)) };
  });
  const leftOut = all.flatMap((group) => group.entries.filter((one) => !handedIn(group).includes(one)));
  return { students, leftOut: leftOut.map(({ entry }) => entry) };
}

interface Group<E extends Named> {
  readonly reading?: Reading;
  readonly entries: { readonly entry: E; readonly file: string; readonly isTyped: boolean }[];
}

function keyOf(entry: Named, reading: Reading | undefined): string {
  if (!reading) return `entry ${entry.name}`;
  if (reading.id !== undefined) return `id ${reading.id} ${reading.name}`;
  return reading.file === "" ? `entry ${entry.name}` : `name ${reading.name}`;
}

function handedIn<E extends Named>({ entries }: Group<E>): Group<E>["entries"] {
  const uploaded = entries.filter(({ isTyped }) => !isTyped);
  return uploaded.length > 0 ? uploaded : entries;
}

/** What would be the same file as another one, or no file at all, keeps the whole name that it has in the class. */
function partsOf<E extends Named>(entries: Group<E>["entries"]): Part<E>[] {
  const taken = new Set<string>();
  return entries.map(({ entry, file }) => {
    const usable = !["", ".", ".."].includes(file) && !/[/\\]/.test(file);
    return { entry, file: unused(usable ? [file, entry.name] : [entry.name], taken, caseless) };
  });
}

/** The id where there is one, else the name that the entry has in the class. */
function toldApart<E extends Named>(groups: readonly Group<E>[]): string[] {
  const plain = groups.map(({ reading, entries }) => reading?.name ?? entries[0]?.entry.name ?? "");
  const taken = new Set<string>();
  return groups.map(({ reading, entries }, at) => {
    const name = plain[at] ?? "";
    if (!reading || plain.indexOf(name) === plain.lastIndexOf(name)) return unused([name], taken);
    return unused([`${name} (${reading.id ?? entries[0]?.entry.name})`], taken);
  });
}

/** The first of some names that is not taken, or the last one with a number; it is taken then. */
function unused(names: readonly string[], taken: Set<string>, alike = (name: string) => name): string {
  const last = names.at(-1) ?? "";
  let name = names.find((one) => !taken.has(alike(one)));
  for (let n = 2; name === undefined; n++) name = taken.has(alike(`${n}-${last}`)) ? undefined : `${n}-${last}`;
  taken.add(alike(name));
  return name;
}

function caseless(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

function badPattern(pattern: string, reason: string): UserError {
  const [given, why] = [shown(pattern), shown(reason)];
  return new UserError({
    code: "names-pattern",
    what: {
      en: `--names ${given} is no pattern for names (${why}).`,
      id: `--names ${given} bukan pola untuk nama (${why}).`,
    },
    help: {
      en: "Give a regular expression of JavaScript with (?<name>...), and if you like (?<id>...) and (?<file>...).",
      id: "Berikan ekspresi reguler JavaScript dengan (?<name>...), dan bila perlu (?<id>...) serta (?<file>...).",
    },
  });
}
