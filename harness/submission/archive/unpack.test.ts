import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { execa } from "execa";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import type { UserError } from "../../user-error.ts";
import { type TarEntry, tarOf, type ZipEntry, zipOf } from "./archives.test-helper.ts";
import { LIMITS } from "./limits.ts";
import { onlyArchiveIn, unpack } from "./unpack.ts";

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "gema-archive-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What comes of an archive: its files as text, where its root is, and what lies beside the folder it was unpacked to. */
async function unpacked(bytes: Uint8Array, name: string, limits = LIMITS) {
  const folder = await emptyFolder();
  const archive = join(folder, name);
  await writeFile(archive, bytes);
  const into = join(folder, "a/b/unpacked");
  await mkdir(join(folder, "a/b"), { recursive: true });
  const outcome = await unpack(archive, into, name, limits).catch((error: UserError) => error);
  const outside = (await readdir(folder, { recursive: true })).filter((one) => !one.startsWith("a/b/unpacked"));
  expect(outside.sort()).toEqual(["a", "a/b", name].sort());
  if (outcome instanceof Error) {
    if (outcome.code === undefined) throw outcome;
    return { code: outcome.code, what: outcome.what };
  }
  const entries = await readdir(into, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  expect(files.every((entry) => entry.isFile())).toBe(true);
  const paths = files.map((entry) => relative(into, join(entry.parentPath, entry.name)));
  const texts = await Promise.all(paths.map(async (path) => [path, await readFile(join(into, path), "utf8")] as const));
  return { files: Object.fromEntries(texts), root: relative(into, outcome.root), notes: outcome.notes, into };
}

type Entry = { readonly name: string; readonly data?: string; readonly mode?: number };
/** Small ones, since files cost time. */
const FEW = { bytes: 1024 * 1024, entries: 40 };
const KINDS: [string, (entries: readonly Entry[]) => Buffer][] = [
  ["a.zip", (entries) => zipOf(entries as ZipEntry[])],
  ["a.tar.gz", (entries) => gzipSync(tarOf(entries as TarEntry[]))],
  ["a.tgz", (entries) => gzipSync(tarOf(entries as TarEntry[]))],
  ["a.tar", (entries) => tarOf(entries as TarEntry[])],
];

describe.each(KINDS)("%s", (name, archiveOf) => {
  test("gives its files, and is its own root when it has several at the top", async () => {
    const archive = archiveOf([
      { name: "server.py", data: "server" },
      { name: "./lib/teks.py", data: "é" },
      { name: "kosong.py" },
    ]);
    expect(await unpacked(archive, name)).toMatchObject({
      files: { "server.py": "server", "lib/teks.py": "é", "kosong.py": "" },
      root: "",
      notes: [],
    });
  });

  test("with one folder at the top has its root there, whatever macOS adds", async () => {
    const archive = archiveOf([
      { name: "tugas/server.py", data: "1" },
      { name: "tugas/lib/x.py", data: "2" },
      { name: "__MACOSX/tugas/._server.py", data: "x" },
      { name: ".DS_Store", data: "x" },
    ]);
    expect(await unpacked(archive, name)).toMatchObject({ root: "tugas" });
  });

  test("with one file at the top is its own root", async () => {
    expect(await unpacked(archiveOf([{ name: "server.py", data: "1" }]), name)).toMatchObject({ root: "" });
  });

  test("is named wrongly and known by its first bytes", async () => {
    const other = name === "a.zip" ? "a.tgz" : "a.zip";
    if (name === "a.tar") return; // nothing at its beginning says so
    expect(await unpacked(archiveOf([{ name: "x", data: "1" }]), other)).toMatchObject({ files: { x: "1" } });
  });

  test("keeps who may run a file", async () => {
    const found = await unpacked(archiveOf([{ name: "run.sh", data: "x", mode: 0o100755 }]), name);
    expect((await stat(join("into" in found ? found.into : "", "run.sh"))).mode & 0o100).toBe(0o100);
  });

  test.each([
    "../evil.py",
    "a/../../evil.py",
    "a/..",
    "..",
    "/evil.py",
    "//server/share/evil.py",
    "C:/evil.py",
    "c:evil.py",
    "..\\evil.py",
    "a\\..\\..\\evil.py",
    "\\evil.py",
    "C:\\evil.py",
  ])("cannot lead outside by the name %s", async (evil) => {
    const archive = archiveOf([
      { name: "server.py", data: "1" },
      { name: evil, data: "evil" },
    ]);
    expect(await unpacked(archive, name)).toMatchObject({ code: "archive-unsafe-name" });
  });

  test("has folders where Windows wrote backslashes", async () => {
    expect(await unpacked(archiveOf([{ name: "tugas\\server.py", data: "1" }]), name)).toMatchObject({
      files: { "tugas/server.py": "1" },
      root: "tugas",
    });
  });

  test.each([
    ["the same name twice", ["a.py", "a.py"]],
    ["names that are the same when cleaned", ["a/b.py", "./a//b.py"]],
    ["a file where a folder is", ["a/b.py", "a"]],
    ["a folder where a file is", ["a", "a/b.py"]],
  ])("with %s is refused", async (_, names) => {
    const archive = archiveOf(names.map((one) => ({ name: one, data: one })));
    expect(await unpacked(archive, name)).toMatchObject({ code: "archive-same-name" });
  });

  test.skipIf(process.platform !== "linux")("keeps both of two names that differ by case", async () => {
    const archive = archiveOf([
      { name: "A.py", data: "1" },
      { name: "a.py", data: "2" },
    ]);
    expect(await unpacked(archive, name)).toMatchObject({ files: { "A.py": "1", "a.py": "2" } });
  });

  test("of too many files is refused, and so is one of too many folders", async () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => ({ name: String(at) }));
    expect(await unpacked(archiveOf(many(41)), name, FEW)).toMatchObject({ code: "archive-too-large" });
    expect(await unpacked(archiveOf(many(40)), name, FEW)).toMatchObject({ root: "" });
    const deep = [{ name: `${"a/".repeat(40)}a` }];
    expect(await unpacked(archiveOf(deep), name, FEW)).toMatchObject({ code: "archive-too-large" });
    const again = Array.from({ length: 41 }, () => ({ name: "a/", type: "5" }));
    expect(await unpacked(archiveOf(again), name, FEW)).toMatchObject({ code: "archive-too-large" });
  });

  test("with folders named one by one counts each once", async () => {
    const folders = Array.from({ length: 30 }, (_, at) => ({ name: `${at}/`, type: "5" }));
    expect(await unpacked(archiveOf(folders), name, FEW)).toMatchObject({ files: {} });
  });

  test("that unpacks to too many bytes is refused", async () => {
    const half = (more: number) => "\0".repeat(512 * 1024 + more);
    const bomb = (more: number) =>
      archiveOf([
        { name: "a", data: half(0) },
        { name: "b", data: half(more) },
      ]);
    expect(await unpacked(bomb(0), name, FEW)).toMatchObject({ root: "" });
    expect(await unpacked(bomb(1), name, FEW)).toMatchObject({ code: "archive-too-large" });
  });

  test("that was cut off anywhere is refused, or whole", async () => {
    const whole = archiveOf([
      { name: "a.py", data: "a".repeat(700) },
      { name: "b.py", data: "b".repeat(700) },
    ]);
    const cuts = Array.from({ length: 20 }, (_, at) => Math.floor((whole.length * at) / 20));
    for (const cut of cuts) {
      const found = await unpacked(whole.subarray(0, cut), name);
      if ("code" in found) expect(found.code).toBe("archive-damaged");
      else expect(Object.values(found.files).every((text) => /^(a{700}|b{700})$/.test(text))).toBe(true);
    }
  });

  test("that is something else is refused", async () => {
    for (const bytes of ["", "x", "PK", "print('halo')\n".repeat(100), "\x1f\x8b\x08garbage"]) {
      const found = await unpacked(Buffer.from(bytes, "latin1"), name);
      expect(found).toMatchObject({ code: "archive-damaged", what: { en: expect.stringContaining(name) } });
    }
  });
});

