import { basename, dirname, join } from "node:path";
import type { Assignment } from "../assignment/assignment.ts";
import { listFiles } from "../submission/list-files.ts";
import { recognise } from "../submission/recognise.ts";
import { languageOf, readSource } from "../submission/source-file.ts";
import type { Submission } from "../submission/submission.ts";
import type { Text } from "../text.ts";
import { kindOf } from "./class-folder.ts";
import { USUAL_ASSIGNMENT } from "./output.ts";

/** The assignment of a folder, where `gema init` puts it and `gema check` looks for it. */
export const OWN_ASSIGNMENT = "assignment.yaml";

const UDP_ASSIGNMENT = "udp-echo";

/** A preset or a file, and whether anybody named it. */
export interface Asked {
  readonly assignment: string;
  /** Nobody did: it is the usual one. */
  readonly assumed: boolean;
}

/**
 * What was asked of a submission: what the user says, else the assignment that lies in its folder, else the usual one for
 * such programs.
 */
export async function whatWasAsked(path: string, said: string | undefined): Promise<Asked> {
  if (said !== undefined) return { assignment: said, assumed: false };
  const kind = await kindOf(path);
  const folder = kind === "folder" ? path : dirname(path);
  const own = join(folder, OWN_ASSIGNMENT);
  if ((await kindOf(own)) === "file") return { assignment: own, assumed: false };
  return { assignment: (await isAllUdp(path, kind)) ? UDP_ASSIGNMENT : USUAL_ASSIGNMENT, assumed: true };
}

/** Nothing else than UDP programs: nobody means them for TCP. */
async function isAllUdp(path: string, kind: "file" | "folder" | undefined): Promise<boolean> {
  // What cannot be read is told when it is opened.
  const all = kind === "folder" ? await listFiles(path).catch(() => []) : [{ name: basename(path), path }];
  const files = kind === undefined ? [] : all.filter(({ name }) => languageOf(name) !== undefined);
  const protocols = await Promise.all(
    files.map(async ({ name, path }) => {
      const read = await readSource(path);
      return "source" in read ? recognise(name, read.source).protocol : undefined;
    }),
  );
  const known = protocols.filter((protocol) => protocol !== undefined);
  return known.length > 0 && known.every((protocol) => protocol === "udp");
}

/** Nobody is missing a program that nobody asked for. What is not the usual is said. */
export function asAssumed(submission: Submission, { name }: Assignment): Submission {
  if (submission.missing.length === 0 && name === USUAL_ASSIGNMENT) return submission;
  return { ...submission, missing: [], notes: [...submission.notes, checkedAs(name)] };
}

function checkedAs(assignment: string): Text {
  return {
    en: `There is no ${OWN_ASSIGNMENT} here: what is there was checked as ${assignment}.`,
    id: `Tidak ada ${OWN_ASSIGNMENT} di sini: yang ada diperiksa sebagai ${assignment}.`,
  };
}
