import { execa } from "execa";

/** A command that runs the one put behind it with a loopback network of its own; empty where it runs as it is. */
export type Prefix = readonly string[];

const UP = ["sh", "-c", 'ip link set lo up && exec "$@"', "sh"];
const WAYS: readonly Prefix[] = [
  ["unshare", "-n", ...UP],
  ["unshare", "-rn", ...UP],
];

/**
 * How to give each grading its own port 5000: as root, else as a user who is root of a namespace. Only Linux can, and
 * not everywhere.
 */
export async function ownNetwork(): Promise<Prefix> {
  if (process.platform !== "linux") return [];
  for (const way of WAYS) {
    const [command = "", ...args] = way;
    const { failed } = await execa(command, [...args, "true"], { reject: false });
    if (!failed) return way;
  }
  return [];
}
