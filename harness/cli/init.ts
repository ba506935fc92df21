import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Assignment, PROGRAMS, protocolOf, roleOf } from "../assignment/assignment.ts";
import { loadAssignment } from "../assignment/load.ts";
import { PRESETS } from "../assignment/presets/presets.ts";
import { shellWord } from "../report/by-hand.ts";
import { handout, type ToWrite } from "../report/handout.ts";
import { starter } from "../report/starter.ts";
import { extensionOf, languageOf, shown, systemCode } from "../submission/source-file.ts";
import type { Language } from "../text.ts";
import { UserError } from "../user-error.ts";
import { cannotWrite, preferredLanguage, USUAL_ASSIGNMENT } from "./output.ts";
import { OWN_ASSIGNMENT } from "./what-was-asked.ts";

export interface InitOptions {
  readonly assignment?: string;
  readonly language?: keyof typeof EXTENSIONS;
  readonly lang?: Language;
}

const EXTENSIONS = { python: "py", typescript: "ts" } as const;

/** `gema init`: a folder to begin an assignment in. Nothing that is there already is touched: then nothing is made at all. */
export async function init(given: string | undefined, options: InitOptions): Promise<void> {
  const language = options.lang ?? preferredLanguage();
  const asked = options.assignment ?? USUAL_ASSIGNMENT;
  const assignment = await loadAssignment(asked);
  const toWrite = filesOf(assignment, options.language);
  const folder = given ?? assignment.name;
  const files = [
    { name: "README.md", contents: handout(assignment, toWrite, language) },
    { name: OWN_ASSIGNMENT, contents: PRESETS.has(asked) ? `extends: ${asked}\n` : await readFile(asked) },
    ...toWrite.map((one) => ({ name: one.file, contents: starter(one, assignment.contract, language) })),
  ];
  for (const { name } of files) await assertFree(join(folder, name));
  for (const { name, contents } of files) await make(join(folder, name), contents);
  const commands = [`cd ${shellWord(folder)}`, "gema check"].join("\n  ");
  process.stdout.write(`${MADE[language](shown(folder), files.map(({ name }) => name).join(", "))}\n\n  ${commands}\n`);
}

/** One file a program: as the assignment names it, else as everybody does. */
function filesOf(assignment: Assignment, wanted: InitOptions["language"]): ToWrite[] {
  const { passed } = assignment.contract.address;
  const asked = PROGRAMS.filter((program) => assignment.programs[program] !== undefined);
  const severalProtocols = new Set(asked.map(protocolOf)).size > 1;
  return asked.map((program) => {
    const started = passed.by === "command" ? passed.command.find((word) => languageOf(word) !== undefined) : undefined;
    const named = assignment.programs[program]?.file ?? started;
    if (named !== undefined && wanted !== undefined && !isIn(named, wanted)) throw otherLanguage(named, wanted);
    const stem = severalProtocols ? `${protocolOf(program)}_${roleOf(program)}` : roleOf(program);
    return { program, file: named ?? `${stem}.${EXTENSIONS[wanted ?? "python"]}` };
  });
}

function isIn(file: string, language: keyof typeof EXTENSIONS): boolean {
  return (extensionOf(file) === "py") === (language === "python");
}

async function assertFree(path: string): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return undefined;
    throw cannotWrite(path, error);
  });
  if (found) throw thereAlready(path);
}

/** `wx`: what came to be there in the last moment is not overwritten either. */
async function make(path: string, contents: string | Buffer): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contents, { flag: "wx" });
  } catch (error) {
    throw systemCode(error) === "EEXIST" ? thereAlready(path) : cannotWrite(path, error);
  }
}

function thereAlready(path: string): UserError {
  return new UserError({
    code: "there-already",
    what: {
      en: `${shown(path)} is there already, and Gema overwrites nothing.`,
      id: `${shown(path)} sudah ada, dan Gema tidak menimpa apa pun.`,
    },
    help: {
      en: "Give another folder: gema init NAME. Or go on with what is there: gema check.",
      id: "Beri folder lain: gema init NAMA. Atau lanjutkan dengan yang sudah ada: gema check.",
    },
  });
}

function otherLanguage(file: string, wanted: string): UserError {
  return new UserError({
    code: "other-language",
    what: {
      en: `The assignment asks for ${shown(file)}, which is not ${wanted}.`,
      id: `Tugas ini meminta ${shown(file)}, yang bukan ${wanted}.`,
    },
    help: { en: "Leave out --language.", id: "Jangan pakai --language." },
  });
}

const MADE: Readonly<Record<Language, (folder: string, files: string) => string>> = {
  en: (folder, files) => `Made ${folder}: ${files}. Read README.md, write your program, and check it:`,
  id: (folder, files) => `Folder ${folder} dibuat: ${files}. Baca README.md, tulis program Anda, lalu periksa:`,
};
