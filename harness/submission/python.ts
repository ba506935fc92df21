import { execa } from "execa";
import { EXIT, UserError } from "../user-error.ts";

export interface Python {
  readonly executable: string;
  /** Its own folders and those of its environment, absolute; `sys.prefix` and `sys.base_prefix`. */
  readonly folders: readonly string[];
}

const asked = new Map<string, Promise<Python>>();
let given: Promise<Python> | undefined;

/** From now on this one is `python3`. */
export function usePython(one: Python): void {
  given = Promise.resolve(one);
}

/** @throws UserError with exit code 3 when there is none. */
export async function pythonInterpreter(): Promise<string> {
  return (await (given ?? python())).executable;
}

/**
 * The real Python 3 interpreter behind `python3` on this PATH, asked once: a version manager's shim costs some 70 ms a
 * launch.
 *
 * @param become a command that runs another one as somebody who may not see all that we see
 * @throws UserError with exit code 3 when there is none.
 */
export function python(path = process.env.PATH ?? "", become: readonly string[] = []): Promise<Python> {
  const question = [path, ...become].join("\0");
  const known = asked.get(question) ?? askAll(["python3", "python"], path, become);
  asked.set(question, known);
  return known;
}

async function askAll(names: readonly string[], path: string, become: readonly string[]): Promise<Python> {
  for (const name of names) {
    const found = await ask([...become, name], path);
    if (found !== undefined) return found;
  }
  throw new UserError({
    code: "python-missing",
    what: { en: "There is no Python 3 on this machine.", id: "Python 3 tidak ditemukan di mesin ini." },
    help: { en: "Install Python 3 so that python3 is on the PATH.", id: "Pasang Python 3 agar python3 ada di PATH." },
    exit: EXIT.broken,
  });
}

const ABOUT = "import sys; print(sys.version_info[0], sys.executable, sys.prefix, sys.base_prefix, sep='\\n')";

async function ask([command = "", ...args]: readonly string[], path: string): Promise<Python | undefined> {
  // 20 s: only a machine that swaps needs longer than one.
  const options = { env: { PATH: path }, reject: false, stdin: "ignore", timeout: 20_000 } as const;
  const answer = await execa(command, [...args, "-c", ABOUT], options);
  if (answer.failed) return undefined;
  const [major, executable, ...folders] = answer.stdout.split(/\r?\n/);
  return major === "3" && executable ? { executable, folders } : undefined;
}
