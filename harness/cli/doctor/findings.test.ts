/**
 * Here, and only here, other systems are made up: what is said about a Mac or a machine without Python is a function of
 * facts, and no test could have all these machines.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { atLeast, type Finding } from "./finding.ts";
import { clockFinding, conclusion, LEAST_NODE, machineFindings, reachedIsolation, trialFinding } from "./findings.ts";
import { parseListener } from "./look.ts";
import type { LinuxFacts, Machine, TriedCheck } from "./machine.ts";

const GIB = 2 ** 30;
const PYTHON = { executable: "/usr/bin/python3", version: "3.12.3" };

const LINUX: LinuxFacts = {
  missing: [],
  bubblewrap: "0.9.0",
  namespaces: { as: "user" },
  sandbox: { python: PYTHON },
  settings: { most: "62917" },
};

const MACHINE: Machine = {
  platform: "linux",
  release: "6.8.0-48-generic",
  architecture: "x64",
  node: "22.11.0",
  python: PYTHON,
  linux: LINUX,
  port: { free: true },
  temp: { folder: "/tmp", freeBytes: 10 * GIB },
};

function withLinux(facts: Partial<LinuxFacts>, machine: Machine = MACHINE): Machine {
  return { ...machine, linux: { ...LINUX, ...facts } };
}

/** Nothing of Linux, as on any other system. */
function elsewhere(platform: string, release: string): Machine {
  const { linux: _, ...rest }: Machine = MACHINE;
  return { ...rest, platform, release };
}

const { sandbox: _sandbox, ...NO_SANDBOX }: LinuxFacts = LINUX;

function denied(settings: LinuxFacts["settings"] = {}, why = "unshare: Operation not permitted"): Machine {
  return { ...MACHINE, linux: { ...NO_SANDBOX, namespaces: { why }, settings } };
}

/** What is not well, a line each, in the language and with the commands that mend it. */
function complaints(machine: Machine, language: "en" | "id" = "en"): string[] {
  return machineFindings(machine)
    .filter(({ state }) => state !== "ok")
    .map((finding) => [`${finding.state}: ${finding.words[language]}`, ...toDo(finding, language)].join(" | "));
}

function toDo({ remedies }: Finding, language: "en" | "id"): string[] {
  return remedies.flatMap(({ words, run }) => [words[language], ...(run === undefined ? [] : [run])]);
}

function commands(machine: Machine): string[] {
  return machineFindings(machine).flatMap(({ remedies }) => remedies.flatMap(({ run }) => run ?? []));
}

function words(machine: Machine): string {
  return machineFindings(machine)
    .map((finding) => finding.words.en)
    .join("\n");
}

describe("Linux that has everything", () => {
  test.each(["root", "user"] as const)("as %s: nothing to complain about, and full isolation", (as) => {
    const machine = withLinux({ namespaces: { as } });
    expect(complaints(machine)).toEqual([]);
    expect(words(machine)).toContain(`Namespaces (as ${as === "root" ? "root" : "a user"})`);
    expect(words(machine)).toContain("A sandbox (/usr/bin/python3) works");
    expect(reachedIsolation(machine)).toBe("full");
  });

  test("WSL 2 is such a Linux", () => {
    const machine: Machine = { ...MACHINE, release: "5.15.153.1-microsoft-standard-WSL2" };
    expect(complaints(machine)).toEqual([]);
    expect(words(machine)).toContain("WSL 2, Linux 5.15.153.1");
  });

  test.each([
    ["docker", "in a Docker container"],
    ["podman", "in a Podman container"],
    ["unknown", "in a container"],
  ] as const)("so is a container (%s) that allows namespaces", (container, told) => {
    const machine: Machine = { ...MACHINE, container };
    expect(complaints(machine)).toEqual([]);
    expect(words(machine)).toContain(told);
  });
});