describe("a ZIP archive", () => {
  test("of 257 MiB in 256 KiB is refused by the limits that hold when none are given", async () => {
    expect(LIMITS).toEqual({ bytes: 256 * 1024 * 1024, entries: 20_000 });
    const bomb = zipOf([{ name: "a", data: Buffer.alloc(257 * 1024 * 1024) }]);
    expect(await unpacked(bomb, "a.zip")).toMatchObject({
      code: "archive-too-large",
      what: { en: expect.stringContaining("256 MiB"), id: expect.stringContaining("256 MiB") },
    });
  });

  test("with a password is refused by that reason", async () => {
    const archive = zipOf([{ name: "server.py", data: "x", flags: 1 }]);
    expect(await unpacked(archive, "a.zip")).toMatchObject({
      code: "archive-encrypted",
      what: { en: "a.zip is protected by a password.", id: "a.zip dilindungi kata sandi." },
    });
  });

  test("in an unknown compression is refused", async () => {
    expect(await unpacked(zipOf([{ name: "x", data: "x", method: 93 }]), "a.zip")).toMatchObject({
      code: "archive-compression",
    });
  });

  test.each([
    ["a link", 0o120777],
    ["a FIFO", 0o010644],
    ["a character device", 0o020644],
    ["a block device", 0o060644],
    ["a socket", 0o140644],
  ])("with %s leaves it out and says so", async (_, mode) => {
    const archive = zipOf([
      { name: "server.py", data: "1" },
      { name: "etc", data: "/etc", mode },
      { name: "etc/passwd", data: "mine" },
    ]);
    expect(await unpacked(archive, "a.zip")).toMatchObject({
      files: { "server.py": "1", "etc/passwd": "mine" },
      notes: [{ en: "Links, devices and pipes of a.zip were left out: etc." }],
    });
  });

  test("that lies about a size is not believed", async () => {
    const small = zipOf([{ name: "a", data: "x".repeat(5000), size: 10 }]);
    expect(await unpacked(small, "a.zip")).toMatchObject({ code: "archive-damaged" });
    const large = zipOf([{ name: "a", data: "x", size: 5000 }]);
    expect(await unpacked(large, "a.zip")).toMatchObject({ code: "archive-damaged" });
  });

  test("whose bytes changed on the way is refused", async () => {
    expect(await unpacked(zipOf([{ name: "a", data: "x", crc: 1 }]), "a.zip")).toMatchObject({
      code: "archive-damaged",
      what: { en: expect.stringContaining("CRC-32") },
    });
  });

  test("whose names are UTF-8 without saying so, or CP437, is read", async () => {
    const archive = zipOf([
      { name: "café.py", data: "1" },
      { name: Buffer.from("caf\x82.txt", "latin1"), data: "2" },
    ]);
    expect(await unpacked(archive, "a.zip")).toMatchObject({ files: { "café.py": "1", "café.txt": "2" } });
  });

  test.each([
    ["a NUL", "a\0.py"],
    ["256 characters", "a".repeat(256)],
    ["a path that is too long", "abcdefgh/".repeat(600)],
    ["nothing but dots", "./."],
  ])("with a name of %s is refused", async (_, name) => {
    expect(await unpacked(zipOf([{ name, data: "x" }]), "a.zip")).toMatchObject({ code: "archive-bad-name" });
  });

  test("that is empty gives nothing", async () => {
    expect(await unpacked(zipOf([]), "a.zip")).toMatchObject({ files: {}, root: "", notes: [] });
  });
});

