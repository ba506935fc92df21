import { stat } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import { readSource, systemCode } from "./source-file.ts";

/**
 * The files of the submission's own that a program is made of, itself included, absolute: those that its imports name,
 * and theirs. A guess for whoever wants to know what was changed: an import that is computed is not found.
 */
export async function importedFiles(entry: string): Promise<string[]> {
  const found = new Set<string>();
  const waiting = [entry];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (found.has(path) || !(await isFile(path))) continue;
    found.add(path);
    const read = await readSource(path);
    if ("source" in read) waiting.push(...namedBy(path, read.source));
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

/** Where the imports of a source may lead; most of these places hold no file. */
function namedBy(path: string, source: string): string[] {
  return extname(path) === ".py" ? namedByPython(dirname(path), source) : namedByNode(dirname(path), source);
}

const PYTHON_IMPORT = /^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+([\w, \t*(]+)|import[ \t]+([\w., \t]+))/gm;

/** Modules beside the program; from a package also its members, which may be modules. */
function namedByPython(folder: string, source: string): string[] {
  return [...source.matchAll(PYTHON_IMPORT)].flatMap(([, dots = "", from = "", members = "", modules]) => {
    if (modules !== undefined) return words(modules).flatMap((name) => modulePlaces(folder, name));
    const base = resolve(folder, "../".repeat(Math.max(0, dots.length - 1)));
    const prefix = from === "" ? "" : `${from}.`;
    const parts = words(members).map((member) => `${prefix}${member}`);
    return [...(from === "" ? [] : [from]), ...parts].flatMap((name) => modulePlaces(base, name));
  });
}

/** `a.b as c, d`: the first word of each. */
function words(list: string): string[] {
  return list.split(",").flatMap((part) => /[\w.]+/.exec(part)?.[0] ?? []);
}

function modulePlaces(folder: string, name: string): string[] {
  const path = join(folder, ...name.split("."));
  return [`${path}.py`, join(path, "__init__.py")];
}

const NODE_IMPORT = /\b(?:from|import|require)\s*\(?\s*["'](\.[^"']*)["']/g;

/** TypeScript's `./a.js` may be `./a.ts`. */
function namedByNode(folder: string, source: string): string[] {
  return [...source.matchAll(NODE_IMPORT)].flatMap(([, name = ""]) => {
    const path = resolve(folder, name);
    const endings = ["ts", "js", "mts", "mjs", "cts", "cjs", "json"];
    const written = path.replace(/js$/, "ts");
    return [path, written, ...endings.flatMap((ending) => [`${path}.${ending}`, join(path, `index.${ending}`)])];
  });
}
