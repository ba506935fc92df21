import { once } from "node:events";
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Assignment, Program } from "../assignment/assignment.ts";
import { loadAssignment } from "../assignment/load.ts";
import { UserError } from "../user-error.ts";
import { type OpenOptions, openSubmission } from "./find-programs.ts";

const SERVER = "s.bind(a)\ns.listen(1)\ns.accept()\n";
const CLIENT = "s.connect(a)\n";
const OTHER = "print('hello')\n";

const both = await loadAssignment("tcp-echo");
const only = (program: Program, file?: string): Assignment => ({
  ...both,
  programs: { [program]: file === undefined ? {} : { file } },
});

let root = "";
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "gema-submission-")));
});
afterEach(() => rm(root, { recursive: true }));

async function put(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
}

async function found(assignment: Assignment = both, options: OpenOptions = {}, path = root) {
  const { programs, missing } = await openSubmission(path, assignment, options);
  return { server: programs["tcp-server"]?.file, client: programs["tcp-client"]?.file, missing };
}

async function refused(opening: Promise<unknown>): Promise<{ code: string; text: string }> {
  const error = await opening.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UserError)) throw new Error(`expected a UserError, not ${String(error)}`);
  expect(error.exit).toBe(64);
  return { code: error.code, text: `${error.what.en} ${error.help.en}` };
}

