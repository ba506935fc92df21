import { UserError } from "../../user-error.ts";
import type { CheckOptions } from "../check.ts";
import { whenInterrupted } from "../process-end.ts";
import { insideOf, worldFor } from "../surroundings.ts";
import { Checker } from "./checker.ts";
import { readKeys } from "./keys.ts";
import { Session } from "./session.ts";
import { WatchedFiles } from "./watched-files.ts";

/**
 * `gema check --watch`: checks, and checks again whenever the program, what it imports or its assignment is saved, until
 * the user quits.
 *
 * @throws UserError without a terminal
 */
export async function watch(path: string, options: CheckOptions): Promise<void> {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) throw noTerminal();
  const world = (await worldFor(options.isolation)) ?? [];
  const checker = new Checker(world);
  whenInterrupted(() => checker.close());
  const session = new Session(path, options, checker, insideOf(world, options.isolation));
  const files = new WatchedFiles(path, options, options.assignment, (changed) => session.saved(changed));
  await files.start();
  session.saved(path);
  await new Promise<void>((quit) => {
    const keys = readKeys(stdin, (key) => {
      if (key !== "q") return session.pressed(key);
      keys.close();
      quit();
    });
  });
  files.close();
  await checker.close();
}

function noTerminal(): UserError {
  return new UserError({
    code: "no-terminal",
    what: {
      en: "--watch needs a terminal to write to and to read keys from.",
      id: "--watch membutuhkan terminal untuk menulis dan membaca tombol.",
    },
    help: {
      en: "Start it in a terminal, or leave out --watch.",
      id: "Jalankan di terminal, atau jangan pakai --watch.",
    },
  });
}
