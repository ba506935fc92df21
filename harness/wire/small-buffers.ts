import { accessSync, constants, readFileSync, writeFileSync } from "node:fs";
import { getDefaultHighWaterMark, setDefaultHighWaterMark } from "node:stream";

/**
 * The least, usual and largest bytes of a TCP socket's buffers, one setting for each network; tcp(7). A socket gets its
 * own from them when it is made, and an accepted one is cut to the largest.
 */
const SETTINGS: ReadonlyMap<string, number> = new Map([
  // SOCK_MIN_SNDBUF and SOCK_MIN_RCVBUF of the kernel's include/net/sock.h: it gives no less.
  ["/proc/sys/net/ipv4/tcp_wmem", 4608],
  ["/proc/sys/net/ipv4/tcp_rmem", 2304],
]);
/** A stream of Node's that is paused goes on reading until it holds this much. */
const HELD_BY_NODE = 1024;

/** Whether the system lets this process set them: Linux, as root of its network. */
export function canShrinkBuffers(): boolean {
  try {
    for (const file of SETTINGS.keys()) accessSync(file, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Connections that are made while `action` runs hold a few kilobytes in each direction, and then what they held before.
 * All programs of this network are affected: for a network of one's own.
 */
export async function withSmallBuffers<T>(action: () => Promise<T>): Promise<T> {
  const before = [...SETTINGS.keys()].map((file) => [file, readFileSync(file, "latin1")] as const);
  const heldBefore = getDefaultHighWaterMark(false);
  try {
    for (const [file, bytes] of SETTINGS) writeFileSync(file, `${bytes} ${bytes} ${bytes}`);
    setDefaultHighWaterMark(false, HELD_BY_NODE);
    return await action();
  } finally {
    setDefaultHighWaterMark(false, heldBefore);
    for (const [file, text] of before) writeFileSync(file, text);
  }
}
