import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { XMLValidator } from "fast-xml-parser";
import { expect, test } from "vitest";
import { ANY_PORT, ECHO, folderWith, gema, SINGLE_RECV } from "./run-gema.test-helper.ts";

const ONLY = ["--only", "tcp-server/keeps-the-connection", "--seed", "7"];
const PICTURE = "tcp-server-keeps-the-connection.svg";

test("check draws a picture of each failure, and rejudge draws it again from the evidence", async () => {
  const cwd = await folderWith({ "server.py": SINGLE_RECV, "any.yaml": ANY_PORT });
  const args = ["check", "server.py", "-a", "any.yaml", ...ONLY, "--diagram", "pictures", "--evidence", "e.json"];
  expect((await gema([...args, "--lang", "id"], { cwd })).code).toBe(1);
  expect(await readdir(join(cwd, "pictures"))).toEqual([PICTURE]);
  const svg = await readFile(join(cwd, "pictures", PICTURE), "utf8");
  expect(XMLValidator.validate(svg)).toBe(true);
  for (const words of ["server.py", "✗ gagal di sini", "connect", "8 byte", "harusnya: "]) expect(svg).toContain(words);

  expect((await gema(["rejudge", "e.json", "--lang", "id", "--diagram", "again"], { cwd })).code).toBe(0);
  expect(await readFile(join(cwd, "again/e", PICTURE), "utf8")).toBe(svg);
});

test("there is nothing to draw where all is well", async () => {
  const cwd = await folderWith({ "server.py": ECHO, "any.yaml": ANY_PORT });
  const args = ["check", "server.py", "-a", "any.yaml", ...ONLY, "--diagram", "pictures"];
  expect((await gema(args, { cwd })).code).toBe(0);
  expect(await readdir(cwd)).not.toContain("pictures");
});

test("a folder that cannot be made is said, with the way out", async () => {
  const cwd = await folderWith({ "server.py": SINGLE_RECV, "any.yaml": ANY_PORT, pictures: "a file" });
  const told = await gema(["check", "server.py", "-a", "any.yaml", ...ONLY, "--diagram", "pictures"], { cwd });
  expect(told.code).toBe(3);
  expect(told.stderr).toMatch(/pictures.* could not be written \((EEXIST|ENOTDIR)\)/);
});
