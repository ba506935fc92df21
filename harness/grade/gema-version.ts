import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";

const Manifest = z.object({ name: z.string(), version: z.string() });

/** The version in Gema's own `package.json`, found upwards from this file: sources and `dist` differ in depth. */
export function gemaVersion(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (!existsSync(file)) continue;
    const manifest = Manifest.parse(JSON.parse(readFileSync(file, "utf8")));
    if (manifest.name === "gema") return manifest.version;
  }
  throw new Error("gema's package.json is not above its own source");
}