describe("a tar archive", () => {
  test.each([
    ["a hard link", "1"],
    ["a link", "2"],
    ["a character device", "3"],
    ["a block device", "4"],
    ["a FIFO", "6"],
  ])("with %s leaves it out and says so", async (_, type) => {
    const archive = tarOf([
      { name: "server.py", data: "1" },
      { name: "etc", type, ...("12".includes(type) && { link: "/etc" }) },
      { name: "etc/passwd", data: "mine" },
    ]);
    expect(await unpacked(gzipSync(archive), "a.tgz")).toMatchObject({
      files: { "server.py": "1", "etc/passwd": "mine" },
      notes: [{ en: "Links, devices and pipes of a.tgz were left out: etc." }],
    });
  });

  test("with an extended header of gigabytes keeps none of it", async () => {
    const header = tarOf([{ name: "x", type: "x", size: 2 ** 33 - 1 }], false);
    const bomb = gzipSync(Buffer.concat([header, Buffer.alloc(4 * 1024 * 1024)]));
    expect(await unpacked(bomb, "a.tgz", FEW)).toMatchObject({ code: "archive-too-large" });
  });

  test("that leads outside by an extended header is refused", async () => {
    const data = "21 path=../../evil.py\n";
    const archive = tarOf([
      { name: "x", type: "x", data: data.replace("21", String(data.length)) },
      { name: "a.py", data: "evil" },
    ]);
    expect(await unpacked(archive, "a.tar")).toMatchObject({ code: "archive-unsafe-name" });
  });

  test("compressed twice is refused before it is counted by nobody", async () => {
    expect(await unpacked(gzipSync(gzipSync(tarOf([{ name: "a" }]))), "a.tgz")).toMatchObject({
      code: "archive-damaged",
      what: { en: expect.stringContaining("compressed twice") },
    });
  });

  test("whose header was changed is refused", async () => {
    const archive = tarOf([{ name: "server.py", data: "1" }]);
    archive[0] = 0x78;
    expect(await unpacked(archive, "a.tar")).toMatchObject({ code: "archive-damaged" });
  });

  test("followed by megabytes of anything ends where it ends", async () => {
    const archive = Buffer.concat([tarOf([{ name: "a", data: "1" }]), Buffer.alloc(4 * 1024 * 1024, 7)]);
    expect(await unpacked(gzipSync(archive), "a.tgz", FEW)).toMatchObject({ files: { a: "1" } });
  });
});

