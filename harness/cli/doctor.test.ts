import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { findSandbox } from "../launch/isolation/sandbox.ts";
import { ownWorld } from "../launch/isolation/slot.ts";
import { gema } from "./run-gema.test-helper.ts";

const SLOW = { timeout: 120_000 };

/** As lines are wrapped anywhere. */
function unwrapped(text: string): string {
  return text.replace(/\s+/g, " ");
}

describe.runIf(process.platform === "linux")("gema doctor", () => {
  test("grades the reference server in every way that this machine has", SLOW, async () => {
    const world = await ownWorld();
    const sandbox = world && (await findSandbox(world));
    const full = sandbox !== undefined && !("why" in sandbox);
    const { code, stdout, stderr } = await gema(["doctor"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).not.toContain("\x1b");
    expect(stdout).toContain(`✓ Node ${process.versions.node}.`);
    const grading = /✓ The reference server, ([\w ]+): (\d+) of (\d+) checks passed/g;
    const found = [...unwrapped(stdout).matchAll(grading)];
    const ways = ["without isolation", ...(world ? ["isolated in part"] : []), ...(full ? ["isolated in full"] : [])];
    expect(found.map(([, how]) => how)).toEqual(ways);
    for (const [, , passed, all] of found) {
      expect(passed).toBe(all);
      expect(Number(all)).toBeGreaterThan(30);
    }
    expect(stdout.includes("\n\n✓ gema grade isolates submissions in full.\n")).toBe(full);
  });

  test("names what holds the lecture's port, and ends with 3 where nothing can be graded", SLOW, async () => {
    const holder = createServer();
    onTestFinished(() => void holder.close());
    const listening = once(holder, "listening");
    holder.listen(5000, "127.0.0.1");
    await listening;
    const { code, stdout, stderr } = await gema(["doctor", "--lang", "id"], { env: { PATH: "/nowhere" } });
    expect({ code, stderr }).toEqual({ code: 3, stderr: "" });
    const told = unwrapped(stdout);
    expect(told).toContain("✗ Python 3 tidak ada");
    expect(told).toContain("! util-linux tidak lengkap (unshare, setpriv, prlimit, choom)");
    expect(told).toContain(`✗ 127.0.0.1:5000 sedang dipakai oleh proses ${process.pid} (`);
    expect(told).toMatch(/✓ Server acuan, tanpa isolasi: (\d+) dari \1 pemeriksaan lulus/);
    expect(stdout).toMatch(/\n\n✗ Penilaian belum dapat dilakukan \(masalah: 2\)\.\n$/);
  });

  test("tells the setting that denies namespaces, where the kernel does", SLOW, async () => {
    const deny = 'echo 0 >/proc/sys/user/max_user_namespaces && exec setpriv --bounding-set=-all --inh-caps=-all "$@"';
    const via = ["unshare", "--user", "--map-root-user", "sh", "-c", deny, "sh"];
    const { code, stdout } = await gema(["doctor"], { via });
    expect(code).toBe(0);
    expect(unwrapped(stdout)).toContain("! Namespaces are denied (");
    expect(stdout).toContain("\n    sudo sysctl -w user.max_user_namespaces=1500\n");
    expect(stdout).toMatch(/\n\n! gema grade does not isolate submissions: they can do whatever you can\.\n$/);
  });
});
