import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Assignment } from "../assignment/assignment.ts";
import type { Text } from "../text.ts";
import { UserError } from "../user-error.ts";
import { systemCode } from "./source-file.ts";

/**
 * The prepared `node_modules` that an assignment allows, absolute and without links.
 * @param file the assignment's own
 * @throws UserError when it is no folder
 */
export async function preparedPackages(file: string, { nodeModules }: Assignment): Promise<string | undefined> {
  if (nodeModules === undefined) return undefined;
  const folder = resolve(dirname(file), nodeModules);
  if (!(await isFolder(folder))) throw noPackages(folder, file);
  return realpath(folder);
}

/** The `node_modules` in which Node would look first for what a source in `folder` imports. */
export async function nearestPackages(folder: string): Promise<string | undefined> {
  const packages = join(folder, "node_modules");
  if (await isFolder(packages)) return packages;
  return dirname(folder) === folder ? undefined : nearestPackages(dirname(folder));
}

/** What to say of packages that a submission's package.json asks for and `packages` does not hold. */
export async function lackingPackages(root: string, packages: string | undefined): Promise<Text | undefined> {
  const asked = await dependenciesOf(join(root, "package.json"));
  const there = await Promise.all(
    asked.map(async (name) => packages !== undefined && (await isFolder(join(packages, name)))),
  );
  const lacking = asked.filter((_, at) => !there[at]);
  if (lacking.length === 0) return undefined;
  const names = lacking.join(", ");
  return {
    en: `package.json asks for ${names}, and Gema installs nothing: without them the program can only use what comes with Node.`,
    id: `package.json meminta ${names}, dan Gema tidak memasang apa pun: tanpa itu program hanya bisa memakai yang tersedia di Node.`,
  };
}

/** A file that is missing or no package.json asks for nothing; Node itself will say what is wrong with it. */
async function dependenciesOf(file: string): Promise<string[]> {
  try {
    const { dependencies } = JSON.parse(await readFile(file, "utf8")) as { dependencies?: unknown };
    return typeof dependencies === "object" && dependencies !== null ? Object.keys(dependencies) : [];
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError || systemCode(error) !== undefined) return [];
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: unknown) => {
    if (systemCode(error) === undefined) throw error;
    return undefined;
  });
  return found?.isDirectory() ?? false;
}

function noPackages(folder: string, file: string): UserError {
  return new UserError({
    code: "packages-not-found",
    what: { en: `There is no folder ${folder}.`, id: `Tidak ada folder ${folder}.` },
    help: {
      en: `${file} names it as submission.nodeModules: run npm install where it belongs, or correct the path.`,
      id: `${file} menyebutnya sebagai submission.nodeModules: jalankan npm install di tempatnya, atau perbaiki path-nya.`,
    },
  });
}
