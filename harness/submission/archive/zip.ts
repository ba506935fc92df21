import { isUtf8 } from "node:buffer";
import { closeSync, openSync } from "node:fs";
import { crc32 } from "node:zlib";
import { type Entry, fromFdPromise, getFileNameLowLevel, type ZipFile } from "yauzl";
import { compressedOtherwise, damaged, encrypted } from "./refused.ts";
import { rethrown, type Sink } from "./sink.ts";

/** APPNOTE.TXT 4.4.2: who wrote the attributes; these two wrote the mode of a file (stat(2)) into their upper half. */
const WITH_MODES = [3, 19];
const KIND = 0o170000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;

/**
 * Unpacks a ZIP archive (PKWARE's APPNOTE.TXT).
 *
 * @param name of the archive, for messages
 * @throws UserError when it is damaged, encrypted, or the sink refuses what is in it
 */
export async function unzip(archive: string | Buffer, sink: Sink, name: string): Promise<void> {
  try {
    const zip = await open(archive);
    for await (const entry of zip.eachEntry()) await unpack(zip, entry, sink, name);
  } catch (error) {
    throw rethrown(error, name);
  }
}

/** It closes itself when all entries were read, or no more are asked for. */
async function open(archive: string | Buffer): Promise<ZipFile> {
  const file = openSync(archive, "r");
  try {
    return await fromFdPromise(file, { autoClose: true, decodeStrings: false });
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

async function unpack(zip: ZipFile, entry: Entry, sink: Sink, archive: string): Promise<void> {
  const name = nameOf(entry);
  const mode = WITH_MODES.includes(entry.versionMadeBy >>> 8) ? entry.externalFileAttributes >>> 16 : 0;
  const kind = mode & KIND;
  if (kind !== 0 && kind !== REGULAR && kind !== FOLDER) return sink.leaveOut(name);
  if (/[/\\]$/.test(name)) return sink.folder(name);
  if (entry.isEncrypted()) throw encrypted(archive);
  if (!entry.canDecodeFileData()) throw compressedOtherwise(archive, entry.compressionMethod);
  const file = sink.file(name, (mode & 0o111) !== 0);
  let sum = 0;
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      file.write(chunk as Buffer);
      sum = crc32(chunk as Buffer, sum);
    }
  } finally {
    file.close();
  }
  if (sum !== entry.crc32) throw damaged(archive, "CRC-32");
}

/** Many programs write UTF-8 without saying so, where the standard would have it read as CP437. */
function nameOf({ fileNameRaw, generalPurposeBitFlag, extraFields }: Entry): string {
  if (isUtf8(fileNameRaw)) return fileNameRaw.toString("utf8");
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
}