describe("archives of other programs", () => {
  test.each(["zip", "gztar", "tar"])("%s of Python's shutil", async (format) => {
    const folder = await emptyFolder();
    await mkdir(join(folder, `in/tugas/${"panjang".repeat(20)}`), { recursive: true });
    await writeFile(join(folder, `in/tugas/${"panjang".repeat(20)}/sërver.py`), "x".repeat(100_000));
    const code = "import shutil, sys; print(shutil.make_archive('out', sys.argv[1], 'in'))";
    const { stdout } = await execa("python3", ["-c", code, format], { cwd: folder });
    const found = await unpacked(await readFile(stdout), "a.zip");
    if (format === "tar") return expect(found).toMatchObject({ code: "archive-damaged" });
    expect(found).toMatchObject({
      files: { [`tugas/${"panjang".repeat(20)}/sërver.py`]: "x".repeat(100_000) },
      root: "tugas",
      notes: [],
    });
  });
});

describe("an archive with any bytes changed", () => {
  const entries = [
    { name: "tugas/server.py", data: "print('halo')\n".repeat(50) },
    { name: "tugas/lib/x.py", data: "x = 1\n" },
  ];
  test.each(KINDS)("%s is refused or unpacked, and neither hangs nor reaches outside", async (name, archiveOf) => {
    const whole = archiveOf(entries);
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    const property = fc.asyncProperty(changes, async (all) => {
      const changed = Buffer.from(whole);
      for (const [at, byte] of all) changed[at] = byte;
      const found = await unpacked(changed, name, FEW);
      if ("code" in found) expect(found.code).toMatch(/^archive-/);
    });
    await fc.assert(property, { numRuns: 60 });
  });
});

describe("the only archive in a folder", () => {
  test.each([
    [["a.zip"], "a.zip"],
    [["A.TAR.GZ", "laporan.pdf", "README.md"], "A.TAR.GZ"],
    [["sub/a.tgz"], "sub/a.tgz"],
    [["a.zip", "server.py"], undefined],
    [["a.zip", "b.zip"], undefined],
    [["a.rar"], undefined],
    [["laporan.pdf"], undefined],
    [[], undefined],
  ])("of %j is %s", async (names, expected) => {
    const folder = await emptyFolder();
    for (const name of names) {
      await mkdir(join(folder, name, ".."), { recursive: true });
      await writeFile(join(folder, name), "");
    }
    const found = await onlyArchiveIn(folder);
    expect(found && relative(folder, String(found))).toBe(expected);
  });
});