describe("Linux that denies namespaces", () => {
  const APPARMOR = "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0";

  test("by AppArmor, as Ubuntu 24.04 does: tells the setting", () => {
    const machine = denied({ apparmor: "1", clone: "1", most: "62917" });
    expect(complaints(machine)).toEqual([
      expect.stringMatching(/^warning: Namespaces are denied \(unshare: Operation not permitted\): .*AppArmor denies/),
    ]);
    expect(commands(machine)).toEqual([APPARMOR]);
    expect(reachedIsolation(machine)).toBe("none");
  });

  test("by AppArmor to the sandbox only, since root has namespaces", () => {
    const machine = withLinux({
      namespaces: { as: "root" },
      sandbox: { why: "bwrap: setting up uid map: Permission denied" },
      settings: { apparmor: "1" },
    });
    expect(complaints(machine)).toEqual([
      expect.stringContaining("A sandbox cannot be built (bwrap: setting up uid map"),
    ]);
    expect(commands(machine)).toEqual([APPARMOR]);
    expect(reachedIsolation(machine)).toBe("partial");
  });

  test.each([
    [{ clone: "0" }, "sudo sysctl -w kernel.unprivileged_userns_clone=1"],
    [{ most: "0" }, "sudo sysctl -w user.max_user_namespaces=1500"],
  ])("by the kernel's setting %j", (settings, command) => {
    expect(commands(denied(settings))).toEqual([command]);
  });

  test("by all of them: each one is told, since each one alone denies", () => {
    expect(commands(denied({ apparmor: "1", clone: "0", most: "0" }))).toHaveLength(3);
  });

  test("without saying why: no command is made up", () => {
    const machine = denied({ apparmor: "0", clone: "1", most: "62917" }, "");
    expect(complaints(machine)).toEqual([
      expect.stringMatching(/^warning: Namespaces are denied: .*Ask whoever runs this machine/),
    ]);
    expect(commands(machine)).toEqual([]);
    const sandbox = withLinux({ sandbox: { why: "prlimit: failed" } });
    expect(complaints(sandbox)).toEqual([expect.stringContaining("The words in brackets say what failed")]);
  });

  test.each([
    ["docker", /^docker run .*seccomp=unconfined .*apparmor=unconfined .*systempaths=unconfined$/],
    ["podman", /^podman run .*unmask=ALL$/],
  ] as const)("in a container of %s: tells the options, and that they may not be enough", (container, options) => {
    const machine: Machine = { ...denied(), container };
    expect(commands(machine)).toEqual([expect.stringMatching(options)]);
    expect(complaints(machine).join()).toContain("if they are not enough, with --privileged");
  });

  test("in a container nobody knows: no command", () => {
    const machine: Machine = { ...denied(), container: "unknown" };
    expect(commands(machine)).toEqual([]);
    expect(complaints(machine).join()).toContain("privileged mode often allows both");
  });

  test("in a container on a host that denies them, too: the setting is the host's", () => {
    const machine: Machine = { ...denied({ apparmor: "1" }), container: "docker" };
    expect(commands(machine)).toEqual([APPARMOR, expect.stringMatching(/^docker run /)]);
    expect(complaints(machine).join()).toContain("On the container's host");
  });

  test("WSL 1 leads to WSL 2", () => {
    const machine: Machine = { ...denied(), release: "4.4.0-22621-Microsoft" };
    expect(complaints(machine)[0]).toMatch(/^warning: WSL 1 \(4\.4\.0-22621-Microsoft\) is not a Linux kernel/);
    expect(new Set(commands(machine))).toEqual(new Set(["wsl --set-version NAME 2"]));
  });
});

describe("Linux that lacks packages", () => {
  const { bubblewrap: _, ...noBubblewrap } = LINUX;
  const failing = { why: "nice: 'bwrap': No such file or directory" };

  test("bubblewrap missing: isolation in part, told once", () => {
    const machine: Machine = { ...MACHINE, linux: { ...noBubblewrap, sandbox: failing } };
    expect(complaints(machine)).toEqual([
      expect.stringMatching(/^warning: bubblewrap is missing: .*sudo apt install bubblewrap$/),
    ]);
    expect(reachedIsolation(machine)).toBe("partial");
  });

  test.each(["0.4.1", "0.7.0"])("bubblewrap %s is too old, told once", (bubblewrap) => {
    const machine = withLinux({ bubblewrap, sandbox: { why: "bwrap: Unknown option --disable-userns" } });
    expect(complaints(machine)).toEqual([
      expect.stringMatching(/^warning: bubblewrap \S+ is too old: .*Install 0\.8 or newer/),
    ]);
  });

  test.each(["0.8.0", "0.11.0", "1.0"])("bubblewrap %s is new enough", (bubblewrap) => {
    expect(complaints(withLinux({ bubblewrap }))).toEqual([]);
  });

  test("util-linux and iproute2 missing: namespaces could not be tried", () => {
    const linux = { ...NO_SANDBOX, missing: ["unshare", "ip", "ss"], namespaces: { why: "" } } as const;
    expect(complaints({ ...MACHINE, linux })).toEqual([
      expect.stringMatching(/^warning: util-linux lacks unshare: .*sudo apt install util-linux$/),
      expect.stringMatching(/^warning: iproute2 lacks ip, ss: .*sudo apt install iproute2$/),
      expect.stringMatching(/^warning: Namespaces could not be tried without unshare, ip/),
    ]);
  });

  test("what only the sandbox needs is told once", () => {
    const machine = withLinux({ missing: ["choom"], sandbox: { why: "choom: not found" } });
    expect(complaints(machine)).toEqual([expect.stringContaining("util-linux lacks choom: submissions cannot be")]);
  });

  test("without ss some waits are long, and isolation is full", () => {
    const machine = withLinux({ missing: ["ss"] });
    expect(complaints(machine)).toEqual([expect.stringContaining("iproute2 lacks ss: some waits")]);
    expect(reachedIsolation(machine)).toBe("full");
  });
});

