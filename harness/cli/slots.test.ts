import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, readdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import getPort from "get-port";
import { describe, expect, onTestFinished, test } from "vitest";
import { descendants, listProc, readProc } from "../kernel/processes.ts";
import { mayHaveSandboxes } from "../launch/isolation/sandbox.test-helper.ts";
import { ownWorld } from "../launch/isolation/slot.ts";
import { ECHO, folderWith, gema, startGema } from "./run-gema.test-helper.ts";

const SLOW = { timeout: 120_000 };
const STUDENTS = Array.from({ length: 12 }, (_, nth) => `student-${String(nth).padStart(2, "0")}.py`);

function fixed(port: number): string {
  return `extends: tcp-echo\nname: fixed\nprograms: { tcp-server: {} }\naddress: { port: ${port} }\n`;
}

/** An echo server that insists on its port, as students' servers do. */
function echoAt(port: number): string {
  return ECHO.replace("sys.argv[1]", '"127.0.0.1"').replace("int(sys.argv[2])", String(port));
}

/** How many connections linger: after 50 and a sweep, and after 100 more and another. */
const SWEEP = `
import { once } from "node:events";
import { connect, createServer } from "node:net";
const { sweepNetwork } = await import(process.env.PORT);
const { readSocketTable } = await import(process.env.TABLE);
const server = createServer((socket) => socket.end()).listen(5000, "127.0.0.1");
await once(server, "listening");
const said = [];
for (const clients of [50, 100]) {
  for (let nth = 0; nth < clients; nth++) await once(connect(5000, "127.0.0.1").resume(), "close");
  for (const act of [async () => {}, sweepNetwork]) {
    await act();
    said.push(readSocketTable("tcp").filter(({ state }) => state === "TIME_WAIT").length);
  }
}
server.close();
console.log(JSON.stringify(said));
`;

