import { join } from "node:path";
import { isArchive, onlyArchiveIn, type Unpacked, unpack } from "../submission/archive/unpack.ts";
import { kindOf } from "./class-folder.ts";

/**
 * What an archive holds that is the whole submission; else the submission as it is.
 * @param given what messages call it
 * @param room a folder of ours to unpack in
 * @throws UserError when it cannot be unpacked
 */
export async function unpacked(path: string, given: string, room: string): Promise<Unpacked> {
  const archive = await archiveAt(path);
  return archive === undefined ? { root: path, notes: [] } : unpack(archive, join(room, "unpacked"), given);
}

async function archiveAt(path: string): Promise<string | Buffer | undefined> {
  const kind = await kindOf(path); // where it is neither, opening the submission says what is wrong with it
  if (kind === "folder") return onlyArchiveIn(path);
  return kind === "file" && isArchive(path) ? path : undefined;
}