describe("other systems", () => {
  test.each([
    ["darwin", "24.1.0", "macOS", []],
    ["win32", "10.0.22631", "Windows", ["wsl --install"]],
  ])("%s: grades without isolation, said plainly", (platform, release, name, run) => {
    const machine = elsewhere(platform, release);
    expect(complaints(machine)).toEqual([
      expect.stringContaining(`warning: ${name}: submissions are not isolated, and silence is waited for`),
    ]);
    expect(commands(machine)).toEqual(run);
    expect(reachedIsolation(machine)).toBe("none");
    expect(words(machine)).not.toMatch(/bubblewrap|util-linux|Namespaces/);
  });

  test("an unknown one is a problem", () => {
    expect(complaints(elsewhere("freebsd", "14.1"))).toEqual([expect.stringMatching(/^problem: .*freebsd/)]);
  });
});

describe("Node and Python", () => {
  test.each(["18.20.4", "20.18.3", "20.9.0"])("Node %s is a problem", (node) => {
    expect(complaints({ ...MACHINE, node })).toEqual([
      expect.stringMatching(/^problem: Node \S+ is too old: Gema needs 20\.19 or newer\. .*nodejs\.org/),
    ]);
  });

  test.each(["20.19.0", "20.20.2", "22.0.0", "100.1.0"])("Node %s is not", (node) => {
    expect(complaints({ ...MACHINE, node })).toEqual([]);
  });

  test("the least Node is the one of package.json", () => {
    const manifest = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
    expect(manifest.engines.node).toBe(`>=${LEAST_NODE.join(".")}`);
  });

  test("no Python is a problem, told once", () => {
    const { python: _, ...rest } = withLinux({ sandbox: {} });
    expect(complaints(rest)).toEqual([expect.stringMatching(/^problem: There is no Python 3/)]);
  });

  test("nor is one that the sandbox cannot see enough", () => {
    const python = { executable: "/root/.pyenv/bin/python3", version: "3.13.0" };
    expect(complaints({ ...withLinux({ sandbox: {} }), python })).toEqual([
      expect.stringMatching(/^problem: Programs in the sandbox have no Python.*sudo apt install python3$/),
    ]);
  });
});

describe("the lecture's port", () => {
  const taken = { free: false, holder: "4711 (python3 server.py)" } as const;

  test("taken, where submissions have networks of their own: a warning with its holder", () => {
    expect(complaints({ ...MACHINE, port: taken })).toEqual([
      expect.stringMatching(
        /^warning: 127\.0\.0\.1:5000 is in use by process 4711 \(python3 server\.py\): .*grade can/,
      ),
    ]);
  });

  test("taken, where they have not: a problem", () => {
    expect(complaints({ ...denied(), port: taken }).at(-1)).toMatch(/^problem: .*4711.*cannot be graded/);
  });

  test("taken by somebody whom we may not see", () => {
    expect(complaints({ ...MACHINE, port: { free: false } })).toEqual([
      expect.stringContaining("another user's process"),
    ]);
  });

  test("taken on a Mac: AirPlay is named", () => {
    const machine: Machine = { ...elsewhere("darwin", "24.1.0"), port: { free: false, holder: "612 (ControlCe)" } };
    expect(complaints(machine).at(-1)).toMatch(/^problem: .*612 \(ControlCe\).*AirPlay Receiver/);
  });

  test("lsof's fields name the holder", () => {
    expect(parseListener("p612\ncControlCe\nf10\np700\ncother\n")).toEqual({ free: false, holder: "612 (ControlCe)" });
    expect(parseListener("")).toEqual({ free: true });
  });
});

describe("room for temporary files", () => {
  test.each([
    [{ freeBytes: 256 * 2 ** 20 }, []],
    [{ freeBytes: 255.5 * 2 ** 20 }, [expect.stringMatching(/^warning: \/tmp has room for 255 MiB\. .*256 MiB/)]],
    [{ why: "EROFS" }, [expect.stringMatching(/^problem: .*\/tmp, cannot be used \(EROFS\).*TMPDIR/)]],
  ])("%j", (room, expected) => {
    expect(complaints({ ...MACHINE, temp: { folder: "/tmp", ...room } })).toEqual(expected);
  });
});

