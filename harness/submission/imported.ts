import { stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { importedNames } from "./imports.ts";
import { readSource, systemCode } from "./source-file.ts";

/** What the name of a module may lack. */
const ENDINGS = [
  ...["", ".py", "/__init__.py", ".json"],
  ...["ts", "js", "mts", "mjs", "cts", "cjs"].flatMap((one) => [`.${one}`, `/index.${one}`]),
];

/**
 * The files of the submission's own that a program is made of, itself included, absolute: those that its imports name,
 * and theirs. A guess for whoever wants to know what was changed: an import that is computed is not found.
 *
 * @param root the submission's folder, absolute
 * @param entry absolute
 */
export async function importedFiles(root: string, entry: string): Promise<string[]> {
  const found = new Set<string>();
  const waiting = [entry];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (found.has(path) || !(await isFile(path))) continue;
    found.add(path);
    const read = await readSource(path);
    if ("unusable" in read) continue;
    const names = importedNames(relative(root, path).replaceAll(sep, "/"), read.source);
    waiting.push(...names.flatMap((name) => ENDINGS.map((ending) => join(root, name + ending))));
  }
  return [...found];
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    (error: unknown) => {
      if (systemCode(error) === undefined) throw error;
      return false;
    },
  );
}
