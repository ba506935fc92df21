import { dirname, join } from "node:path";
import type { Submission } from "../submission/submission.ts";
import type { Text } from "../text.ts";
import { kindOf } from "./class-folder.ts";
import { USUAL_ASSIGNMENT } from "./output.ts";

/** The assignment of a folder, where `gema init` puts it and `gema check` looks for it. */
export const OWN_ASSIGNMENT = "assignment.yaml";

/** A preset or a file, and whether anybody named it. */
export interface Asked {
  readonly assignment: string;
  /** Nobody did: it is the usual one. */
  readonly assumed: boolean;
}

/** What was asked of a submission: what the user says, else the assignment that lies in its folder, else the usual one. */
export async function whatWasAsked(path: string, said: string | undefined): Promise<Asked> {
  if (said !== undefined) return { assignment: said, assumed: false };
  const folder = (await kindOf(path)) === "folder" ? path : dirname(path);
  const own = join(folder, OWN_ASSIGNMENT);
  if ((await kindOf(own)) === "file") return { assignment: own, assumed: false };
  return { assignment: USUAL_ASSIGNMENT, assumed: true };
}

/** Nobody is missing a program that nobody asked for. */
export function withoutMissing(submission: Submission): Submission {
  if (submission.missing.length === 0) return submission;
  return { ...submission, missing: [], notes: [...submission.notes, CHECKED_WHAT_IS_THERE] };
}

const CHECKED_WHAT_IS_THERE: Text = {
  en: `There is no ${OWN_ASSIGNMENT} here: what is there was checked as ${USUAL_ASSIGNMENT}.`,
  id: `Tidak ada ${OWN_ASSIGNMENT} di sini: yang ada diperiksa sebagai ${USUAL_ASSIGNMENT}.`,
};