describe("the clock", () => {
  test.each([
    [{ stepMs: 0.0005, jumpMs: 0.4 }, "ok", "steady"],
    [{ stepMs: 15.6, jumpMs: 0 }, "warning", "steps of 15.6 ms"],
    [{ stepMs: Number.POSITIVE_INFINITY, jumpMs: 0 }, "warning", "Infinity"],
    [{ stepMs: 0.001, jumpMs: -3_600_000 }, "warning", "jumped by -3600.0 s"],
    [{ stepMs: 0.001, jumpMs: 2500 }, "warning", "jumped by 2.5 s"],
  ])("%j: %s", (facts, state, told) => {
    const finding = clockFinding(facts);
    expect(finding.state).toBe(state);
    expect(finding.words.en).toContain(told);
  });
});

describe("the reference server", () => {
  const passed: TriedCheck = { id: "tcp-server/echoes-a-message", verdict: "pass" };
  const failed: TriedCheck = { id: "tcp-server/closes-with-fin", verdict: "fail" };
  const unsure: TriedCheck = { id: "tcp-server/rests-when-idle", verdict: "inconclusive" };

  test("that passes everything is well, with its time", () => {
    const outcome = { checks: [passed, passed] };
    const finding = trialFinding({ isolation: "full", wallMs: 1449, outcome }, "full");
    expect(finding.state).toBe("ok");
    expect(finding.words.en).toBe("The reference server, isolated in full: 2 of 2 checks passed in 1.4 s.");
  });

  test.each([
    ["none", "full", "problem"],
    ["partial", "full", "warning"],
    ["full", "full", "problem"],
    ["partial", "partial", "problem"],
  ] as const)("that fails with isolation %s, where %s is reached: %s", (isolation, reached, state) => {
    const finding = trialFinding({ isolation, wallMs: 1, outcome: { checks: [passed, failed, unsure] } }, reached);
    expect(finding.state).toBe(state);
    expect(finding.words.en).toContain("tcp-server/closes-with-fin failed; tcp-server/rests-when-idle could not tell");
    expect(finding.words.id).toContain("tcp-server/closes-with-fin gagal");
    const broken = trialFinding({ isolation, wallMs: 1, outcome: { broke: "the slot ended with 1" } }, reached);
    expect(broken.state).toBe(state);
    expect(broken.words.en).toContain("broke: the slot ended with 1");
  });

  test("that cannot be told costs nobody points: a warning", () => {
    const finding = trialFinding({ isolation: "none", wallMs: 1, outcome: { checks: [passed, unsure] } }, "none");
    expect(finding.state).toBe("warning");
  });

  test("on which nothing was tried is not well", () => {
    expect(trialFinding({ isolation: "none", wallMs: 1, outcome: { checks: [] } }, "none").state).toBe("problem");
  });
});

describe("the conclusion", () => {
  const problem = machineFindings({ ...MACHINE, node: "18.0.0" });
  const well = machineFindings(MACHINE);

  test.each([
    ["full", "ok", "isolates submissions in full"],
    ["partial", "warning", "in part"],
    ["none", "warning", "does not isolate"],
  ] as const)("with isolation %s: %s", (reached, state, told) => {
    const finding = conclusion(well, reached);
    expect(finding.state).toBe(state);
    expect(finding.words.en).toContain(told);
    expect(conclusion(problem, reached).state).toBe("problem");
  });
});

test.each([
  denied({ apparmor: "1" }),
  { ...denied(), container: "docker" } as const,
  elsewhere("darwin", "24.1.0"),
  elsewhere("win32", "10.0"),
  withLinux({ missing: ["unshare", "ss"], bubblewrap: "0.4.1" }),
  { ...MACHINE, node: "18.0.0", temp: { folder: "/tmp", freeBytes: 0 }, port: { free: false } } as const,
])("every complaint has a way out, in both languages (%#)", (machine) => {
  const findings = machineFindings(machine).filter(({ state }) => state !== "ok");
  expect(findings).not.toEqual([]);
  for (const { words, remedies } of findings) {
    expect(remedies).not.toEqual([]);
    for (const text of [words, ...remedies.map((one) => one.words)]) {
      expect(text.en).toMatch(/[.:]$/);
      expect(text.id).toMatch(/[.:]$/);
      expect(text.id).not.toBe(text.en);
    }
  }
});

test.each([
  ["20.19", true],
  ["20.18.99", false],
  ["21", true],
  ["20", false],
])("version %s is at least 20.19: %s", (version, expected) => {
  expect(atLeast(version, [20, 19])).toBe(expected);
});
