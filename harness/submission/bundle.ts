import { readFile } from "node:fs/promises";
import { basename, dirname, extname, join, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import * as esbuild from "esbuild";

export type ModuleFormat = "esm" | "cjs";

export interface Bundle {
  readonly code: string;
  readonly format: ModuleFormat;
  /** Whether any file of it is TypeScript. */
  readonly typescript: boolean;
}

/** A mistake in the sources that leaves nothing to run. */
export interface BuildProblem {
  readonly message: string;
  /** Relative to the submission's folder, where the bundler knows it. */
  readonly file?: string;
  /** Counted from 1. */
  readonly line?: number;
}

/** What to bundle: a file in the folder `root`; all absolute, and free of bytes that are no UTF-8. */
export interface BundleInput {
  readonly entry: string;
  readonly root: string;
  /** Where the bundle will be put, absolute: its source map points from there to the sources. */
  readonly outFolder: string;
  /** A folder, absolute, that holds the packages that `require` finds; where it looks from the entry when left out. */
  readonly packagesBeside?: string;
  /** Files and folders, absolute, that it may be made of; whatever can be read when left out. */
  readonly within?: readonly string[];
}

/**
 * What a program may ask about its own file, answered with its source's and not with the bundle's place, file by file:
 * so `import.meta.url === pathToFileURL(process.argv[1]).href` is true in the entry and nowhere else.
 */
const OWN_FILE = {
  "import.meta.url": "__sourceUrl",
  "import.meta.filename": "__sourceFile",
  "import.meta.dirname": "__sourceFolder",
  "import.meta.main": "__sourceIsEntry",
  __filename: "__sourceFile",
  __dirname: "__sourceFolder",
  "require.main": "__sourceMain",
} as const;

/** Bundles a program and its own files with esbuild, in this process. Packages stay outside. */
export async function bundle(input: BundleInput): Promise<Bundle | { readonly problem: BuildProblem }> {
  try {
    const wanted = formatByName(input.entry);
    const first = await build(input, wanted ?? "esm");
    if (wanted !== undefined || !first.meansCommonJs) return first;
    // An `await` at the top level exists in ES modules alone.
    return await build(input, "cjs").catch((error: unknown) => (isBuildFailure(error) ? first : Promise.reject(error)));
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    return { problem: problemOf(error) };
  }
}

function formatByName(file: string): ModuleFormat | undefined {
  const extension = extname(file).toLowerCase();
  if (/^\.m[jt]s$/.test(extension)) return "esm";
  return /^\.c[jt]s$/.test(extension) ? "cjs" : undefined;
}

interface Built extends Bundle {
  /** Sources may import like ES modules and still ask `require.main === module`, as TypeScript long compiled them. */
  readonly meansCommonJs: boolean;
}

async function build(
  { entry, root, outFolder, packagesBeside, within }: BundleInput,
  format: ModuleFormat,
): Promise<Built> {
  const read: string[] = [];
  const { outputFiles, metafile } = await esbuild.build({
    entryPoints: [entry],
    absWorkingDir: root,
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format,
    sourcemap: "inline",
    sourcesContent: false,
    outdir: outFolder,
    write: false,
    metafile: true,
    logLevel: "silent",
    banner: { js: banner(entry, packagesBeside ? join(packagesBeside, "program") : entry, format) },
    define: OWN_FILE,
    plugins: [...(within ? [onlyWithin(within)] : []), ownFiles(entry, read)],
  });
  const sources = Object.entries(metafile.inputs);
  const entryFormat = sources.find(([name]) => resolve(root, name) === entry)?.[1].format;
  const typescript = sources.some(([name]) => /\.[cm]?tsx?$/i.test(name));
  const meansCommonJs =
    entryFormat === "cjs" || read.some((source) => /\b(require\.main|module\.exports)\b/.test(source));
  const startsOthers = read.some((source) => /\b(cluster|child_process|worker_threads)\b/.test(source));
  const code = outputFiles.map(({ text }) => text).join("");
  // On the banner's line, so that every line keeps its number.
  const complete = code.replace(STARTS_ITSELF, () => (startsOthers ? startsItself(entry, format) : ""));
  return { code: complete, format, typescript, meansCommonJs };
}

/** Stands in the banner until it is known whether the sources can start another process or thread. */
const STARTS_ITSELF = "/* starts itself */";

/** A program that starts itself once more, as a worker of a cluster does, has to start its bundle: Node runs no TypeScript. */
function startsItself(entry: string, format: ModuleFormat): string {
  const names = JSON.stringify([entry, pathToFileURL(entry).href]);
  const own = format === "cjs" ? "__filename" : 'require("node:url").fileURLToPath(import.meta.url)';
  return `{
    const [own, names] = [${own}, ${names}];
    const toRun = (file) => (names.includes(String(file)) ? own : file);
    const [processes, threads] = [require("node:child_process"), require("node:worker_threads")];
    const { fork } = processes;
    const { Worker } = threads;
    processes.fork = (file, ...more) => fork(toRun(file), ...more);
    threads.Worker = class extends Worker {
      constructor(file, options) {
        super(options?.eval ? file : toRun(file), options);
      }
    };
    require("node:cluster").setupPrimary?.({ exec: own });
    require("node:module").syncBuiltinESMExports();
  }`.replace(/\s+/g, " ");
}

/** Runs before the program: its name is its source's. `packagesFrom`: the file from which `require` looks for packages. */
function banner(entry: string, packagesFrom: string, format: ModuleFormat): string {
  const rename = `process.argv[1] = ${JSON.stringify(entry)};`;
  const from = JSON.stringify(pathToFileURL(packagesFrom).href);
  if (format === "cjs") return `${rename} require = require("node:module").createRequire(${from}); ${STARTS_ITSELF}`;
  return `import { createRequire as __createRequire } from "node:module"; ${rename} const require = __createRequire(${from}); ${STARTS_ITSELF}`;
}

/** Refuses every other file: we may read what the program may not. esbuild has followed links before. */
function onlyWithin(places: readonly string[]): esbuild.Plugin {
  return {
    name: "only-within",
    setup: ({ onLoad }) => {
      onLoad({ filter: /.*/, namespace: "file" }, ({ path }) => {
        if (places.some((place) => path === place || path.startsWith(place + sep))) return undefined;
        return { errors: [{ text: `"${basename(path)}" lies outside of the submission` }] };
      });
    },
  };
}

/** Tells each file its own place, and keeps what was read in `read`. */
function ownFiles(entry: string, read: string[]): esbuild.Plugin {
  return {
    name: "own-files",
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.[cm]?[jt]sx?$/i, namespace: "file" }, async ({ path }) => {
        const source = await readFile(path, "utf8");
        read.push(source);
        return {
          contents: `${constants(path, entry, source)}${source.replace(/^\uFEFF?(#!)?/, commented)}`,
          loader: loaderOf(path),
        };
      });
    },
  };
}

function commented(start: string): string {
  return start.endsWith("#!") ? "//#!" : "";
}

/** On the source's first line, so that every line keeps its number. */
function constants(path: string, entry: string, source: string): string {
  const own = {
    __sourceUrl: pathToFileURL(path).href,
    __sourceFile: path,
    __sourceFolder: dirname(path),
    __sourceIsEntry: path === entry,
  };
  const values = Object.entries(own).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  if (source.includes("require.main")) values.push(`__sourceMain = ${path === entry ? "module" : "{}"}`);
  return `const ${values.join(", ")};`;
}

function loaderOf(path: string): esbuild.Loader {
  const extension = extname(path).toLowerCase();
  if (extension.endsWith("x")) return extension === ".tsx" ? "tsx" : "jsx";
  return extension.endsWith("ts") ? "ts" : "js";
}

function problemOf(failure: esbuild.BuildFailure): BuildProblem {
  const [first] = failure.errors;
  if (first === undefined) throw failure;
  const { text, location } = first;
  if (location === null) return { message: text };
  return { message: text, file: location.file.replaceAll(sep, "/"), line: location.line };
}

function isBuildFailure(error: unknown): error is esbuild.BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}