describe.runIf(process.platform === "linux")("a class in slots", () => {
  test.runIf(mayHaveSandboxes)("shares no port: not among itself, and not with the machine", SLOW, async () => {
    const port = await getPort({ host: "127.0.0.1" });
    const holder = createServer().listen(port, "127.0.0.1");
    onTestFinished(() => void holder.close());
    await once(holder, "listening");
    const cwd = await folderWith({
      "a.yaml": fixed(port),
      ...Object.fromEntries(STUDENTS.map((name) => [`class/${name}`, echoAt(port)])),
    });
    const outcomes = [];
    for (const jobs of ["1", "4"]) {
      const args = ["grade", "class", "-a", "a.yaml", "--out", jobs, "--seed", "7", "--jobs", jobs];
      const { code, stderr } = await gema([...args, "--isolation", "require"], { cwd });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      outcomes.push(await readFile(join(cwd, jobs, "grades.csv"), "utf8"));
    }
    expect(outcomes[1]).toBe(outcomes[0]);
    expect(outcomes[0]?.match(/,65,false,full,7\r/g)).toHaveLength(STUDENTS.length);
  });

  test("sweeps what lingers in its network, where there is much of it", SLOW, async () => {
    const world = await ownWorld();
    if (!world) throw new Error("this machine gives no process a world of its own: see CONTRIBUTING.md");
    const built = (path: string): string => join(import.meta.dirname, "../../dist/harness", path);
    const [command = "", ...args] = [...world, process.execPath, "--input-type=module", "--eval", SWEEP];
    const { stdout } = await execa(command, args, {
      env: { PORT: built("launch/port.js"), TABLE: built("kernel/socket-table.js") },
    });
    expect(JSON.parse(stdout)).toEqual([50, 50, 150, 0]);
  });

  test.runIf(mayHaveSandboxes)("leaves nothing behind when Gema is killed", SLOW, async () => {
    const cwd = await folderWith({
      "a.yaml": fixed(5000),
      "class/waits.py": "input()\n",
      "class/works.py": echoAt(5000),
    });
    const running = startGema(["grade", "class", "-a", "a.yaml", "--out", "out", "--isolation", "require"], { cwd });
    const inside = () =>
      listProc("/proc").filter((pid) => readProc(`/proc/${pid}/cmdline`)?.includes(join(cwd, "class")));
    while (inside().length === 0) await new Promise(setImmediate);
    // A slot that has not heard of it yet may start one more program: when all of them are gone, nobody starts any.
    const started = descendants(running.pid ?? 0);
    running.kill("SIGKILL");
    await running;
    const left = () => started.filter((pid) => existsSync(`/proc/${pid}`));
    for (const end = Date.now() + 10_000; left().length > 0 && Date.now() < end; ) await new Promise(setImmediate);
    expect(left()).toEqual([]);
    expect(inside()).toEqual([]);
  });

  test(
    "goes on after a submission that breaks its slot, and says that nobody has seen it to the end",
    SLOW,
    async () => {
      const cwd = await folderWith({
        "a.yaml": fixed(5000),
        "class/a-kills-its-parent.py": "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n",
        "class/b-works.py": echoAt(5000),
        "no-sandbox/bwrap": "#!/bin/sh\necho no sandboxes today >&2\nexit 1\n",
      });
      for (const path of ["", "no-sandbox", "no-sandbox/bwrap"]) await chmod(join(cwd, path), 0o755);
      const env = { PATH: `${join(cwd, "no-sandbox")}:${process.env.PATH}` };
      const args = ["grade", "class", "-a", "a.yaml", "--out", "out", "--seed", "7", "--jobs", "1"];
      const { code, stdout } = await gema(args, { cwd, env });
      expect(code).toBe(3);
      expect(stdout).toContain("It was not graded to the end");
      const grades = await readFile(join(cwd, "out", "grades.csv"), "utf8");
      expect(grades).toMatch(/^a-kills-its-parent.py,0,.*,0,true,partial,7\r$/m);
      expect(grades).toMatch(/^b-works.py,8,.*,65,false,partial,7\r$/m);
      expect(await readFile(join(cwd, "out", "junit.xml"), "utf8")).toMatch(/errors="1"/);
      const rejudged = await gema(["rejudge", "out"], { cwd });
      expect(rejudged.stdout).toContain("2 judged again, 0 differences");
      const required = await gema([...args, "--isolation", "require"], { cwd, env });
      expect(required.code).toBe(3);
      expect(required.stderr).toContain("The attempt said: no sandboxes today");
    },
  );

  test("meets nothing that an earlier submission left behind", SLOW, async () => {
    // It loses all that Gema knows its processes by, so that stopping the program does not reach it.
    const leaving = (socket: string) => `
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for fd in range(3):
            os.dup2(os.open(os.devnull, os.O_RDWR), fd)
        os.execve("/usr/bin/env", ["env", "-i", "python3", "-c", """
import socket, time
left = ${socket}
time.sleep(600)"""], {"PATH": os.environ["PATH"]})
    os._exit(0)
time.sleep(1)
`;
    const bindsUdp = 'socket.socket(type=socket.SOCK_DGRAM); left.bind(("127.0.0.1", 6000))';
    const cwd = await folderWith({
      "a.yaml": fixed(5000),
      "class/a-leaves-udp.py": leaving(bindsUdp),
      "class/b-works.py": `import socket\nleft = ${bindsUdp}\n${echoAt(5000)}`,
      "class/c-leaves-a-listener.py": leaving('socket.create_server(("127.0.0.1", 5000))'),
      "class/d-works.py": echoAt(5000),
      "no-sandbox/bwrap": "#!/bin/sh\nexit 1\n",
    });
    for (const path of ["", "no-sandbox", "no-sandbox/bwrap"]) await chmod(join(cwd, path), 0o755);
    const env = { PATH: `${join(cwd, "no-sandbox")}:${process.env.PATH}` };
    const args = ["grade", "class", "-a", "a.yaml", "--out", "out", "--seed", "7", "--jobs", "1"];
    const { code, stdout, stderr } = await gema(args, { cwd, env });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toMatch(/c-leaves-a-listener.py .*127.0.0.1:5000 is already in/);
    const grades = await readFile(join(cwd, "out", "grades.csv"), "utf8");
    expect(grades).toMatch(/^a-leaves-udp.py,0,.*,0,false,partial,7\r$/m);
    expect(grades).toMatch(/^b-works.py,8,.*,65,false,partial,7\r$/m);
    expect(grades).toMatch(/^c-leaves-a-listener.py,0,.*,0,true,partial,7\r$/m);
    expect(grades).toMatch(/^d-works.py,8,.*,65,false,partial,7\r$/m);
  });

  test("is not graded among secrets without isolation", async () => {
    const cwd = await folderWith({ "a.yaml": fixed(5000), "class/a.py": "pass\n" });
    const env = { MY_API_KEY: "x", EMPTY_TOKEN: "" };
    const args = ["grade", "class", "-a", "a.yaml", "--out", "out", "--isolation", "none"];
    const refused = await gema(args, { cwd, env });
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain("MY_API_KEY.");
    expect(refused.stderr).not.toContain("EMPTY_TOKEN");
    const allowed = await gema([...args, "--allow-unsafe"], { cwd, env });
    expect(allowed).toMatchObject({ code: 1, stderr: "" });
    expect(allowed.stdout).toMatch(/^NOT ISOLATED: /);
  });

  test("hands on nothing of our environment", SLOW, async () => {
    const source = `
import os, pathlib
for path in pathlib.Path("/proc").glob("[0-9]*/environ"):
    try: print("SEEN" if b"MY_API_KEY" in path.read_bytes() else "clean")
    except OSError: pass
`;
    const cwd = await folderWith({
      "a.yaml": fixed(5000),
      "class/a.py": source,
      "no-sandbox/bwrap": "#!/bin/sh\nexit 1\n",
    });
    for (const path of ["", "no-sandbox", "no-sandbox/bwrap"]) await chmod(join(cwd, path), 0o755);
    const env = { MY_API_KEY: "x", PATH: `${join(cwd, "no-sandbox")}:${process.env.PATH}` };
    const { stdout } = await gema(["grade", "class", "-a", "a.yaml", "--out", "out"], { cwd, env });
    expect(stdout).toMatch(/^PARTLY ISOLATED: /);
    const [file = ""] = (await readdir(join(cwd, "out/submissions"))).filter((name) => name.endsWith(".json"));
    const evidence = await readFile(join(cwd, "out/submissions", file), "utf8");
    expect(evidence).toContain("clean");
    expect(evidence).not.toContain("SEEN");
  });

  test("says why it cannot be had, where it is required", async () => {
    const cwd = await folderWith({ "a.yaml": fixed(5000), "class/a.py": "pass\n" });
    const without = { cwd, env: { PATH: "/nowhere" } };
    const args = ["grade", "class", "-a", "a.yaml", "--out", "out", "--isolation", "require"];
    const { code, stderr } = await gema(args, without);
    expect(code).toBe(3);
    expect(stderr).toContain("Or leave out --isolation require");
    expect(await readdir(cwd)).not.toContain("out");
  });
});
