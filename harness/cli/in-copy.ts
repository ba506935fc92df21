import { join } from "node:path";
import type { Launcher } from "../launch/subject.ts";
import { type Most, stage } from "../submission/stage.ts";
import type { Mount, Submission } from "../submission/submission.ts";

/**
 * In a sandbox programs see a copy, without links, pipes and devices, at the submission's own place.
 *
 * @param room a folder of ours for the copy
 * @throws UserError when it is too large
 */
export async function inCopy(
  submission: Submission,
  launcher: Launcher,
  room: string,
  most?: Most,
): Promise<Submission> {
  if (launcher.isolation !== "full") return submission;
  const source = join(room, "copy");
  await launcher.share(room);
  await stage(submission.handedIn.path, source, most);
  const handedIn: Mount = { ...submission.handedIn, source };
  return { ...submission, handedIn };
}
