import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Entry } from "./submission.ts";
import { mayLimitUnseen } from "./unseen-limits.ts";

const SETS_ONE = "s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)\n";

test.each([
  ["in the program itself", { "client.py": SETS_ONE }, true],
  ["in a file that it imports", { "client.py": "import helper\n", "helper.py": SETS_ONE.replace("RCV", "SND") }, true],
  ["in a file that it leaves alone", { "client.py": "import socket\n", "helper.py": SETS_ONE }, false],
  ["nowhere: settimeout() is seen", { "client.py": "s.settimeout(5)\n" }, false],
])("an option that limits waits %s", async (_, files, found) => {
  expect(await mayLimitUnseen(await entryWith(files))).toBe(found);
});

test("a program whose name is no UTF-8 is read, too", async () => {
  const entry = await entryWith({ "client.py": SETS_ONE });
  expect(await mayLimitUnseen({ ...entry, path: Buffer.from(String(entry.path)) })).toBe(true);
});

async function entryWith(files: Readonly<Record<string, string>>): Promise<Entry> {
  const root = await mkdtemp(join(tmpdir(), "gema-limits-"));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const [name, source] of Object.entries(files)) await writeFile(join(root, name), source);
  return { program: "tcp-client", file: "client.py", path: join(root, "client.py"), language: "python", root };
}
