import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import type { Text } from "../text.ts";
import { UserError } from "../user-error.ts";
import type { Assignment } from "./assignment.ts";
import { nearest } from "./nearest.ts";
import { offsetOf } from "./offset-of.ts";
import { PRESETS } from "./presets/presets.ts";
import { type Problem, suggest } from "./problem.ts";
import { DEFAULTS, resolve } from "./resolve.ts";
import { brokenRules } from "./rules.ts";
import type { AssignmentFile } from "./schema.ts";
import { readShape } from "./shape-problems.ts";

/**
 * Loads a preset by its name, else a YAML file by its path.
 *
 * @param knownChecks ids of all checks; when given, a requirement that names another one is an error.
 * @throws UserError with the place in the file.
 */
export async function loadAssignment(nameOrPath: string, knownChecks?: readonly string[]): Promise<Assignment> {
  const preset = PRESETS.get(nameOrPath);
  if (preset !== undefined) return fromPreset(preset);
  return fromYaml(await readYaml(nameOrPath), nameOrPath, knownChecks);
}

/** Presets go through the same door as files; a broken one is our bug. */
function fromPreset(preset: AssignmentFile): Assignment {
  const shape = readShape(preset);
  const assignment = "file" in shape ? resolve(shape.file, DEFAULTS) : undefined;
  const problems = "problems" in shape ? shape.problems : brokenRules(resolve(shape.file, DEFAULTS));
  if (assignment === undefined || problems.length > 0) throw new Error(`broken preset: ${problems[0]?.what.en}`);
  return assignment;
}

function fromYaml(source: string, file: string, knownChecks: readonly string[] | undefined): Assignment {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const broken = document.errors[0];
  if (broken !== undefined) throw notYaml(file, plain(broken.message), place(broken.pos[0]));
  if (document.contents === null) throw emptyFile(file);

  const { problems, assignment } = understand(contentOf(document, file), file, knownChecks);
  const placed = problems.map((problem) => ({ problem, offset: offsetOf(problem, document.contents) }));
  const first = placed.sort((a, b) => a.offset - b.offset)[0];
  if (first === undefined && assignment !== undefined) return assignment;
  if (first === undefined) throw new Error("an assignment was neither accepted nor refused");
  const { what, help } = first.problem;
  throw new UserError({ code: "assignment-invalid", what, help, place: place(first.offset) });
}

function understand(data: unknown, path: string, knownChecks: readonly string[] | undefined): Understood {
  const shape = readShape(data);
  if ("problems" in shape) return { problems: shape.problems };
  const { extends: name } = shape.file;
  const preset = name === undefined ? undefined : PRESETS.get(name);
  if (name !== undefined && preset === undefined) return { problems: [unknownPreset(name)] };
  const base = preset === undefined ? namedAfter(path) : fromPreset(preset);
  const assignment = resolve(shape.file, base);
  return { assignment, problems: brokenRules(assignment, knownChecks) };
}

interface Understood {
  readonly problems: Problem[];
  readonly assignment?: Assignment;
}

function unknownPreset(name: string): Problem {
  return {
    path: ["extends"],
    at: "value",
    what: { en: `There is no preset ${name}.`, id: `Tidak ada preset ${name}.` },
    help: suggest(name, [...PRESETS.keys()]),
  };
}

/** A file that extends nothing and has no name is called like its file. */
function namedAfter(path: string): Assignment {
  const stem = basename(path, extname(path));
  const name =
    stem
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "") || DEFAULTS.name;
  return { ...DEFAULTS, name, title: { en: stem, id: stem } };
}

function contentOf(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // Aliases to nothing, and aliases that multiply without end, show only here.
    if (error instanceof ReferenceError) throw notYaml(file, error.message, { file, line: 1, column: 1 });
    throw error;
  }
}

async function readYaml(path: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    if (isUtf8(bytes)) return bytes.toString("utf8");
  } catch (error) {
    throw isSystemError(error) ? unreadable(path, error.code) : error;
  }
  throw notYaml(path, "it is not text in UTF-8", { file: path, line: 1 });
}

function unreadable(path: string, code: string): UserError {
  const names = [...PRESETS.keys()];
  const near = nearest(path, names);
  const help: Text = {
    en: `${near ? `Did you mean ${near}? ` : ""}Give a YAML file or one of the presets: ${names.join(", ")}.`,
    id: `${near ? `Maksud Anda ${near}? ` : ""}Berikan berkas YAML atau salah satu preset: ${names.join(", ")}.`,
  };
  if (code === "EISDIR") {
    const what = { en: `${path} is a folder, not an assignment.`, id: `${path} adalah folder, bukan berkas tugas.` };
    return new UserError({ code: "assignment-is-a-folder", what, help });
  }
  if (code === "ENOENT" || code === "ENOTDIR") {
    const what = { en: `There is no assignment ${path}.`, id: `Tidak ada tugas ${path}.` };
    return new UserError({ code: "assignment-not-found", what, help });
  }
  const what = { en: `${path} cannot be read (${code}).`, id: `${path} tidak dapat dibaca (${code}).` };
  return new UserError({ code: "assignment-unreadable", what, help });
}

function notYaml(file: string, reason: string, place: { file: string; line: number; column?: number }): UserError {
  return new UserError({
    code: "assignment-not-yaml",
    what: { en: `${file} is not valid YAML: ${reason}.`, id: `${file} bukan YAML yang benar: ${reason}.` },
    help: { en: "Mend the syntax at this place.", id: "Perbaiki sintaks di tempat ini." },
    place,
  });
}

function emptyFile(file: string): UserError {
  return new UserError({
    code: "assignment-empty",
    what: { en: `${file} is empty.`, id: `${file} kosong.` },
    help: { en: "Begin with: extends: tcp-echo", id: "Mulailah dengan: extends: tcp-echo" },
    place: { file, line: 1, column: 1 },
  });
}

/** The first line of the parser's message, without the position that we show ourselves. */
function plain(message: string): string {
  return (message.split("\n")[0] ?? message).replace(/ at line \d+, column \d+:?$/, "");
}

function isSystemError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}
