import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { Parser, type ReadEntry } from "tar";
import { damaged, tooLarge } from "./refused.ts";
import { type OpenFile, rethrown, type Sink } from "./sink.ts";

const FILES = ["File", "OldFile", "ContiguousFile"];
/** A header, its padding, and the extended header of a long name: what an entry takes beside its contents (pax(1)). */
const AROUND_AN_ENTRY = 4096;

/**
 * Unpacks a tar archive, compressed by gzip or not.
 *
 * @param name of the archive, for messages
 * @throws UserError when it is damaged or the sink refuses what is in it
 */
export async function untar(archive: string | Buffer, gzip: boolean, sink: Sink, name: string): Promise<void> {
  const file = createReadStream(archive);
  const bytes = gzip ? unzipped(file) : file;
  const reader = new TarReader(sink);
  const most = sink.limits.bytes + sink.limits.entries * AROUND_AN_ENTRY;
  let left = most;
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      if (left === most && isCompressed(chunk)) throw damaged(name, "compressed twice");
      left -= chunk.length;
      if (left < 0) throw tooLarge(name, sink.limits);
      reader.take(chunk);
      if (reader.atEnd) break;
    }
    reader.finish();
  } catch (error) {
    throw rethrown(error, name);
  } finally {
    reader.close();
    file.destroy();
  }
}

function unzipped(file: Readable): Readable {
  const gunzip = createGunzip();
  file.on("error", (error) => gunzip.destroy(error));
  return file.pipe(gunzip);
}

/** The library would undo a second compression by itself, and nobody would count its bytes before they are made. */
function isCompressed(chunk: Buffer): boolean {
  return GZIP.equals(chunk.subarray(0, 2)) || ZSTD.equals(chunk.subarray(0, 4));
}

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** All happens within the call that brings the bytes, so that what is wrong with them is thrown from there. */
class TarReader {
  readonly #sink: Sink;
  readonly #parser: Parser;
  #file: OpenFile | undefined;
  #atEnd = false;

  constructor(sink: Sink) {
    this.#sink = sink;
    this.#parser = new Parser({ strict: true, onReadEntry: (entry) => this.#unpack(entry) });
    this.#parser.on("error", (error) => {
      throw error;
    });
    this.#parser.on("eof", () => {
      this.#atEnd = true;
    });
  }

  /** The archive said so; what follows is padding. */
  get atEnd(): boolean {
    return this.#atEnd;
  }

  take(chunk: Buffer): void {
    this.#parser.write(chunk);
  }

  /** @throws Error when something is missing */
  finish(): void {
    this.#parser.end();
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  #unpack(entry: ReadEntry): void {
    const { path, type, mode = 0 } = entry;
    if (FILES.includes(type)) {
      const file = this.#sink.file(path, (mode & 0o111) !== 0);
      this.#file = file;
      entry.on("end", () => this.close());
      entry.on("data", (chunk) => file.write(chunk));
      return;
    }
    if (type === "Directory") this.#sink.folder(path);
    else this.#sink.leaveOut(path);
    entry.resume();
  }
}