describe("a folder", () => {
  test.each([
    ["conventional names", { "server.py": OTHER, "client.py": OTHER }, "server.py", "client.py"],
    ["in any case and language", { "TCP_Server.PY": OTHER, "Klien.ts": OTHER }, "TCP_Server.PY", "Klien.ts"],
    [
      "in folders",
      { "server/index.ts": OTHER, "client/main.mts": OTHER, "package.json": "{}" },
      "server/index.ts",
      "client/main.mts",
    ],
    [
      "the plain name before others",
      { "server.py": OTHER, "server_old.py": SERVER, "client.py": OTHER },
      "server.py",
      "client.py",
    ],
    [
      "the outer folder before the inner",
      { "server.py": SERVER, "old/server.py": SERVER, "client.py": CLIENT },
      "server.py",
      "client.py",
    ],
    [
      "TCP before UDP",
      { "udp_server.py": SERVER, "tcp_server.py": SERVER, "client.py": CLIENT },
      "tcp_server.py",
      "client.py",
    ],
    [
      "no tests",
      { "test_server.py": SERVER, "myserver2.py": SERVER, "client.py": CLIENT },
      "myserver2.py",
      "client.py",
    ],
    [
      "the source before what was made of it",
      { "server.ts": OTHER, "server.js": OTHER, "client.ts": OTHER },
      "server.ts",
      "client.ts",
    ],
    [
      "sources where names are equal",
      { "tcp_server.py": OTHER, "server.py": SERVER, "client.py": CLIENT },
      "server.py",
      "client.py",
    ],
    ["sources where names say nothing", { "a.py": CLIENT, "b.py": SERVER, "c.py": OTHER }, "b.py", "a.py"],
    ["a plain source before a far name", { "many_clients.py": SERVER, "c.py": CLIENT }, "many_clients.py", "c.py"],
    [
      "main before other names",
      { "main.py": SERVER, "second.py": SERVER, "client.py": CLIENT },
      "main.py",
      "client.py",
    ],
    [
      "names that need care",
      { 'it\'s a "server" <&>\n\u001b[31m.py': OTHER, "-client.js": OTHER },
      'it\'s a "server" <&>\n\u001b[31m.py',
      "-client.js",
    ],
  ])("%s", async (_, files, server, client) => {
    await put(files);
    expect(await found()).toEqual({ server, client, missing: [] });
  });

  const DEFINES = "export function serve() {\n  createServer().listen(5000);\n}\n";
  const CLASS = "class EchoServer:\n    def run(self):\n        s.bind(a)\n        s.listen(1)\n";
  test.each([
    ["TypeScript", { "main.ts": 'import { serve } from "./server.js";\nserve();\n', "server.ts": DEFINES }, "main.ts"],
    [
      "TypeScript in a folder",
      { "src/index.ts": "import { serve } from './net/server';\nserve();\n", "src/net/server.ts": DEFINES },
      "src/index.ts",
    ],
    ["CommonJS", { "app.cjs": 'require("./server").serve();\n', "server.cjs": DEFINES }, "app.cjs"],
    ["Python", { "main.py": "from server import EchoServer\nEchoServer().run()\n", "server.py": CLASS }, "main.py"],
    [
      "a package",
      { "run.py": "import echo.server as e\ne.EchoServer().run()\n", "echo/server.py": CLASS, "echo/__init__.py": "#" },
      "run.py",
    ],
    [
      "a package that hands on what it holds",
      {
        "main.py": "from echo import EchoServer\nEchoServer().run()\n",
        "echo/__init__.py": "from .server import EchoServer\n",
        "echo/server.py": CLASS,
      },
      "main.py",
    ],
    [
      "an index that hands on what it holds",
      {
        "main.ts": "import { serve } from './net';\nserve();\n",
        "net/index.ts": "export { serve } from './server';\n",
        "net/server.ts": DEFINES,
      },
      "main.ts",
    ],
    [
      "a relative import",
      { "server/__main__.py": "from .server import EchoServer\nEchoServer().run()\n", "server/server.py": CLASS },
      "server/__main__.py",
    ],
    [
      "a program of a package, which cannot be run as a file",
      {
        "main.py": "from echo.server import serve\nserve()\n",
        "echo/server.py": 'from .core import serve\nif __name__ == "__main__":\n    serve()\n',
        "echo/core.py": CLASS,
      },
      "main.py",
    ],
    ...[
      'process.on("uncaughtException", console.error);',
      "util.inherits(Server, EventEmitter);",
      'console.log("loading");',
      "const here = fileURLToPath(import.meta.url);",
      "export const start = () => createServer().listen(5000);",
    ].map((line): [string, Record<string, string>, string] => [
      `a module with ${line}`,
      { "index.ts": 'import { serve } from "./server.js";\nserve();\n', "server.ts": `${line}\n${DEFINES}` },
      "index.ts",
    ]),
    [
      "a module that sets up its log",
      { "main.py": "import server\nserver.run()\n", "server.py": `logging.basicConfig()\nprint("x")\n${CLASS}` },
      "main.py",
    ],
    ...["@core/server", "#core/server.js", "~/core/server", "@/core/server.js", "core/server"].map(
      (path): [string, Record<string, string>, string] => [
        `an import of ${path}`,
        { "src/main.ts": `import { serve } from "${path}";\nserve();\n`, "src/core/server.ts": DEFINES },
        "src/main.ts",
      ],
    ),
    [
      "a path that is put together",
      { "bin/up.cjs": 'require(path.join(__dirname, "..", "lib/server")).serve();', "lib/server.cjs": DEFINES },
      "bin/up.cjs",
    ],
    [
      "a folder that stands for a file",
      {
        "up.cjs": "require('./echo-server').serve();",
        "echo-server/own.cjs": DEFINES,
        "echo-server/package.json": '{ "main": "./own.cjs" }',
      },
      "up.cjs",
    ],
    [
      "what stands for the whole folder",
      {
        "bin/up.cjs": "require('..').serve();",
        "lib/server.cjs": DEFINES,
        "package.json": '{ "main": "lib/server.cjs" }',
      },
      "bin/up.cjs",
    ],
  ])("who imports a server that does not run by itself is the server: %s", async (_, files, server) => {
    await put(files);
    expect(await found(only("tcp-server"))).toEqual({ server, client: undefined, missing: [] });
  });

  test.each([
    ["it runs by itself", { "main.py": "import server\n", "server.py": `${CLASS}EchoServer().run()\n` }],
    ["it has a main guard", { "x.py": "import server\n", "server.py": `${CLASS}if __name__ == "__main__": run()\n` }],
    ["a test imports it", { "test_server.py": "from server import EchoServer\n", "server.py": CLASS }],
    ["the client imports it", { "client.py": `from server import PORT\n${CLIENT}`, "server.py": CLASS }],
    [
      "a menu imports both programs",
      { "main.py": "import server, client\n", "server.py": CLASS, "client.py": `def run():\n    ${CLIENT}` },
    ],
  ])("an imported server stays the server where %s", async (_, files) => {
    await put(files);
    expect((await found()).server).toBe("server.py");
  });

  test("what others wrote or a build made is not looked at", async () => {
    await put({ "server.py": SERVER, "client.py": CLIENT });
    for (const folder of ["node_modules/x", ".git", ".hidden", "dist", "__pycache__", "venv"]) {
      await put({ [`${folder}/server.py`]: SERVER, [`${folder}/tcp_server.py`]: SERVER });
    }
    expect(await found()).toEqual({ server: "server.py", client: "client.py", missing: [] });
  });

  test("the file that the assignment names, also in another case", async () => {
    await put({ "server.py": SERVER, "Tugas/Satu.py": SERVER });
    expect((await found(only("tcp-server", "Tugas/Satu.py"))).server).toBe("Tugas/Satu.py");
    expect((await found(only("tcp-server", "./tugas/satu.py"))).server).toBe("Tugas/Satu.py");
    const { programs, notes } = await openSubmission(root, only("tcp-server", "absent.py"), {});
    expect(programs["tcp-server"]?.file).toBe("server.py");
    expect(notes[0]?.en).toContain("as absent.py");
  });

  test("the only file there is", async () => {
    await put({ "tugas1.py": OTHER, "README.md": "x" });
    expect((await found(only("tcp-server"))).server).toBe("tugas1.py");
  });

  test.each([
    [
      "a later version beside it",
      { "server.py": SERVER, "server_final.py": `${SERVER}x` },
      "server.py, server_final.py",
    ],
    [
      "two exercises, of which one does not say its protocol",
      { "1/server.py": `${SERVER}socket.SOCK_STREAM`, "2/server.py": SERVER },
      "1/server.py, 2/server.py",
    ],
  ])("in doubt which one is meant: %s", async (_, files, names) => {
    await put(files);
    const { code, text } = await refused(openSubmission(root, only("tcp-server")));
    expect(code).toBe("submission-ambiguous");
    expect(text).toContain(names);
  });

  test("of several clients the one beside the server", async () => {
    await put({ "1/server.py": SERVER, "1/client.py": CLIENT, "2/client.py": `${CLIENT}socket.SOCK_STREAM` });
    expect(await found()).toEqual({ server: "1/server.py", client: "1/client.py", missing: [] });
  });

  test("a program that is called a test, where there is no other", async () => {
    await put({ "server.py": SERVER, "test_client.py": CLIENT, "test_server.py": CLIENT });
    expect(await found()).toEqual({ server: "server.py", client: "test_client.py", missing: [] });
  });

  const started = (scripts: Record<string, string>): string => JSON.stringify({ scripts });
  test.each([
    [started({ start: "node --enable-source-maps dist/index.js" }), "src/index.ts"],
    [started({ dev: "nodemon --watch src --exec ts-node ./src/index.ts" }), "src/index.ts"],
    [started({ start: "npm run build && node build/index" }), "src/index.ts"],
    [JSON.stringify({ bin: { echo: "dist/index.js" } }), "src/index.ts"],
    [JSON.stringify({ bin: "dist/index.js" }), "src/index.ts"],
    [started({ start: "node client.js" }), "src/server.ts"],
    [started({ start: "node hello.js" }), "src/server.ts"],
    [started({ test: "tsx src/index.ts" }), "src/server.ts"],
    ["{ no JSON", "src/server.ts"],
    ["[]", "src/server.ts"],
  ])("what package.json starts: %s", async (manifest, server) => {
    const files = { "src/index.ts": SERVER, "src/server.ts": SERVER + SERVER, "client.js": CLIENT, "hello.js": "1" };
    await put({ ...files, "package.json": manifest });
    expect((await found(only("tcp-server"))).server).toBe(server);
  });

  test("what package.json starts as server and as client", async () => {
    const scripts = { "start:server": "tsx a.ts", "start:client": "tsx b.ts", start: "tsx c.ts" };
    await put({ "a.ts": SERVER, "b.ts": CLIENT, "c.ts": SERVER, "package.json": started(scripts) });
    expect(await found()).toEqual({ server: "a.ts", client: "b.ts", missing: [] });
  });

  test("the only file there is, though it looks like another program: what it does will tell", async () => {
    await put({ "tugas1.py": CLIENT });
    expect((await found(only("tcp-server"))).server).toBe("tugas1.py");
    expect(await found(both)).toEqual({ server: undefined, client: "tugas1.py", missing: ["tcp-server"] });
  });

  test("a program that is missing", async () => {
    await put({ "server.py": SERVER, "helper.py": OTHER });
    expect(await found()).toEqual({ server: "server.py", client: undefined, missing: ["tcp-client"] });
    expect((await found(only("tcp-client"))).missing).toEqual(["tcp-client"]);
  });

  test("a missing one is not replaced by a module that has its name in its own", async () => {
    await put({ "server.py": SERVER, "handle_client.py": OTHER });
    expect((await found()).missing).toEqual(["tcp-client"]);
  });

  test("a missing one is told apart from the files in it that cannot be run", async () => {
    await put({ "server.py": SERVER, "client.py": " \n", "client.js": Uint8Array.of(0, 1, 2) });
    const { missing, notes } = await openSubmission(root, both);
    expect(missing).toEqual(["tcp-client"]);
    expect(notes.map(({ en }) => en)).toEqual([
      "client.js was left out: it is not text in UTF-8.",
      "client.py was left out: it is empty.",
    ]);
  });

  test("one program only, and one entry only", async () => {
    await put({ "server.py": SERVER, "client.py": CLIENT, "sub/other.py": SERVER });
    expect(await found(both, { program: "tcp-client" })).toEqual({
      server: undefined,
      client: "client.py",
      missing: [],
    });
    expect(await found(both, { entry: "sub/other.py" })).toEqual({
      server: "sub/other.py",
      client: undefined,
      missing: [],
    });
    const forced = await found(both, { entry: "sub/other.py", program: "tcp-client" });
    expect(forced).toEqual({ server: undefined, client: "sub/other.py", missing: [] });
  });

  test("the choice is explained where there was one", async () => {
    await put({ "server.py": SERVER, "server_old.py": SERVER, "client.py": CLIENT });
    const { notes } = await openSubmission(root, both);
    expect(notes[0]?.en).toContain("server.py was taken for the tcp-server");
    await rm(join(root, "server_old.py"));
    expect((await openSubmission(root, both)).notes).toEqual([]);
  });

  test("links: cycles end, files outside are not taken", async () => {
    await put({ "code/server.py": SERVER });
    await symlink("..", join(root, "code", "up"));
    await symlink("loop.py", join(root, "loop.py"));
    await symlink("code/server.py", join(root, "tcp_server.py"));
    await symlink(import.meta.filename, join(root, "client.ts"));
    expect(await found()).toEqual({ server: "tcp_server.py", client: undefined, missing: ["tcp-client"] });
  });

  test.skipIf(process.platform === "win32")("what is no regular file is not opened", async () => {
    await put({ "client.py": CLIENT });
    const socket = createServer().listen(join(root, "server.py"));
    await once(socket, "listening");
    try {
      expect((await found()).missing).toEqual(["tcp-server"]);
      expect((await refused(openSubmission(join(root, "server.py"), both))).code).toBe("submission-not-a-file");
    } finally {
      socket.close();
    }
  });

  test("a command needs no language that Gema knows", async () => {
    await put({ "echo.rb": SERVER });
    const command = ["ruby", "./echo.rb", "{port}"];
    const { contract } = both;
    const passed = { by: "command", command } as const;
    const byCommand = { ...only("tcp-server"), contract: { ...contract, address: { ...contract.address, passed } } };
    const { programs } = await openSubmission(root, byCommand);
    expect(programs["tcp-server"]).toMatchObject({ file: "echo.rb", language: "command", root });
  });
});

