import type { Assignment, Program } from "../assignment/assignment.ts";
import type { Text } from "../text.ts";
import { UserError } from "../user-error.ts";
import { extensionOf, type SourceFile, SUPPORTED, shown, type Unusable } from "./source-file.ts";

/** The errors of a user whose submission cannot be opened. */

export function notFound(path: string, code: string): UserError {
  const name = shown(path);
  const what: Text = { en: `There is no file or folder ${name}.`, id: `Tidak ada berkas atau folder ${name}.` };
  const loop: Text = { en: `${name} cannot be opened (${code}).`, id: `${name} tidak dapat dibuka (${code}).` };
  return new UserError({
    code: "submission-not-found",
    what: code === "ENOENT" || code === "ENOTDIR" ? what : loop,
    help: { en: "Check the path and its spelling.", id: "Periksa path dan ejaannya." },
  });
}

export function neitherFileNorFolder(path: string): UserError {
  return new UserError({
    code: "submission-not-a-file",
    what: { en: `${shown(path)} is not a program's file.`, id: `${shown(path)} bukan berkas program.` },
    help: { en: "Point at a source file or at a folder.", id: "Tunjuk berkas program atau folder." },
  });
}

export function notInside(entry: string): UserError {
  return new UserError({
    code: "entry-outside",
    what: { en: `${shown(entry)} lies outside of the submission.`, id: `${shown(entry)} berada di luar folder tugas.` },
    help: { en: "Write it relative to the submission's folder.", id: "Tulis relatif terhadap folder tugas." },
  });
}

export function emptyFolder(path: string): UserError {
  return new UserError({
    code: "submission-empty",
    what: { en: `${shown(path)} holds no files.`, id: `${shown(path)} tidak berisi berkas.` },
    help: PUT_ONE_IN,
  });
}

const PUT_ONE_IN: Text = {
  en: `Put the program in it, e.g. server.py. Gema runs ${SUPPORTED}.`,
  id: `Taruh program di dalamnya, mis. server.py. Gema menjalankan ${SUPPORTED}.`,
};

/** `reasons`: why those files were left out that have a language that Gema runs. */
export function nothingToRun(path: string, files: readonly SourceFile[], reasons: readonly Text[] = []): UserError {
  const seen = [...new Set(files.map(({ name }) => extensionOf(name)))].filter((extension) => extension !== "");
  const list = seen
    .slice(0, 8)
    .map((extension) => `.${shown(extension)}`)
    .join(" ");
  const [why] = reasons;
  return new UserError({
    code: why === undefined ? "submission-language" : "submission-unusable",
    what: {
      en: `${shown(path)} holds no program that Gema can run${why ? `: ${why.en}` : list ? `, only ${list}.` : "."}`,
      id: `${shown(path)} tidak berisi program yang bisa dijalankan Gema${why ? `: ${why.id}` : list ? `, hanya ${list}.` : "."}`,
    },
    help: PUT_ONE_IN,
  });
}

const REFUSED: Readonly<Record<Exclude<Unusable, "no-permission"> | "language", Text>> = {
  language: { en: "is in a language that Gema does not run", id: "ditulis dalam bahasa yang tidak dijalankan Gema" },
  empty: { en: "is empty", id: "kosong" },
  binary: { en: "is not text in UTF-8", id: "isinya bukan teks UTF-8" },
  vanished: { en: "is gone", id: "sudah tidak ada" },
};

export function cannotRun(file: string, why: keyof typeof REFUSED): UserError {
  return new UserError({
    code: why === "language" ? "submission-language" : `submission-${why}`,
    what: { en: `${shown(file)} ${REFUSED[why].en}.`, id: `${shown(file)} ${REFUSED[why].id}.` },
    help: {
      en: `Gema runs source files in UTF-8: ${SUPPORTED}.`,
      id: `Gema menjalankan berkas sumber dalam UTF-8: ${SUPPORTED}.`,
    },
  });
}

export function notAsked(program: Program, { name, programs }: Assignment): UserError {
  const asked = Object.keys(programs).join(", ");
  return new UserError({
    code: "program-not-asked",
    what: { en: `The assignment ${name} asks for no ${program}.`, id: `Tugas ${name} tidak meminta ${program}.` },
    help: { en: `It asks for: ${asked}.`, id: `Yang diminta: ${asked}.` },
  });
}

/** A file that looks like a program which the assignment does not ask for. */
export function otherProgram(file: string, looksLike: Program, asked: readonly Program[]): UserError {
  return new UserError({
    code: "program-not-asked",
    what: {
      en: `${shown(file)} looks like a ${looksLike}, but ${asked.join(", ")} is asked for.`,
      id: `${shown(file)} tampaknya ${looksLike}, sedangkan yang diminta ${asked.join(", ")}.`,
    },
    help: {
      en: `If it is one all the same, say --program ${asked[0]}.`,
      id: `Jika memang itu programnya, pakai --program ${asked[0]}.`,
    },
  });
}

/** It is in doubt which file is the program, or which program one file is. */
export const AMBIGUOUS = "submission-ambiguous";

export function ambiguous(
  files: readonly string[],
  program?: Program,
  asked: readonly Program[] = ["tcp-server", "tcp-client"],
): UserError {
  const list = files.slice(0, 10).map(shown).join(", ") + (files.length > 10 ? ", ..." : "");
  const one = files.length === 1;
  const about =
    program === undefined
      ? { en: "a server or a client", id: "server atau klien" }
      : { en: `the ${program}`, id: program };
  return new UserError({
    code: AMBIGUOUS,
    what: one
      ? { en: `Is ${list} a server or a client?`, id: `Apakah ${list} server atau klien?` }
      : { en: `Which file is ${about.en}? ${list}`, id: `Berkas mana yang merupakan ${about.id}? ${list}` },
    help: one
      ? {
          en: `Say ${asked.map((one) => `--program ${one}`).join(" or ")}.`,
          id: `Pakai ${asked.map((one) => `--program ${one}`).join(" atau ")}.`,
        }
      : {
          en: `Choose with --entry FILE (and --program), or in the assignment: programs.${program ?? "tcp-server"}.file.`,
          id: `Pilih dengan --entry BERKAS (dan --program), atau di berkas tugas: programs.${program ?? "tcp-server"}.file.`,
        },
  });
}
