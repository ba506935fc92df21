import { existsSync } from "node:fs";
import { mkdtemp, rm, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { release, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { isWildcard } from "../../kernel/address.ts";
import { commandLine, holderOf, readProc } from "../../kernel/processes.ts";
import { readSocketTable, type Table } from "../../kernel/socket-table.ts";
import { findSandbox, type SandboxPlan } from "../../launch/isolation/sandbox.ts";
import { ownWorld } from "../../launch/isolation/slot.ts";
import { type Python, python } from "../../submission/python.ts";
import { systemCode } from "../../submission/source-file.ts";
import { UserError } from "../../user-error.ts";
import type {
  ClockFacts,
  Container,
  FoundPython,
  KernelSettings,
  LinuxFacts,
  Machine,
  PortFacts,
  TempFacts,
  Tool,
} from "./machine.ts";
import { TOOLS } from "./machine.ts";

/** The lecture's. */
const ADDRESS = { host: "127.0.0.1", port: 5000 };

export interface Look {
  readonly machine: Machine;
  readonly world?: readonly string[];
  readonly sandbox?: SandboxPlan;
}

/** Looks at this machine, and tries out what can only be tried. Nothing of it is changed. */
export async function lookAround(): Promise<Look> {
  const world = await ownWorld();
  const sandbox = world && (await findSandbox(world));
  const found = await findPython();
  const container = inContainer();
  const machine: Machine = {
    platform: process.platform,
    release: release(),
    architecture: process.arch,
    node: process.versions.node,
    ...(found && { python: found }),
    ...(container && { container }),
    ...(process.platform === "linux" && { linux: await linuxFacts(world, sandbox) }),
    port: await lookAtPort(),
    temp: await lookAtTemp(),
  };
  return { machine, ...(world && { world }), ...(sandbox && !("why" in sandbox) && { sandbox }) };
}

async function findPython(): Promise<FoundPython | undefined> {
  try {
    return await withVersion(await python());
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

async function withVersion({ executable }: Python): Promise<FoundPython> {
  return { executable, version: (await versionOf(executable)) ?? "3" };
}

/** The first number with dots that `command --version` says. */
async function versionOf(command: string): Promise<string | undefined> {
  const { failed, stdout } = await execa(command, ["--version"], { reject: false, stdin: "ignore" });
  return failed ? undefined : /\d+(?:\.\d+)+/.exec(stdout)?.[0];
}

/** By what Docker, Podman and the kernel's table of control groups leave behind. */
function inContainer(): Container | undefined {
  if (existsSync("/run/.containerenv")) return "podman";
  if (existsSync("/.dockerenv")) return "docker";
  return /docker|kubepods|containerd|lxc/.test(readProc("/proc/1/cgroup") ?? "") ? "unknown" : undefined;
}

async function linuxFacts(
  world: readonly string[] | undefined,
  sandbox: SandboxPlan | { readonly why: string } | undefined,
): Promise<LinuxFacts> {
  const bubblewrap = await versionOf("bwrap");
  return {
    missing: (Object.keys(TOOLS) as Tool[]).filter((tool) => !isOnPath(tool)),
    ...(bubblewrap !== undefined && { bubblewrap }),
    namespaces: world ? { as: world.includes("--user") ? "user" : "root" } : { why: await whyNoNamespaces() },
    ...(sandbox && { sandbox: await sandboxFacts(sandbox) }),
    settings: kernelSettings(),
  };
}

function isOnPath(tool: string): boolean {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.some((folder) => folder !== "" && existsSync(join(folder, tool)));
}

const LEAST_WORLD = [
  "unshare",
  "--user",
  "--map-root-user",
  "--net",
  "--pid",
  "--fork",
  "--mount-proc",
  "true",
] as const;

/** The last words of an attempt at the least that a world of its own takes. */
async function whyNoNamespaces(): Promise<string> {
  const [command, ...args] = LEAST_WORLD;
  const { failed, stderr } = await execa(command, args, { reject: false, stdin: "ignore" });
  return failed ? (stderr.trim().split("\n").at(-1) ?? "") : "";
}

async function sandboxFacts(
  sandbox: SandboxPlan | { readonly why: string },
): Promise<NonNullable<LinuxFacts["sandbox"]>> {
  if ("why" in sandbox) return { why: sandbox.why.split("\n").at(-1) ?? "" };
  const { python } = sandbox;
  return { ...(python && { python: await withVersion(python) }) };
}

function kernelSettings(): KernelSettings {
  const read = (name: string): string | undefined => readProc(`/proc/sys/${name}`)?.trim();
  const apparmor = read("kernel/apparmor_restrict_unprivileged_userns");
  const clone = read("kernel/unprivileged_userns_clone");
  const most = read("user/max_user_namespaces");
  return {
    ...(apparmor !== undefined && { apparmor }),
    ...(clone !== undefined && { clone }),
    ...(most !== undefined && { most }),
  };
}

function lookAtPort(): Promise<PortFacts> | PortFacts {
  switch (process.platform) {
    case "linux":
      return portFromProc();
    case "darwin":
      return portFromLsof();
    default:
      return portByTrial();
  }
}

function portFromProc(): PortFacts {
  const tables = (["tcp", "tcp6"] satisfies Table[]).filter((table) => existsSync(`/proc/net/${table}`));
  const row = tables
    .flatMap(readSocketTable)
    .find(({ state, local }) => state === "LISTEN" && local.port === ADDRESS.port && overlaps(local.host));
  if (!row) return { free: true };
  const pid = holderOf(row.inode);
  return { free: false, ...(pid !== undefined && { holder: `${pid} (${commandLine(pid).slice(0, 80)})` }) };
}

function overlaps(host: string): boolean {
  return host === ADDRESS.host || isWildcard(host);
}

/**
 * macOS: lsof(8), since there somebody else's `*:5000`, such as AirPlay's, does not refuse 127.0.0.1:5000 to Node. Not run
 * by our tests, which have Linux only.
 */
async function portFromLsof(): Promise<PortFacts> {
  const args = ["-nP", `-iTCP:${ADDRESS.port}`, "-sTCP:LISTEN", "-F", "pc"];
  const { stdout } = await execa("lsof", args, { reject: false, stdin: "ignore" });
  return parseListener(stdout);
}

/** Reads the first `p` (process) and `c` (command) fields of lsof(8); without any, nobody that we may see listens. */
export function parseListener(output: string): PortFacts {
  const pid = /^p(\d+)$/m.exec(output)?.[1];
  if (pid === undefined) return { free: true };
  return { free: false, holder: `${pid} (${/^c(.*)$/m.exec(output)?.[1] ?? ""})` };
}

/** Windows: there a port that is taken is refused. @throws Error of listening that has another cause */
function portByTrial(): Promise<PortFacts> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => {
      if (systemCode(error) === "EADDRINUSE" || systemCode(error) === "EACCES") resolve({ free: false });
      else reject(error);
    });
    server.listen({ ...ADDRESS, exclusive: true }, () => server.close(() => resolve({ free: true })));
  });
}

async function lookAtTemp(): Promise<TempFacts> {
  const folder = tmpdir();
  try {
    await rm(await mkdtemp(join(folder, "gema-doctor-")), { recursive: true });
    const { bavail, bsize } = await statfs(folder);
    return { folder, freeBytes: bavail * bsize };
  } catch (error) {
    return { folder, why: systemCode(error) ?? String(error) };
  }
}

const READINGS = 1_000_000;

/** Begins to watch the clock; what it returns says how it went. */
export function watchClock(): () => ClockFacts {
  const ahead = (): number => Date.now() - performance.now();
  const before = ahead();
  const stepMs = smallestStep();
  return () => ({ stepMs, jumpMs: ahead() - before });
}

/** 0.0005 or so; `Infinity` for a clock that stands. */
function smallestStep(): number {
  let smallest = Number.POSITIVE_INFINITY;
  let steps = 0;
  let last = performance.now();
  for (let reading = 0; reading < READINGS && steps < 100; reading++) {
    const now = performance.now();
    if (now === last) continue;
    smallest = Math.min(smallest, now - last);
    last = now;
    steps++;
  }
  return smallest;
}
