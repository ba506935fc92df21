import { posix } from "node:path";
import {
  type Assignment,
  type Program,
  type Protocol,
  protocolOf,
  type Role,
  roleOf,
} from "../assignment/assignment.ts";
import type { Text } from "../text.ts";
import { importsOf, runsByItself } from "./imports.ts";
import { type Manifests, startedBy } from "./manifests.ts";
import { distanceFromConvention, isBeside, isRevised, protocolByName, recognise, type Signs } from "./recognise.ts";
import { readSource, type SourceFile, shown, type Unusable } from "./source-file.ts";

/** What was chosen for each program, why, and where it could not be chosen. */
export interface Choice {
  readonly found: ReadonlyMap<Program, SourceFile>;
  readonly notes: readonly Text[];
  /** How many files could be a program. */
  readonly usable: number;
  readonly inDoubt: readonly Doubt[];
}

/** Files among which there is no telling; without a program, which of them is which. */
export interface Doubt {
  readonly program?: Program;
  readonly files: readonly SourceFile[];
}

type Candidate = SourceFile &
  Signs & {
    readonly source: string;
    /** Other candidates. */
    readonly imports: readonly string[];
    /** package.json says so. */
    readonly isStarted: boolean;
  };

/**
 * Chooses a file for each program: the one that the assignment names, else the one that package.json starts, else the one
 * nearest to a conventional name, else the one whose source looks like it, else the only one there is.
 */
export async function choose(
  files: readonly SourceFile[],
  asked: readonly Program[],
  rules: Assignment["programs"],
  manifests: Manifests,
): Promise<Choice> {
  const notes: Text[] = [];
  const candidates = importersForModules(await candidatesAmong(files, asked, manifests, notes));
  const usable = candidates.length;
  const found = new Map<Program, SourceFile>();
  const inDoubt: Doubt[] = [];
  for (const program of asked) {
    const likely = byRule(candidates, program, rules, notes) ?? likeliest(without(candidates, found), program, asked);
    const best = besideOthers(likely, found);
    const [file] = best;
    if (file === undefined) continue;
    if (best.some(({ source }) => source !== file.source)) {
      inDoubt.push({ program, files: best });
      continue;
    }
    found.set(program, file);
    if (usable > asked.length) notes.push(takenFor(program, file.name));
  }
  const unknown = usable > 0 && found.size === 0 && candidates.every(tellsNothing);
  if (unknown && inDoubt.length === 0) inDoubt.push({ files: candidates });
  return { found, notes, usable, inDoubt };
}

function tellsNothing({ byName, bySource }: Candidate): boolean {
  return byName === undefined && (bySource === undefined || bySource === "both");
}

function without(candidates: readonly Candidate[], found: ReadonlyMap<Program, SourceFile>): readonly Candidate[] {
  const taken = [...found.values()].map(({ name }) => name);
  return candidates.filter(({ name }) => !taken.includes(name));
}

/** Of several files the one that lies in the folder of another program: each exercise has its own. */
function besideOthers(files: readonly Candidate[], found: ReadonlyMap<Program, SourceFile>): readonly Candidate[] {
  const folders = new Set([...found.values()].map(({ name }) => posix.dirname(name)));
  const beside = files.filter(({ name }) => folders.has(posix.dirname(name)));
  return beside.length === 1 ? beside : files;
}

/** The file that the assignment names; when it is missing, what is likeliest is a kinder answer than nothing. */
function byRule(
  candidates: readonly Candidate[],
  program: Program,
  rules: Assignment["programs"],
  notes: Text[],
): readonly Candidate[] | undefined {
  const rule = rules[program]?.file;
  if (rule === undefined) return undefined;
  const named = namedByAssignment(candidates, posix.normalize(rule.replaceAll("\\", "/")));
  if (named?.exact !== true) notes.push(notAsNamed(program, rule));
  return named === undefined ? undefined : [named.file];
}

async function candidatesAmong(
  files: readonly SourceFile[],
  asked: readonly Program[],
  manifests: Manifests,
  notes: Text[],
): Promise<Candidate[]> {
  const readable: (SourceFile & { readonly source: string })[] = [];
  for (const file of files) {
    if (isBuiltFrom(file, files)) continue;
    const read = await readSource(file.path);
    if ("unusable" in read) notes.push(leftOut(file.name, read.unusable));
    else readable.push({ ...file, ...read });
  }
  const names = readable.map(({ name }) => name);
  const [role, another] = new Set(asked.map(roleOf));
  return readable.map((file): Candidate => {
    const signs = recognise(file.name, file.source);
    const imports = importsOf(file.name, file.source, names, manifests.mains);
    const doesSomething = signs.bySource !== undefined || imports.length > 0;
    const started = doesSomething ? startedBy(manifests, file.name) : undefined;
    const startedAs = started && (started.role ?? (another === undefined ? role : undefined));
    return { ...file, ...signs, byName: signs.byName ?? startedAs, imports, isStarted: started !== undefined };
  });
}

/**
 * A `server.ts` that only defines a server, which `main.ts` imports and starts, is a module: `main.ts` is the program.
 * One that imports the modules of several programs, such as a menu, stands for none of them.
 */
