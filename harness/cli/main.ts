#!/usr/bin/env node
import { EXIT, UserError } from "../user-error.ts";
import { languageGiven, preferredLanguage } from "./output.ts";
import { endInOrder } from "./process-end.ts";
import { buildCommand } from "./program.ts";

const language = languageGiven(process.argv) ?? preferredLanguage();
const gema = buildCommand(language);
endInOrder(report);
try {
  await gema.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** A mistake of the user is told without a stack; anything else is ours, and is told whole. */
function report(error: unknown): number {
  if (error instanceof UserError) {
    const place = error.place ? `${error.place.file}:${error.place.line}:${error.place.column ?? 1}: ` : "";
    process.stderr.write(`gema: ${place}${error.what[language]}\n      ${error.help[language]}\n`);
    return error.exit;
  }
  process.stderr.write(`gema broke: ${error instanceof Error ? error.stack : String(error)}\n`);
  return EXIT.broken;
}
