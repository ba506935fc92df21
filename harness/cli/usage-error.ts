import type { Command, CommanderError } from "commander";
import { nearest } from "../assignment/nearest.ts";
import { suggest } from "../assignment/problem.ts";
import type { Text } from "../text.ts";
import { UserError } from "../user-error.ts";

interface Words {
  /** What Commander says; its groups are the names in it. */
  readonly said: RegExp;
  readonly what: (...names: string[]) => Text;
  /** The way out; without it only the help is named. */
  readonly help?: (command: Command, ...names: string[]) => Text;
}

/** Our words for all that Commander complains of, by its codes. */
export const USAGE_ERRORS: Readonly<Record<string, Words>> = {
  "commander.unknownCommand": {
    said: /^error: unknown command '(.*?)'(?:\n\(Did you mean .*)?$/s,
    what: (name) => ({ en: `There is no command ${name}.`, id: `Tidak ada perintah ${name}.` }),
    help: (command, name) =>
      meant(
        name,
        command.commands.map((one) => one.name()),
      ),
  },
  "commander.unknownOption": {
    said: /^error: unknown option '(.*?)'(?:\n\(Did you mean .*)?$/s,
    what: (flag) => ({ en: `There is no option ${flag}.`, id: `Tidak ada opsi ${flag}.` }),
    help: (command, flag) =>
      meant(
        flag.replace(/=.*/s, ""),
        command
          .createHelp()
          .visibleOptions(command)
          .flatMap(({ long }) => long ?? []),
      ),
  },
  "commander.missingArgument": {
    said: /^error: missing required argument '(.*)'$/s,
    what: (name) => ({ en: `<${name}> is missing.`, id: `<${name}> belum diberikan.` }),
    help: (command) => ({
      en: `It is written like this: ${written(command)}.`,
      id: `Ditulis seperti ini: ${written(command)}.`,
    }),
  },
  "commander.optionMissingArgument": {
    said: /^error: option '(.*)' argument missing$/s,
    what: (flags) => ({ en: `The value of ${flags} is missing.`, id: `Nilai dari ${flags} belum diberikan.` }),
  },
  "commander.missingMandatoryOptionValue": {
    said: /^error: required option '(.*)' not specified$/s,
    what: (flags) => ({ en: `${flags} is missing.`, id: `${flags} belum diberikan.` }),
  },
  "commander.conflictingOption": {
    said: /^error: option '(.*)' cannot be used with option '(.*)'$/s,
    what: (one, other) => ({
      en: `${one} cannot be used with ${other}.`,
      id: `${one} tidak dapat dipakai bersama ${other}.`,
    }),
    help: () => ({ en: "Leave one of them out.", id: "Pakai salah satu saja." }),
  },
  "commander.excessArguments": {
    said: /^error: too many arguments(?: for '.*')?\. Expected (\d+) arguments? but got (\d+)\.$/s,
    what: (most, given) => ({
      en: `There are too many arguments: ${given} instead of ${most}.`,
      id: `Argumennya terlalu banyak: ${given}, padahal seharusnya ${most}.`,
    }),
    help: (command) => ({
      en: `It is written like this: ${written(command)}. Put a name with spaces in quotes.`,
      id: `Ditulis seperti ini: ${written(command)}. Beri tanda kutip pada nama yang berisi spasi.`,
    }),
  },
  "commander.invalidArgument": {
    said: /^error: option '(.*)' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/s,
    what: (flags, value) => ({ en: `${flags} cannot be ${value}.`, id: `${flags} tidak dapat berisi ${value}.` }),
    help: (_, __, value, choices) => suggest(value, choices.split(", ")),
  },
};

/** What Commander complains of, as an error of ours. */
export function usageError({ code, message }: CommanderError, command: Command): UserError {
  const words = USAGE_ERRORS[code];
  const names = words?.said.exec(message)?.slice(1);
  if (!words || !names) throw new Error(`no words for ${code}: ${message}`);
  const way = words.help?.(command, ...names) ?? NO_WAY;
  const all = `${nameOf(command)} --help`;
  return new UserError({
    code: code.replace("commander.", "").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    what: words.what(...names),
    help: {
      en: `${way.en} ${all} shows what there is.`.trimStart(),
      id: `${way.id} ${all} menampilkan yang ada.`.trimStart(),
    },
  });
}

const NO_WAY: Text = { en: "", id: "" };

function meant(word: string, known: readonly string[]): Text {
  const near = nearest(word, known);
  return near ? { en: `Did you mean ${near}?`, id: `Maksud Anda ${near}?` } : NO_WAY;
}

function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
}

function written(command: Command): string {
  return `${nameOf(command)} ${command.usage()}`;
}

/** @param least the smallest that is allowed */
export function wholeNumber(flag: string, least: number): (value: string) => number {
  return (value) => {
    const parsed = Number(value);
    if (Number.isSafeInteger(parsed) && parsed >= least) return parsed;
    throw wrongNumber(flag, value, {
      en: `It must be a whole number, ${least} or more.`,
      id: `Nilainya harus bilangan bulat, ${least} atau lebih.`,
    });
  };
}

export function seconds(flag: string, least: number, most: number): (value: string) => number {
  return (value) => {
    const parsed = Number(value);
    if (parsed >= least && parsed <= most) return parsed;
    throw wrongNumber(flag, value, {
      en: `It must be a number of seconds, ${least} to ${most}; write the program before it.`,
      id: `Nilainya harus jumlah detik, ${least} sampai ${most}; tulis programnya sebelum opsi ini.`,
    });
  };
}

function wrongNumber(flag: string, value: string, help: Text): UserError {
  const what = { en: `${flag} cannot be ${value}.`, id: `${flag} tidak dapat berisi ${value}.` };
  return new UserError({ code: "invalid-number", what, help });
}
