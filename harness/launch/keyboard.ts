import { randomUUID } from "node:crypto";
import { closeSync, constants, openSync } from "node:fs";
import { rm } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { execa } from "execa";

/** What a program is typed its input on, made before the program starts. */
export interface Keyboard {
  /** The end that becomes the program's stdin. */
  readonly descriptor: number;
  /** The end on which is typed. */
  readonly keys: Writable;
  /** The program has its end now, or could not be started. */
  handedOver(): void;
}

/**
 * A pipe, as a shell makes it. Node's own are sockets, and a program that opens its input by name (`/dev/stdin`) is
 * refused a socket: ENXIO, open(2). `undefined` on Windows, which has no such names.
 */
export async function openKeyboard(): Promise<Keyboard | undefined> {
  if (process.platform === "win32") return undefined;
  const path = join(tmpdir(), `gema-keyboard-${randomUUID()}`);
  // Whoever runs the program opens it anew.
  await execa("mkfifo", ["-m", "666", path]);
  const first = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const keys = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    // Waits for its writer if there were none, and then for each line.
    const descriptor = openSync(path, constants.O_RDONLY);
    return {
      descriptor,
      keys: new Socket({ fd: keys, readable: false, writable: true }),
      handedOver: () => closeSync(descriptor),
    };
  } finally {
    closeSync(first);
    await rm(path);
  }
}
