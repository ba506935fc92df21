import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync, rmSync } from "node:fs";
import { build } from "esbuild";

// `node build.mjs [TSCONFIG [FOLDER [OPTION OF TSC]...]]` compiles to a folder, dist/ usually, and joins what is loaded at
// the start into few files: hundreds of small ones take Node a quarter of a second. Files that are found by their names at
// run time stay where they are.
const FOUND = /^(checks\/[a-z-]+|mistakes\/catalogue)\/[a-z0-9-]+\.js$/;
const STARTED = ["cli/main.js", "cli/slot-worker.js", "wire/another-host-worker.js"];

const [project = "tsconfig.build.json", out = "dist", ...more] = process.argv.slice(2);
const HARNESS = `${out}/harness`;
rmSync(out, { recursive: true, force: true });
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", project, "--outDir", out, ...more], {
  stdio: "inherit",
});
const found = readdirSync(HARNESS, { recursive: true })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => FOUND.test(path));
await build({
  entryPoints: [...STARTED, ...found].map((path) => `${HARNESS}/${path}`),
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
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  logLevel: "warning",
});
chmodSync(`${HARNESS}/cli/main.js`, 0o755);
