import { posix } from "node:path";
import type { Role } from "../assignment/assignment.ts";
import { readSource, type SourceFile } from "./source-file.ts";

/** What the package.json files of a submission say. */
export interface Manifests {
  /** By folder: the file that is imported when the folder is, without its extension where none is given. */
  readonly mains: ReadonlyMap<string, string>;
  readonly commands: readonly Command[];
}

/** How a program is started; which one, as far as its name says. */
interface Command {
  readonly folder: string;
  readonly words: readonly string[];
  readonly role: Role | undefined;
}

/** Reads them all. One that cannot be read, or is no JSON, says nothing: Node itself will say what is wrong with it. */
export async function readManifests(files: readonly SourceFile[]): Promise<Manifests> {
  const mains = new Map<string, string>();
  const commands: Command[] = [];
  for (const { name, path } of files.filter((file) => posix.basename(file.name) === "package.json")) {
    const read = await readSource(path);
    const said = "source" in read ? parsed(read.source) : {};
    const folder = posix.dirname(name);
    if (typeof said.main === "string") mains.set(folder, posix.join(folder, said.main));
    for (const [script, line] of [...textsOf(said.scripts), ...textsOf(said.bin), ["bin", said.bin] as const]) {
      if (typeof line !== "string" || /test|lint|build/i.test(script)) continue;
      commands.push({ folder, words: line.split(/[\s;&|"']+/), role: roleOfScript(script) });
    }
  }
  return { mains, commands };
}

function parsed(source: string): Readonly<Record<string, unknown>> {
  try {
    const said: unknown = JSON.parse(source);
    return typeof said === "object" && said !== null ? { ...said } : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function textsOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

function roleOfScript(script: string): Role | undefined {
  if (/client|klien/i.test(script)) return "client";
  return /server|peladen/i.test(script) ? "server" : undefined;
}

/** Whether a command of package.json starts this file, and as which program; `node dist/main.js` starts `src/main.ts`. */
export function startedBy(
  { commands, mains }: Manifests,
  file: string,
): { readonly role: Role | undefined } | undefined {
  return commands.find(({ folder, words }) =>
    words.some((word) => {
      const path = posix.join(folder, word);
      const meant = posix.basename(word) === "." ? mains.get(path) : path;
      return meant !== undefined && sourcesOf(meant).includes(stem(file));
    }),
  );
}

/** What a compiler may have made a file from, without extension. */
function sourcesOf(path: string): string[] {
  const own = stem(path);
  const built = /^((?:.*\/)?)(?:dist|build|out|lib)\/(.*)$/.exec(own);
  return built ? [own, `${built[1]}src/${built[2]}`, `${built[1]}${built[2]}`] : [own];
}

function stem(path: string): string {
  return path.replace(/\.[cm]?[jt]s$/i, "");
}
