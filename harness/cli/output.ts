import { appendFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { TerminalStyle } from "../report/style.ts";
import type { Language } from "../text.ts";
import { EXIT, UserError } from "../user-error.ts";

/** What is checked when nobody says what was asked. */
export const USUAL_ASSIGNMENT = "tcp-echo";

const NARROWEST = 40;
const WIDEST = 100;
const WITHOUT_A_TERMINAL = 80;

/** Indonesian where the environment says so (LC_ALL, LC_MESSAGES, LANG), else English. */
export function preferredLanguage(environment: NodeJS.ProcessEnv = process.env): Language {
  const { LC_ALL, LC_MESSAGES, LANG } = environment;
  return /^id\b|^id_/i.test(LC_ALL || LC_MESSAGES || LANG || "") ? "id" : "en";
}

/** The language that `--lang` asks for; help and complaints are told before the options are read. */
export function languageGiven(args: readonly string[]): Language | undefined {
  const said = / --lang[ =](en|id)(?= |$)/.exec(` ${args.join(" ")}`)?.[1];
  return said === "en" || said === "id" ? said : undefined;
}

/** How to write to this stream: NO_COLOR and FORCE_COLOR (no-color.org, force-color.org), its width, or 80 columns. */
export function styleFor(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  language: Language = preferredLanguage(),
  environment: NodeJS.ProcessEnv = process.env,
): TerminalStyle {
  const wanted = environment.FORCE_COLOR ? environment.FORCE_COLOR !== "0" : stream.isTTY === true;
  const color = wanted && !environment.NO_COLOR && environment.TERM !== "dumb";
  const width = Math.min(WIDEST, Math.max(NARROWEST, stream.columns ?? WITHOUT_A_TERMINAL));
  return { language, width, color };
}

/** Writes a whole file or nothing: a reader never sees half of it. */
export async function writeWhole(path: string, contents: string): Promise<void> {
  const half = `${path}.part`;
  try {
    // Where the working directory was removed, Node looks for the parents of a relative path for ever.
    await mkdir(resolve(dirname(path)), { recursive: true });
    await writeFile(half, contents);
    await rename(half, path);
  } catch (error) {
    await rm(half, { force: true }).catch(() => {}); // the first failure is the one to tell
    throw cannotWrite(path, error);
  }
}

/** Adds to a file that others write to, too. */
export async function append(path: string, contents: string): Promise<void> {
  await appendFile(path, contents).catch((error: unknown) => {
    throw cannotWrite(path, error);
  });
}

export function cannotWrite(path: string, error: unknown): UserError {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error);
  return new UserError({
    code: "cannot-write",
    what: { en: `${path} could not be written (${reason}).`, id: `${path} tidak dapat ditulis (${reason}).` },
    help: {
      en: "Choose another place for it, or make room and check the permissions.",
      id: "Pilih tempat lain, atau sediakan ruang dan periksa izin aksesnya.",
    },
    exit: EXIT.broken,
  });
}
