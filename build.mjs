import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";

// `node build.mjs [TSCONFIG [FOLDER [OPTION OF TSC]...]]` compiles to a folder, dist/ usually, and joins what is loaded at
// the start into few files: hundreds of small ones take Node a quarter of a second.
const STARTED = ["cli/main.js", "cli/slot-worker.js", "wire/another-host-worker.js"];
/** Folders whose files are found by their names: `ownModules`. */
const FOLDERS = /^(checks\/[a-z-]+|mistakes\/catalogue)$/;

const [project = "tsconfig.build.json", out = "dist", ...more] = process.argv.slice(2);
const HARNESS = resolve(out, "harness");
rmSync(out, { recursive: true, force: true });
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", project, "--outDir", out, ...more], {
  stdio: "inherit",
});

/** `ownModules` of the built harness: each folder is one file, loaded when it is asked for. */
const joinedFolders = {
  name: "joined-folders",
  setup({ onLoad, onResolve }) {
    const folders = readdirSync(HARNESS, { recursive: true }).map((path) => path.replaceAll("\\", "/"));
    const loaders = folders
      .filter((path) => FOLDERS.test(path))
      .map((path) => `"${path}": () => import("all:${path}")`);
    onLoad({ filter: /own-modules\.js$/ }, () => ({
      contents: `const folders = { ${loaders.join(", ")} };
export const ownModules = async (folder) => new Map(Object.entries(await folders[folder]()));`,
    }));
    onResolve({ filter: /^all:/ }, ({ path }) => ({ path: path.slice("all:".length), namespace: "all" }));
    onLoad({ filter: /./, namespace: "all" }, ({ path }) => {
      const names = readdirSync(join(HARNESS, path)).filter((file) => /^[a-z0-9-]+\.js$/.test(file));
      const contents = names
        .map((file) => `export * as "${file.slice(0, -".js".length)}" from "./${file}";`)
        .join("\n");
      return { contents, resolveDir: join(HARNESS, path) };
    });
  },
};
await build({
  entryPoints: STARTED.map((path) => join(HARNESS, path)),
  outdir: HARNESS,
  outbase: HARNESS,
  allowOverwrite: true,
  bundle: true,
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  format: "esm",
  platform: "node",
  target: "node20",
  external: ["esbuild"],
  sourcemap: true,
  plugins: [joinedFolders],
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  logLevel: "warning",
});
chmodSync(join(HARNESS, "cli/main.js"), 0o755);
