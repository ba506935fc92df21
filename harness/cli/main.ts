#!/usr/bin/env node
import type { Language } from "../text.ts";
import { EXIT, UserError } from "../user-error.ts";
import { preferredLanguage } from "./output.ts";
import { endInOrder } from "./process-end.ts";
import { buildCommand } from "./program.ts";

const gema = buildCommand();
endInOrder(report);
try {
  await gema.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** A mistake of the user is told without a stack; anything else is ours, and is told whole. */
function report(error: unknown): number {
  if (error instanceof UserError) {
    const language = chosenLanguage() ?? preferredLanguage();
    const place = error.place ? `${error.place.file}:${error.place.line}:${error.place.column ?? 1}: ` : "";
    process.stderr.write(`gema: ${place}${error.what[language]}\n      ${error.help[language]}\n`);
    return error.exit;
  }
  process.stderr.write(`gema broke: ${error instanceof Error ? error.stack : String(error)}\n`);
  return EXIT.broken;
}

/** The `--lang` of the command that was called. */
function chosenLanguage(): Language | undefined {
  return gema.commands.map((command) => command.opts<{ lang?: Language }>().lang).find((lang) => lang !== undefined);
}
