import { type FSWatcher, watch } from "node:fs";
import { dirname, resolve } from "node:path";
import { loadAssignment } from "../../assignment/load.ts";
import { PRESETS } from "../../assignment/presets/presets.ts";
import type { CheckRequest } from "../../grade/slot-messages.ts";
import { openSubmission } from "../../submission/find-programs.ts";
import { importedFiles } from "../../submission/imported.ts";
import { readSource, systemCode } from "../../submission/source-file.ts";
import { UserError } from "../../user-error.ts";
import { sha256 } from "../../wire/payload.ts";
import { kindOf } from "../class-folder.ts";
import { whatWasAsked } from "../what-was-asked.ts";

/** A save is several events, of which the last leaves the whole file: what follows within this time belongs to it. */
const SETTLES_MS = 15;

/** What a check depends on, as it is now: paths with hashes of their contents, or why there is no telling. */
type State = ReadonlyMap<string, string>;

/**
 * Tells when a program, what it imports, or its assignment has other contents than before. Folders are watched, since
 * editors save by putting a new file in the old one's place.
 */
export class WatchedFiles {
  readonly #path: string;
  readonly #request: Pick<CheckRequest, "program" | "entry">;
  readonly #said: string | undefined;
  readonly #tell: (changed: string) => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #state: State = new Map();
  #settles: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  /**
   * @param said the assignment that the user named
   * @param tell is called with the path of a file that was changed
   */
  constructor(
    path: string,
    request: Pick<CheckRequest, "program" | "entry">,
    said: string | undefined,
    tell: (changed: string) => void,
  ) {
    this.#path = resolve(path);
    this.#request = request;
    this.#said = said;
    this.#tell = tell;
  }

  /** Begins to watch; what is there now is not told. */
  async start(): Promise<void> {
    this.#state = await this.#look();
  }

  close(): void {
    clearTimeout(this.#settles);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #happened(): void {
    clearTimeout(this.#settles);
    this.#settles = setTimeout(() => {
      this.#looking = this.#looking.then(() => this.#compare());
    }, SETTLES_MS);
  }

  async #compare(): Promise<void> {
    const before = this.#state;
    this.#state = await this.#look();
    const changed = [...this.#state].find(([path, hash]) => before.get(path) !== hash)?.[0];
    const gone = [...before.keys()].find((path) => !this.#state.has(path));
    const which = changed ?? gone;
    if (which !== undefined) this.#tell(which);
  }

  async #look(): Promise<State> {
    const home = (await kindOf(this.#path)) === "folder" ? this.#path : dirname(this.#path);
    const state = new Map<string, string>();
    try {
      const { assignment: asked } = await whatWasAsked(this.#path, this.#said);
      if (!PRESETS.has(asked) && (await kindOf(asked)) === "file") await note(resolve(asked), state);
      const { programs } = await openSubmission(this.#path, await loadAssignment(asked), this.#request);
      for (const { root, path } of Object.values(programs)) {
        for (const file of typeof path === "string" ? await importedFiles(root, path) : []) await note(file, state);
      }
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      state.set(this.#path, error.message);
    }
    this.#watch(new Set([home, ...[...state.keys()].map((path) => dirname(path))]));
    return state;
  }

  /** A folder that is not there, or no more, is watched when it is there at the next look. */
  #watch(folders: ReadonlySet<string>): void {
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) {
      if (this.#watchers.has(folder)) continue;
      try {
        const watcher = watch(folder, () => this.#happened());
        watcher.on("error", () => this.#forget(folder));
        this.#watchers.set(folder, watcher);
      } catch (error) {
        const code = systemCode(error);
        if (code !== "ENOENT" && code !== "ENOTDIR") throw cannotWatch(folder, code ?? String(error));
      }
    }
  }

  #forget(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}

async function note(path: string, state: Map<string, string>): Promise<void> {
  const read = await readSource(path);
  state.set(path, "source" in read ? sha256(read.source) : read.unusable);
}

function cannotWatch(folder: string, reason: string): UserError {
  return new UserError({
    code: "cannot-watch",
    what: {
      en: `The system does not let Gema watch ${folder} (${reason}).`,
      id: `Sistem tidak mengizinkan Gema mengamati ${folder} (${reason}).`,
    },
    help: {
      en: "Use gema check without --watch. On Linux, ENOSPC means that other programs watch too many files.",
      id: "Pakai gema check tanpa --watch. Di Linux, ENOSPC berarti program lain mengamati terlalu banyak berkas.",
    },
    exit: 3,
  });
}