describe("a single file", () => {
  test.each([
    ["server.py", OTHER, "tcp-server"],
    ["klien.ts", OTHER, "tcp-client"],
    ["tugas.py", SERVER, "tcp-server"],
    ["tugas.mjs", CLIENT, "tcp-client"],
    ["many_clients.py", SERVER, "tcp-server"],
    ["connect_to_server.py", CLIENT, "tcp-client"],
    ["server.py", CLIENT, "tcp-server"],
  ])("%s", async (name, source, program) => {
    await put({ [name]: source, "unrelated.py": SERVER });
    const { programs, missing, name: submission, root: folder } = await openSubmission(join(root, name), both);
    expect(Object.keys(programs)).toEqual([program]);
    expect({ missing, submission, folder }).toEqual({ missing: [], submission: name, folder: root });
  });

  test("in doubt the assignment decides, or --program", async () => {
    await put({ "tugas.py": OTHER });
    const path = join(root, "tugas.py");
    expect((await found(only("tcp-client"), {}, path)).client).toBe("tugas.py");
    expect((await found(both, { program: "tcp-server" }, path)).server).toBe("tugas.py");
    const { code, text } = await refused(openSubmission(path, both));
    expect(code).toBe("submission-ambiguous");
    expect(text).toContain("--program tcp-server");
  });

  test("files that are the same are one", async () => {
    await put({ "server.py": SERVER, "client1.py": CLIENT, "client2.py": CLIENT, "client3.py": CLIENT });
    expect(await found(both)).toMatchObject({ server: "server.py", client: "client1.py" });
  });

  test("what is clear is found despite a doubt, where that is asked for", async () => {
    await put({ "server.py": SERVER, "client1.py": CLIENT, "client2.py": `${CLIENT}\n` });
    expect((await refused(openSubmission(root, both))).code).toBe("submission-ambiguous");
    const opened = await openSubmission(root, both, { despiteDoubt: true });
    expect(Object.keys(opened.programs)).toEqual(["tcp-server"]);
    expect(opened).toMatchObject({ missing: ["tcp-client"], inDoubt: ["tcp-client"] });
    expect(opened.notes.map(({ en }) => en)).toContain("Which file is the tcp-client? client1.py, client2.py");
  });

  test("a client is not taken for the server that is asked for", async () => {
    await put({ "client.py": CLIENT });
    const { code, text } = await refused(openSubmission(join(root, "client.py"), only("tcp-server")));
    expect(code).toBe("program-not-asked");
    expect(text).toContain("--program tcp-server");
  });
});