function importersForModules(candidates: readonly Candidate[]): readonly Candidate[] {
  const modules = new Set<string>();
  const importsBy = new Map(candidates.map(({ name, imports }) => [name, imports]));
  const programs = candidates.map((importer): Candidate => {
    if (isBeside(importer.name) || /(^|\/)__init__\.py$/i.test(importer.name)) return importer;
    const imported = withPackages(importer.imports, importsBy);
    const defined = candidates.filter(
      (one) => imported.includes(one.name) && roleSaid(one) !== undefined && !runsByItself(one.source),
    );
    const [role, anotherRole] = new Set(defined.map(roleSaid));
    const [protocol, anotherProtocol] = new Set(defined.flatMap((one) => one.protocol ?? []));
    if (role === undefined || anotherRole !== undefined || anotherProtocol !== undefined) return importer;
    if ((importer.byName ?? role) !== role) return importer;
    for (const { name } of defined) modules.add(name);
    return { ...importer, byName: role, protocol: importer.protocol ?? protocol };
  });
  return programs.filter(({ name }) => !modules.has(name));
}

/** Whoever imports a package imports what its `__init__.py` (or `index.ts`) hands on. */
function withPackages(imported: readonly string[], importsBy: ReadonlyMap<string, readonly string[]>): string[] {
  const all = [...imported];
  for (const name of all) {
    if (!/\/(__init__|index)\.[^./]+$/.test(name)) continue;
    all.push(...(importsBy.get(name) ?? []).filter((one) => !all.includes(one)));
  }
  return all;
}

function roleSaid({ byName, bySource }: Candidate): Role | undefined {
  return byName ?? (bySource === "both" ? undefined : bySource);
}

/** `server.js` beside `server.ts` is what the compiler made of it. */
function isBuiltFrom(file: SourceFile, files: readonly SourceFile[]): boolean {
  const source = file.name.replace(/js$/i, "ts");
  return source !== file.name && files.some(({ name }) => name === source);
}

function namedByAssignment(candidates: readonly Candidate[], wanted: string) {
  const file = candidates.find(({ name }) => name === wanted);
  if (file !== undefined) return { file, exact: true };
  const [alike, another] = candidates.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  return alike === undefined || another !== undefined ? undefined : { file: alike, exact: false };
}

/** One file when it is clear, several when in doubt, none when no file is this program. */
function likeliest(all: readonly Candidate[], program: Program, asked: readonly Program[]): readonly Candidate[] {
  const [role, own] = [roleOf(program), protocolOf(program)];
  const rivals = asked.some((one) => roleOf(one) === role && protocolOf(one) !== own);
  // Where only one protocol is asked for, a program of the other one is handed in by mistake, and that is to be told.
  const candidates = all.filter(
    ({ name, protocol }) => !isBeside(name) && !(rivals && protocol !== undefined && protocol !== own),
  );
  const ofRole = candidates.filter(({ byName }) => byName === role);
  const named = nearestOnes(ofRole, own);
  const isSure = named.some(({ isStarted }) => isStarted);
  const revised = ofRole.filter((one) => !isSure && isRevised(one.name) && !named.includes(one));
  if (named.length > 0) return narrowed([...named, ...revised], program);
  const unnamed = candidates.filter(({ byName }) => byName === undefined);
  const alike = unnamed.filter(({ bySource }) => bySource === role || (bySource === "both" && asked.length === 1));
  if (alike.length > 0) return narrowed(nearestOnes(alike, own), program);
  const [only, another] = candidates;
  // What a source looks like is no proof; how it behaves is.
  const fits = only?.byName === undefined && asked.length === 1;
  if (only !== undefined && another === undefined && fits) return [only];
  // A program that is called a test is better than none.
  return narrowed(
    all.filter(({ name, byName, bySource }) => isBeside(name) && byName === role && bySource === role),
    program,
  );
}

/** A name that says the other protocol is farther away than any other. */
const OTHER_PROTOCOL = 10;

/** Those that package.json starts, else those with the most conventional name; among them those in the outermost folder. */
function nearestOnes(all: readonly Candidate[], own: Protocol): readonly Candidate[] {
  const started = all.filter(({ isStarted }) => isStarted);
  const candidates = started.length > 0 ? started : all;
  const other = (name: string): number => ((protocolByName(name) ?? own) === own ? 0 : OTHER_PROTOCOL);
  const score = ({ name }: Candidate) => (distanceFromConvention(name) + other(name)) * 1000 + name.split("/").length;
  const best = Math.min(...candidates.map(score));
  return candidates.filter((one) => score(one) === best);
}

/** Equal names are told apart by their sources, where that leaves one. */
function narrowed(named: readonly Candidate[], program: Program): readonly Candidate[] {
  const alike = named.filter(({ bySource }) => bySource === roleOf(program));
  const own = protocolOf(program);
  const same = (alike.length > 0 ? alike : named).filter(({ protocol }) => (protocol ?? own) === own);
  return [alike, same].find(({ length }) => length === 1) ?? named;
}

function takenFor(program: Program, file: string): Text {
  return {
    en: `${shown(file)} was taken for the ${program}; --entry chooses another file.`,
    id: `${shown(file)} dianggap sebagai ${program}; pilih berkas lain dengan --entry.`,
  };
}

function notAsNamed(program: Program, file: string): Text {
  return {
    en: `The assignment asks for ${program} as ${shown(file)}; no file has exactly this name.`,
    id: `Tugas meminta ${program} bernama ${shown(file)}; tidak ada berkas yang bernama persis begitu.`,
  };
}

const REASONS: Readonly<Record<Unusable, Text>> = {
  empty: { en: "it is empty", id: "berkas ini kosong" },
  binary: { en: "it is not text in UTF-8", id: "isinya bukan teks UTF-8" },
  "no-permission": { en: "it may not be read", id: "berkas ini tidak boleh dibaca" },
  vanished: { en: "it is gone", id: "berkas ini sudah tidak ada" },
};

function leftOut(file: string, why: Unusable): Text {
  return {
    en: `${shown(file)} was left out: ${REASONS[why].en}.`,
    id: `${shown(file)} tidak dipakai: ${REASONS[why].id}.`,
  };
}
