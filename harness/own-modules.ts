import { readdir } from "node:fs/promises";
import { ownFile } from "./own-file.ts";

/**
 * What the files of a folder export, by their names without ending, in the order of those: `checks/tcp-server` of Gema's
 * own, say. The build joins each of the folders to one file, and puts that in the place of this module.
 */
export async function ownModules(folder: string): Promise<ReadonlyMap<string, object>> {
  const url = ownFile(`${folder}/`);
  const files = (await readdir(url)).filter((file) => /^[a-z0-9-]+\.(ts|js)$/.test(file)).sort();
  const modules = files.map(async (file): Promise<[string, object]> => {
    return [file.replace(/\.(ts|js)$/, ""), await import(new URL(file, url).href)];
  });
  return new Map(await Promise.all(modules));
}
