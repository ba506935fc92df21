import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { faultsIn, findFixtures, headerOf } from "./fixtures.ts";

describe("the header", () => {
  test("says that a program is correct, and what it may still be warned of", () => {
    expect(headerOf("# gema-fixture: correct\nimport socket\n")).toEqual({ kind: "correct", warns: [] });
    const warned = "// gema-fixture: correct\r\n// warns: tcp-server/a, tcp-server/b\r\n";
    expect(headerOf(warned)).toEqual({ kind: "correct", warns: ["tcp-server/a", "tcp-server/b"] });
  });

  test("names the mistake and what fails by it", () => {
    const source = "# gema-fixture: mistake banner\n# fails: tcp-server/a\n";
    expect(headerOf(source)).toEqual({ kind: "mistake", mistakes: ["banner"], fails: ["tcp-server/a"], sometimes: [] });
    expect(headerOf(source.replace("banner", "banner, no-echo"))).toMatchObject({ mistakes: ["banner", "no-echo"] });
    expect(headerOf(source.replace("banner", "unnamed"))).toMatchObject({ kind: "mistake", mistakes: [] });
  });

  test("is missing from other files, and refused where it says nothing", () => {
    expect(headerOf("import socket\n")).toBeUndefined();
    expect(() => headerOf("# gema-fixture: corect\n")).toThrow('not a header of a fixture: "corect"');
    expect(() => headerOf("# gema-fixture: mistake banner\n")).toThrow("not a header");
  });
});

test("a line at fault is marked at its end", () => {
  const source =
    'conn.send(d)  # fault: send-not-sendall\r\n// fault: no such line\ns.write("x"); // fault: banner, no-echo\n';
  expect(faultsIn(source, "a.py")).toEqual([
    { mistake: "send-not-sendall", place: "a.py:1" },
    { mistake: "banner", place: "a.py:3" },
    { mistake: "no-echo", place: "a.py:3" },
  ]);
});

describe("finding fixtures", () => {
  let root = "";
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "gema-fixtures-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  const put = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };

  test("takes files and folders of every class, sorted", async () => {
    await put("b/c/assignment.yaml", "");
    await put("b/c/server.py", "# gema-fixture: correct\n");
    await put("a/assignment.yaml", "");
    await put("a/two/zz.py", "# gema-fixture: correct\n");
    await put("a/two/aa.py", "import zz\n");
    await put("a/README.md", "");
    expect((await findFixtures(root)).map((one) => `${one.class}/${one.name}`)).toEqual(["a/two", "b/c/server.py"]);
  });

  test("refuses a submission without a header", async () => {
    await put("a/assignment.yaml", "");
    await put("a/server.py", "import socket\n");
    await expect(findFixtures(root)).rejects.toThrow("server.py has no");
  });
});