describe("refused", () => {
  test.each([
    [
      "two servers",
      { "server.py": SERVER, "server.ts": `${SERVER}\n` },
      "submission-ambiguous",
      "server.py, server.ts",
    ],
    ["two files that say nothing", { "a.py": OTHER, "b.py": OTHER }, "submission-ambiguous", "a.py, b.py"],
    ["one file that is both", { "a.py": SERVER + CLIENT }, "submission-ambiguous", "--program"],
    ["an empty folder", {}, "submission-empty", "server.py"],
    ["another language", { "Server.java": "class", "notes.txt": "x" }, "submission-language", ".java .txt"],
    ["only an empty file", { "server.py": "" }, "submission-unusable", "server.py was left out: it is empty"],
    ["only types", { "server.d.ts": "export {}" }, "submission-language", ".ts"],
  ])("%s", async (_, files, code, text) => {
    await put(files);
    const error = await refused(openSubmission(root, both));
    expect(error.code).toBe(code);
    expect(error.text).toContain(text);
  });

  test.each([
    ["empty.py", "", "submission-empty"],
    ["binary.py", Uint8Array.of(0x70, 0, 0x71), "submission-binary"],
    ["Server.java", "class", "submission-language"],
    ["server", SERVER, "submission-language"],
  ])("the file %s", async (name, content, code) => {
    await put({ [name]: content });
    expect((await refused(openSubmission(join(root, name), both))).code).toBe(code);
  });

  test("what does not exist, and what lies elsewhere", async () => {
    await put({ "server.py": SERVER });
    expect((await refused(openSubmission(join(root, "absent\u001b[2J"), both))).text).toContain("absent\\x1b[2J");
    expect((await refused(openSubmission(join(root, "server.py", "x"), both))).code).toBe("submission-not-found");
    expect((await refused(openSubmission(root, both, { entry: "absent.py" }))).code).toBe("submission-not-found");
    expect((await refused(openSubmission(root, both, { entry: "../server.py" }))).code).toBe("entry-outside");
    expect((await refused(openSubmission(root, only("tcp-server"), { program: "tcp-client" }))).code).toBe(
      "program-not-asked",
    );
  });

  test.skipIf(process.seteuid === undefined)("what may not be read", async () => {
    await put({ "server.py": SERVER, "sub/server.py": SERVER });
    await chmod(root, 0o755);
    await chmod(join(root, "server.py"), 0);
    await chmod(join(root, "sub"), 0);
    const codes = await asPlainUser(async () => [
      (await refused(openSubmission(join(root, "server.py"), both))).code,
      (await refused(openSubmission(join(root, "sub"), both))).code,
      (await refused(openSubmission(join(root, "sub", "server.py"), both))).code,
    ]);
    await chmod(join(root, "sub"), 0o700);
    expect(codes).toEqual(Array(3).fill("submission-no-permission"));
  });
});

/** Root may read everything, so a test of permissions runs as somebody else. */
async function asPlainUser<T>(act: () => Promise<T>): Promise<T> {
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65534);
  try {
    return await act();
  } finally {
    if (root) process.seteuid?.(0);
  }
}
