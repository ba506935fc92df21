import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MOST_ISOLATION } from "../launch/isolation/sandbox.test-helper.ts";
import { ownWorld } from "../launch/isolation/slot.ts";
import { ECHO, folderWith, gema } from "./run-gema.test-helper.ts";

const SLOW = { timeout: 120_000 };

function echoAt(host: string): string {
  return ECHO.replace("sys.argv[1]", JSON.stringify(host)).replace("int(sys.argv[2])", "5000");
}

function datagramEchoAt(host: string): string {
  return `import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((${JSON.stringify(host)}, 5000))
try:
    while True:
        data, client = s.recvfrom(65535)
        s.sendto(data, client)
except KeyboardInterrupt:
    s.close()
`;
}

describe.runIf(process.platform === "linux")("a server for other hosts", () => {
  const files = {
    "a.yaml": "extends: tcp-echo\nname: two-hosts\nprograms: { tcp-server: {} }\naddress: { reach: network }\n",
    "class/loopback.py": echoAt("127.0.0.1"),
    "class/everywhere.py": echoAt("0.0.0.0"),
  };

  test("is met from one: bound to 127.0.0.1 it fails and is told why, bound to 0.0.0.0 it passes", SLOW, async () => {
    const cwd = await folderWith(files);
    const args = ["grade", "class", "-a", "a.yaml", "--out", "results", "--isolation", MOST_ISOLATION, "--lang", "en"];
    const { code, stderr } = await gema(args, { cwd });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    const reports = ["001-everywhere.py.txt", "002-loopback.py.txt"];
    const [everywhere, loopback] = await Promise.all(
      reports.map(async (name) =>
        (await readFile(join(cwd, "results/submissions", name), "utf8")).replace(/\s+/g, " "),
      ),
    );
    expect(everywhere).toContain("65 of 65 points");
    expect(loopback).toContain("Can be reached from its own computer only");
    expect(loopback).toContain("The client on the other computer was refused.");
    expect(loopback).toContain("It listens on 127.0.0.1:5000 (reached from this computer only).");
  });

  test("is met with datagrams, too", SLOW, async () => {
    const cwd = await folderWith({
      "a.yaml": files["a.yaml"].replace("tcp-echo", "udp-echo").replace("tcp-server", "udp-server"),
      "loopback.py": datagramEchoAt("127.0.0.1"),
      "everywhere.py": datagramEchoAt("0.0.0.0"),
    });
    const check = (file: string, isolation: string) =>
      gema(["check", file, "-a", "a.yaml", "--lang", "en", "--isolation", isolation], { cwd });
    expect(await check("everywhere.py", MOST_ISOLATION)).toMatchObject({ code: 0 });
    const { code, stdout } = await check("loopback.py", MOST_ISOLATION);
    const said = stdout.replace(/\s+/g, " ");
    expect(code).toBe(1);
    expect(said).toContain("Can be reached from its own computer only");
    expect(said).toContain("no socket waited (ICMP port unreachable). It waits at 127.0.0.1:5000 (reached from this");
    const alone = await check("everywhere.py", "none");
    expect(alone.code).toBe(0);
    expect(alone.stdout.replace(/\s+/g, " ")).toContain("It needs a second host in a network of its own");
  });

  test("is not met where no second host can be had, which is said and left to a person", SLOW, async () => {
    const cwd = await folderWith(files);
    const { code, stdout } = await gema(
      ["check", "class/everywhere.py", "-a", "a.yaml", "--lang", "en", "--isolation", "none"],
      { cwd },
    );
    expect(code).toBe(0);
    const said = stdout.replace(/\s+/g, " ");
    expect(said).toContain("skipped: answers a client on another host It needs a second host in a network of its own");
    expect(said).toContain("a person should look at this");
  });
});

test.runIf(process.platform === "linux")(
  "a port that only root may have is refused to others, with a way out",
  SLOW,
  async () => {
    const world = await ownWorld();
    if (!world) throw new Error("this machine gives no process a world of its own: see CONTRIBUTING.md");
    const reserved = ["sh", "-c", 'echo 1024 >/proc/sys/net/ipv4/ip_unprivileged_port_start && exec "$@"', "sh"];
    const nobody = process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
    const cwd = await folderWith({
      "a.yaml": "extends: tcp-echo\nname: http\nprograms: { tcp-server: {} }\naddress: { port: 80 }\n",
      "server.py": echoAt("127.0.0.1").replace("5000", "80"),
      "class/server.py": echoAt("127.0.0.1").replace("5000", "80"),
    });
    await chmod(cwd, 0o777);
    const args = ["check", "server.py", "-a", "a.yaml", "--lang", "en", "--isolation", "none"];
    const refused = await gema(args, { cwd, env: { TMPDIR: cwd }, via: [...world, ...reserved, ...nobody] });
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain("Port 80 is reserved");
    expect(refused.stderr).toContain("gema grade");
    const graded = await gema(["grade", "class", "-a", "a.yaml", "--out", "results"], { cwd });
    expect(graded).toMatchObject({ code: 0, stderr: "" });
  },
);

test.runIf(process.platform === "linux")("a machine without IPv6 tells that, and accuses nobody", SLOW, async () => {
  const world = await ownWorld();
  if (!world) throw new Error("this machine gives no process a world of its own: see CONTRIBUTING.md");
  const withoutIpv6 = ["sh", "-c", 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6 && exec "$@"', "sh"];
  const cwd = await folderWith({
    "a.yaml": 'extends: tcp-echo\nname: ipv6\nprograms: { tcp-server: {} }\naddress: { host: "::1" }\n',
    "server.py": echoAt("::1").replace("socket.socket()", "socket.socket(socket.AF_INET6)"),
  });
  const args = ["check", "server.py", "-a", "a.yaml", "--lang", "en", "--isolation", "none"];
  const without = await gema(args, { cwd, via: [...world, ...withoutIpv6] });
  expect(without.code).toBe(2);
  expect(without.stdout.replace(/\s+/g, " ")).toContain("This machine has no IPv6 (no address ::1)");
  expect(without.stdout).not.toContain("✗");
  expect(await gema(args, { cwd, via: world })).toMatchObject({ code: 0 });
});
