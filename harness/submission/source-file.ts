import { isUtf8 } from "node:buffer";
import { open } from "node:fs/promises";
import type { SourceLanguage } from "./submission.ts";

/** A file of a submission that Gema could run. */
export interface SourceFile {
  /** Relative to the submission's folder, with `/`; bytes that are no UTF-8 are written as `\xNN`. */
  readonly name: string;
  /** Absolute; a Buffer when it is no UTF-8. */
  readonly path: string | Buffer;
}

/** Why a file cannot be a program. */
export type Unusable = "empty" | "binary" | "no-permission" | "vanished";

const LANGUAGES: ReadonlyMap<string, SourceLanguage> = new Map([
  ["py", "python"],
  ...["ts", "mts", "cts", "js", "mjs", "cjs"].map((extension): [string, SourceLanguage] => [extension, "node"]),
]);

export const SUPPORTED = [...LANGUAGES.keys()].map((extension) => `.${extension}`).join(" ");

/** The language that a file's extension stands for; `undefined` when Gema does not run it. */
export function languageOf(name: string): SourceLanguage | undefined {
  if (/\.d\.[cm]?ts$/i.test(name)) return undefined;
  return LANGUAGES.get(extensionOf(name));
}

/** Lower-case, without the dot; empty when there is none. */
export function extensionOf(name: string): string {
  return /[^/]\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
}

/** Reads as much of a file as tells what it is. 256 KiB is some 8,000 lines. */
export async function readSource(path: string | Buffer): Promise<{ source: string } | { unusable: Unusable }> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(256 * 1024), 0, 256 * 1024, 0);
      return usable(buffer.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = systemCode(error);
    if (code === "EACCES" || code === "EPERM") return { unusable: "no-permission" };
    if (code === "ENOENT") return { unusable: "vanished" };
    throw error;
  }
}

function usable(bytes: Buffer): { source: string } | { unusable: Unusable } {
  if (bytes.includes(0)) return { unusable: "binary" };
  const source = bytes.toString("utf8");
  return source.trim() === "" ? { unusable: "empty" } : { source };
}

/** The code of an error that the operating system gave, e.g. `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** A name's bytes as a string; bytes that are no UTF-8 are written as `\xNN`. */
export function nameFrom(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  const text = bytes.toString("latin1");
  return text.replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}

/** A name on one line, fit for a message. */
export function shown(name: string): string {
  return name.replace(/\p{Cc}/gu, (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
