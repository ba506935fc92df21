import { posix } from "node:path";

const PYTHON = /^[ \t]*(?:from[ \t]+(\.*)(\w[\w.]*)?[ \t]+import[ \t]+([^#\n]+)|import[ \t]+([^#\n]+))/gm;
const SCRIPT = /\b(?:from|import|require)\s*(?:\(\s*)?["']([^"'\n]+)["']/g;
/** `require(path.join(__dirname, "..", "lib", "server"))` */
const JOINED = /\bpath\.(?:join|resolve)\(\s*__dirname\s*,([^()]*)\)/g;

/**
 * The files of a submission that one of them imports, as far as plain import statements tell.
 * @param files all names, relative to the submission's folder
 * @param mains the files that stand for folders, by package.json
 */
export function importsOf(
  file: string,
  source: string,
  files: readonly string[],
  mains: ReadonlyMap<string, string> = new Map(),
): readonly string[] {
  const imported = importedNames(file, source);
  const wanted = new Set([...imported, ...imported.flatMap((name) => mains.get(name) ?? [])]);
  const ends = /\.py$/i.test(file) ? [] : aliased(source);
  const isMeant = (one: string): boolean => wanted.has(one) || ends.some((end) => `/${one}`.endsWith(end));
  return files.filter((name) => name !== file && [name, withoutExtension(name)].some(isMeant));
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

function scriptModules(file: string, source: string): string[] {
  const joined = [...source.matchAll(JOINED)].map(([, parts = ""]) => posix.join(".", ...quoted(parts)));
  return [...imports(source).filter((path) => path.startsWith(".")), ...joined].flatMap((path) => {
    const whole = posix.join(posix.dirname(file), path).replace(/\/$/, "");
    return [whole, withoutScriptEnding(whole)];
  });
}

function imports(source: string): string[] {
  return [...source.matchAll(SCRIPT)].map(([, path = ""]) => path);
}

function quoted(parts: string): string[] {
  return [...parts.matchAll(/["']([^"'\n]*)["']/g)].map(([, part = ""]) => part);
}

/** `./server.js` is what TypeScript calls its own `./server.ts`. */
function withoutScriptEnding(path: string): string {
  return path.replace(/\.[cm]?js$/, "");
}

/** How the files end that `@core/server`, `#core/server`, `~/core/server` or `core/server` may mean: settings say where. */
function aliased(source: string): string[] {
  return imports(source).flatMap((path) => {
    if (!/^[^.:/][^:/]*\//.test(path)) return [];
    return `/${withoutScriptEnding(path.replace(/^(@[\w-]*|#[\w-]*|~)\//, ""))}`;
  });
}

/** Calls in no function that set something up, or tell, and start nothing. */
const SETS_UP =
  /(?:process|util|console|logging|sys|os|Object|Reflect|signal|warnings|random|locale|exports|module|events|dotenv|faulthandler)\.|(?:require|print|super|load_dotenv|socket\.setdefaulttimeout)\(/;
const NAMES_A_FUNCTION =
  /(?:export\s+)?(?:const|let|var)\s+\w+\b[^=\n]*=\s*(?:async\b\s*)?(?:\([^()\n]*\)|\w+\b)[^=\n]*=>/;
const CALLS = new RegExp(`(?:await\\s+|void\\s+)?(?!${SETS_UP.source})[\\w.]+\\(`);
const MEETS_OTHERS = new RegExp(`(?!${NAMES_A_FUNCTION.source})\\S.*\\.(?:listen|connect|bind)\\s*\\(`);
const STARTS = new RegExp(
  `^(?:if\\s+__name__\\b|(?:async\\s+)?(?:while|with)\\b|${CALLS.source}|${MEETS_OTHERS.source})`,
  "m",
);
const IS_MAIN = /\brequire\.main\b|\bimport\.meta\.main\b/;

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
  const asksWhetherMain = IS_MAIN.test(source) || (/\bimport\.meta\b/.test(source) && /\bargv\b/.test(source));
  return (STARTS.test(source) || asksWhetherMain) && !PART_OF_PACKAGE.test(source);
}
