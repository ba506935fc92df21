import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const isInstalled = (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, "bwrap")));

/** Tests of full isolation are left out on a machine without bubblewrap, but where CI is set: it has to install it. */
export const mayHaveSandboxes = process.platform === "linux" && (isInstalled || process.env.CI !== undefined);

/** `--isolation` of tests that need a network of their own: all of it, but where that may be missing. */
export const MOST_ISOLATION = mayHaveSandboxes ? "require" : "auto";
