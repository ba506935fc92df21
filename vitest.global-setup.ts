import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { TestProject } from "vitest/node";

/**
 * Builds Gema once for the tests that run it as its users do, in a folder of its own, so that neither a stale `dist` nor
 * another run can spoil it. Tests find it by `inject("built")`. Types are another command's business.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dist = join(import.meta.dirname, "dist");
  await mkdir(dist, { recursive: true });
  const built = await mkdtemp(join(dist, "test-"));
  await execa(process.execPath, ["build.mjs", "tsconfig.build.json", built, "--noCheck"], { cwd: import.meta.dirname });
  project.provide("built", built);
  return () => rm(built, { recursive: true });
}

declare module "vitest" {
  interface ProvidedContext {
    /** Absolute path of a fresh build. */
    built: string;
  }
}
