import { describe, expect, test } from "vitest";
import { type Assignment, type Contract, PAIRS, PROGRAMS, withPairs } from "../assignment/assignment.ts";
import { loadAssignment } from "../assignment/load.ts";
import { PRESETS } from "../assignment/presets/presets.ts";
import { allChecks, inOrder, nameOf } from "./all-checks.ts";
import type { Check, ServerCheck } from "./check.ts";

const checks = await allChecks();
const presets = await Promise.all([...PRESETS.keys()].map((name) => loadAssignment(name)));
const RUNS = [...PROGRAMS, ...PAIRS];

const base: Contract = {
  kind: "stream",
  concurrent: false,
  bufferBytes: 65535,
  address: { host: "127.0.0.1", port: 5000, passed: { by: "fixed" } },
  client: { message: { by: "fixed" }, printsReply: true, mustTimeOut: false },
};
/** Everything a check's level may depend on. */
const CONTRACTS: Contract[] = (["one-shot", "stream"] as const).flatMap((kind) =>
  [false, true].flatMap((yes): Contract[] => [
    { ...base, kind, concurrent: yes, bufferBytes: yes ? 65535 : 1024 },
    { ...base, kind, client: { message: { by: "argv", args: ["{message}"] }, printsReply: yes, mustTimeOut: yes } },
    { ...base, kind, client: { message: { by: "stdin", lines: ["{message}"] }, printsReply: yes, mustTimeOut: !yes } },
    { ...base, kind, address: { ...base.address, passed: { by: "argv", args: ["{host}", "{port}"] } } },
  ]),
);

function runsOf({ programs }: Assignment) {
  return withPairs(PROGRAMS.filter((program) => programs[program]));
}

function named(program: string, name: string): Check | undefined {
  return checks.get(`${program}/${name}`);
}

describe("every check", () => {
  test("is found: some of each program", () => {
    for (const program of RUNS) expect([...checks.keys()].filter((id) => id.startsWith(`${program}/`))).not.toEqual([]);
  });

  const each = [...checks].map(([id, check]) => ({ id, check, program: id.slice(0, id.indexOf("/")) }));

  test.each(each)("$id", ({ id, check, program }) => {
    expect(id).toMatch(/^((tcp|udp)-(server|client)|pair|udp-pair)\/[a-z0-9]+(-[a-z0-9]+)+$/);
    for (const { en, id: indonesian } of [check.title, check.why]) {
      expect(en.trim()).not.toBe("");
      expect(indonesian.trim()).not.toBe("");
      expect(indonesian).not.toBe(en);
    }
    expect(check.cites).not.toEqual([]);
    for (const { source, quote } of check.cites) {
      expect(source.trim()).not.toBe("");
      expect(quote.trim()).not.toBe("");
    }
    for (const before of check.after ?? []) {
      expect(named(program, before), `after ${before}`).toBeDefined();
      expect(before).not.toBe(nameOf(id));
    }
    if (typeof check.stimulate !== "function" && check.stimulate.observes !== "launch")
      expect(typeof named(program, check.stimulate.observes)?.stimulate).toBe("function");
    for (const preset of presets.filter((one) => runsOf(one).some((run) => run === program)))
      expect(preset.requirements.map((one) => one.id)).toContain(check.requirement);
    expect(CONTRACTS.some((contract) => check.level(contract) !== undefined)).toBe(true);
  });

  test("has a title of its own among those of its program", () => {
    for (const program of RUNS) {
      const own = each.filter((one) => one.program === program);
      for (const language of ["en", "id"] as const)
        expect(new Set(own.map(({ check }) => check.title[language])).size).toBe(own.length);
    }
  });
});

describe("the order", () => {
  test.each(RUNS)("of all checks of %s: each once, after those it needs", (program) => {
    for (const contract of [...CONTRACTS, ...presets.map((preset) => preset.contract)]) {
      const ordered = inOrder(checks, program, contract).map(([id]) => id);
      const apply = [...checks].filter(([id, one]) => id.startsWith(`${program}/`) && one.level(contract));
      expect([...ordered].sort()).toEqual(apply.map(([id]) => id).sort());
      for (const [place, id] of ordered.entries()) {
        const { after = [], stimulate } = checks.get(id) as Check;
        const needs = typeof stimulate === "function" ? after : [...after, stimulate.observes];
        for (const before of needs) {
          const earlier = ordered.indexOf(`${program}/${before}`);
          expect(earlier, `${id} after ${before}`).toBeLessThan(place);
        }
      }
    }
  });

  test("puts what ends the server after what needs it", () => {
    for (const { contract } of presets) {
      const ordered = inOrder(checks, "tcp-server", contract).map(([id]) => nameOf(id));
      expect(ordered.slice(-4)).toEqual([
        "stops-with-a-client-connected",
        "restarts-at-once",
        "stops-on-sigint",
        "refuses-a-taken-port",
      ]);
    }
  });

  function check(rest: Partial<ServerCheck> = {}): ServerCheck {
    const words = { en: "word", id: "kata" };
    const judge: Check["judge"] = () => ({ outcome: "pass" });
    const stimulate = async () => {};
    return { title: words, why: words, requirement: "r", cites: [], level: () => "must", stimulate, judge, ...rest };
  }

  const order = (entries: Readonly<Record<string, ServerCheck>>) =>
    inOrder(new Map(Object.entries(entries).map(([name, one]) => [`tcp-server/${name}`, one])), "tcp-server", base).map(
      ([id]) => nameOf(id),
    );

  test("is by turn, then after what is needed, then by name", () => {
    expect(order({ c: check(), b: check({ turn: 1 }), a: check({ turn: 2 }), d: check() })).toEqual([
      "c",
      "d",
      "b",
      "a",
    ]);
    expect(order({ a: check({ after: ["z"] }), z: check() })).toEqual(["z", "a"]);
    expect(order({ a: check({ stimulate: { observes: "z" } }), m: check(), z: check() })).toEqual(["z", "a", "m"]);
    expect(order({ a: check({ after: ["z"] }), z: check({ turn: 9 }) })).toEqual(["z", "a"]);
  });

  test("leaves out what does not apply, also as something needed", () => {
    const elsewhere = check({ level: () => undefined });
    expect(order({ a: check({ after: ["z"] }), z: elsewhere })).toEqual(["a"]);
    expect(inOrder(new Map([["tcp-client/a", check()]]), "tcp-server", base)).toEqual([]);
  });

  test("refuses checks that wait for each other", () => {
    const circle = { a: check({ after: ["b"] }), b: check({ after: ["a"] }) };
    expect(() => order(circle)).toThrow("wait for each other: tcp-server/a -> tcp-server/b -> tcp-server/a");
  });

  test("takes the name from the id", () => {
    expect(nameOf("tcp-server/echoes-a-message")).toBe("echoes-a-message");
  });
});
