import { importedFiles } from "./imported.ts";
import { readSource } from "./source-file.ts";
import type { Entry } from "./submission.ts";

/** Options of a socket that limit a wait within the kernel, which shows them to nobody else; socket(7). */
const OPTION = /\bSO_(RCV|SND)TIMEO/;

/** Whether a program's source names a time limit that cannot be seen from outside. That convicts nobody: it forbids a proof. */
export async function mayLimitUnseen({ root, path }: Entry): Promise<boolean> {
  const files = typeof path === "string" ? await importedFiles(root, path) : [path];
  const sources = await Promise.all(files.map(readSource));
  return sources.some((read) => "source" in read && OPTION.test(read.source));
}
