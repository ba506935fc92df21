import { posix } from "node:path";

const PYTHON = /^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+([^#\n]+)|import[ \t]+([^#\n]+))/gm;
const SCRIPT = /\b(?:from|import|require)\s*\(?\s*["'](\.[^"'\n]+)["']/g;

/**
 * The files of a submission that one of them imports, as far as plain import statements tell.
 * @param files all names, relative to the submission's folder
 */
export function importsOf(file: string, source: string, files: readonly string[]): readonly string[] {
  const wanted = new Set(importedNames(file, source));
  return files.filter((name) => name !== file && [name, withoutExtension(name)].some((one) => wanted.has(one)));
}

/** Names, relative to the submission's folder, that its imports may mean; those of modules are without extension. */
export function importedNames(file: string, source: string): string[] {
  return /\.py$/i.test(file) ? pythonModules(file, source) : scriptModules(file, source);
}

/** `server` for `server.py`, and for `server/__init__.py` or `server/index.ts` too. */
function withoutExtension(name: string): string {
  return name.replace(/(\/(__init__|index))?\.[^./]+$/, "");
}

/** A module is looked for beside the file that is run, and beside the file that imports it. */
function pythonModules(file: string, source: string): string[] {
  const folder = posix.dirname(file);
  return [...source.matchAll(PYTHON)].flatMap(([, dots = "", module = "", names = "", modules]) => {
    if (modules !== undefined)
      return listed(modules).flatMap((one) => [slashed(one), posix.join(folder, slashed(one))]);
    const base = dots === "" ? [".", folder] : [posix.join(folder, "../".repeat(dots.length - 1))];
    const inside = [module, ...listed(names).map((name) => (module === "" ? name : `${module}.${name}`))];
    return base.flatMap((from) => inside.map((one) => posix.join(from, slashed(one))));
  });
}

/** `a, b as c` names a and b. */
function listed(names: string): string[] {
  return names.split(",").flatMap((one) => /[\w.]+/.exec(one) ?? []);
}

function slashed(module: string): string {
  return module.replaceAll(".", "/");
}

/** `./server.js` is what TypeScript calls its own `./server.ts`. */
function scriptModules(file: string, source: string): string[] {
  return [...source.matchAll(SCRIPT)].flatMap(([, path = ""]) => {
    const whole = posix.join(posix.dirname(file), path);
    return [whole, whole.replace(/\.[cm]?js$/, "")];
  });
}

const RUNS_BY_ITSELF =
  /^(?:if\s+__name__\b|(?:await\s+|void\s+)?[\w.]+\(|\S.*\.(?:listen|connect|bind)\s*\()|\brequire\.main\b|\bimport\.meta\b/m;

/** Python resolves `from .core import serve` in a package only, never in a file that is run. */
const PART_OF_PACKAGE = /^from[ \t]+\.+\w*[ \t]+import\b/m;

/** The name of the module that a Python file is, where it can be run by that name only. */
export function moduleInPackage(file: string, source: string): string | undefined {
  const parts = file.replace(/(\/__main__)?\.py$/i, "").split("/");
  const runsByName = file.includes("/") && parts.every((part) => /^[^\W\d]\w*$/u.test(part));
  return runsByName && PART_OF_PACKAGE.test(source) ? parts.join(".") : undefined;
}

/** Whether a file does something when it is run, and does not only define what others call. */
export function runsByItself(source: string): boolean {
  return RUNS_BY_ITSELF.test(source) && !PART_OF_PACKAGE.test(source);
}
