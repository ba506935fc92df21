import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UserError } from "../user-error.ts";
import { loadAssignment } from "./load.ts";
import { PRESETS } from "./presets/presets.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gema-assignment-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function load(yaml: string | Uint8Array, knownChecks?: readonly string[]) {
  const file = join(folder, "Tugas 1.yaml");
  await writeFile(file, yaml);
  return loadAssignment(file, knownChecks);
}

async function refusal(loading: Promise<unknown>): Promise<UserError> {
  const error = await loading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof UserError) return error;
  throw new Error(`expected a UserError, not ${String(error)}`);
}

async function refused(yaml: string | Uint8Array, knownChecks?: readonly string[]) {
  const { code, what, help, place, exit } = await refusal(load(yaml, knownChecks));
  expect(exit).toBe(64);
  return { code, what: what.en, help: help.en, at: place && `${place.line}:${place.column}` };
}

describe("presets", () => {
  test("tcp-echo is a stream with a client that takes its message as an argument", async () => {
    const { name, contract, programs } = await loadAssignment("tcp-echo");
    expect({ name, contract, programs }).toEqual({
      name: "tcp-echo",
      contract: {
        kind: "stream",
        concurrent: false,
        bufferBytes: 65535,
        address: { host: "127.0.0.1", port: 5000, passed: { by: "fixed" } },
        client: { message: { by: "argv", args: ["{message}"] }, printsReply: true, mustTimeOut: false },
      },
      programs: { "tcp-server": {}, "tcp-client": {} },
    });
  });

  test("tcp-echo-lecture is one-shot with everything hard-coded", async () => {
    const { contract } = await loadAssignment("tcp-echo-lecture");
    expect(contract).toMatchObject({
      kind: "one-shot",
      bufferBytes: 65535,
      address: { passed: { by: "fixed" } },
      client: { message: { by: "fixed" }, printsReply: false },
    });
  });

  test.each([...PRESETS.keys()])(
    "%s has 100 points, in both languages, and leaves levels to the checks",
    async (name) => {
      const { requirements } = await loadAssignment(name);
      expect(requirements.reduce((sum, { points }) => sum + points, 0)).toBe(100);
      for (const { text, level, checks } of requirements) {
        expect(text.en).not.toBe(text.id);
        expect([level, checks]).toEqual([undefined, undefined]);
      }
    },
  );
});

describe("a YAML file", () => {
  test("takes what it leaves out from its preset", async () => {
    const assignment = await load("extends: tcp-echo\nname: week-3\naddress:\n  port: 6000\nconcurrent: true\n");
    const preset = await loadAssignment("tcp-echo");
    expect(assignment).toEqual({
      ...preset,
      name: "week-3",
      contract: { ...preset.contract, concurrent: true, address: { ...preset.contract.address, port: 6000 } },
    });
  });

  test("that is reached from the network listens on every address, of one family or of both", async () => {
    const reached = async (address: string) =>
      (await load(`extends: tcp-echo\naddress: ${address}\n`)).contract.address;
    const usual = { port: 5000, passed: { by: "fixed" }, reach: "network" };
    expect(await reached("{ reach: network }")).toEqual({ ...usual, host: "0.0.0.0" });
    expect(await reached("{ reach: network, host: '::', dualStack: true }")).toEqual({
      ...usual,
      host: "::",
      dualStack: true,
    });
    expect(await reached("{ reach: host }")).toEqual({ ...usual, host: "127.0.0.1", reach: "host" });
  });

  test("without a preset takes the defaults, and its file's name", async () => {
    const assignment = await load("programs: {tcp-server: {}}\nrequirements: [{id: a, text: Hai, points: 1.5}]\n");
    expect(assignment).toEqual({
      name: "tugas-1",
      title: { en: "Tugas 1", id: "Tugas 1" },
      programs: { "tcp-server": {} },
      contract: {
        kind: "stream",
        concurrent: false,
        bufferBytes: 65535,
        address: { host: "127.0.0.1", port: 5000, passed: { by: "fixed" } },
        client: { message: { by: "fixed" }, printsReply: true, mustTimeOut: false },
      },
      requirements: [{ id: "a", text: { en: "Hai", id: "Hai" }, points: 1.5 }],
      limits: { startSeconds: 10, keptOutputBytes: 65536 },
    });
  });

  test("asking for the server only leaves out what the preset asks of the client", async () => {
    const { requirements } = await load("extends: tcp-echo\nprograms: {tcp-server: {file: src/server.py}}\n");
    expect(requirements.map(({ id }) => id)).toEqual([
      "listens",
      "echoes",
      "any-bytes",
      "byte-stream",
      "clients",
      "endures",
      "tidy",
      "stops",
    ]);
  });

  test.each([
    ["fixed", { by: "fixed" }],
    ["argv", { by: "argv", args: ["{host}", "{port}"] }],
    ["flags", { by: "flags", args: ["--host", "{host}", "--port", "{port}"] }],
    ["env", { by: "env", variables: { HOST: "{host}", PORT: "{port}" } }],
    ["stdin", { by: "stdin", lines: ["{host}", "{port}"] }],
    ["{by: argv, args: ['{port}']}", { by: "argv", args: ["{port}"] }],
    ["{by: env, variables: {TCP_PORT: '{port}'}}", { by: "env", variables: { TCP_PORT: "{port}" } }],
  ])("address passed %s", async (written, expected) => {
    const { contract } = await load(`extends: tcp-echo\naddress: {passed: ${written}}\n`);
    expect(contract.address.passed).toEqual(expected);
  });

  test("the client's address passed in another way than the server's", async () => {
    const yaml = "extends: tcp-echo\naddress: {passed: {by: argv, args: ['{port}']}}\nclient: {passed: argv}\n";
    const { contract } = await load(yaml);
    expect(contract.address.passed).toEqual({ by: "argv", args: ["{port}"] });
    expect(contract.client.passed).toEqual({ by: "argv", args: ["{host}", "{port}"] });
  });

  test.each([
    ["stdin", { by: "stdin", lines: ["{message}"] }],
    ["{by: fixed, text: Hello tcp ...}", { by: "fixed", text: "Hello tcp ..." }],
    ["{by: argv, args: [-m, '{message}']}", { by: "argv", args: ["-m", "{message}"] }],
  ])("message %s", async (written, expected) => {
    const { contract } = await load(`extends: tcp-echo\nclient: {message: ${written}}\n`);
    expect(contract.client.message).toEqual(expected);
  });

  test("a known check is accepted, and any check where none are known", async () => {
    const yaml = "extends: tcp-echo\nrequirements: [{id: a, text: A, points: 1, checks: [tcp-server/x]}]\n";
    expect((await load(yaml, ["tcp-server/x"])).requirements[0]?.checks).toEqual(["tcp-server/x"]);
    expect((await load(yaml)).requirements[0]?.checks).toEqual(["tcp-server/x"]);
  });
});

describe("no file to read", () => {
  test("a missing file lists the presets and the nearest", async () => {
    const error = await refusal(loadAssignment("tcp-eco"));
    expect(error).toMatchObject({ code: "assignment-not-found", exit: 64 });
    expect(error.help.en).toBe(
      "Did you mean tcp-echo? Give a YAML file or one of the presets: tcp-echo, tcp-echo-lecture, udp-echo, echo-all.",
    );
  });

  test("a folder", async () => {
    expect((await refusal(loadAssignment(folder))).code).toBe("assignment-is-a-folder");
  });

  test("a path through a file, and a path that no system takes", async () => {
    await load("extends: tcp-echo");
    expect((await refusal(loadAssignment(join(folder, "Tugas 1.yaml", "x")))).code).toBe("assignment-not-found");
    expect((await refusal(loadAssignment("a\0b"))).code).toBe("assignment-unreadable");
  });
});

const REQUIREMENT = "extends: tcp-echo\nrequirements:\n  - ";

describe("what is wrong, and where", () => {
  test.each([
    [
      "a network that nobody reaches",
      "extends: tcp-echo\naddress: { reach: network, host: 127.0.0.1 }\n",
      "assignment-invalid",
      "2:34",
      "not on 127.0.0.1 alone",
      "0.0.0.0 or ::",
    ],
    ["an open bracket", "extends: [tcp-echo\n", "assignment-not-yaml", "2:1", "valid YAML"],
    ["a key twice", "name: a\nname: b\n", "assignment-not-yaml", "2:1", "Map keys must be unique"],
    ["an alias to nothing", "extends: *x\n", "assignment-not-yaml", "1:1", "x"],
    ["nothing", "", "assignment-empty", "1:1", "is empty"],
    ["only comments", "# later\n", "assignment-empty", "1:1", "is empty"],
    ["a word", "hello\n", "assignment-invalid", "1:1", "cannot be"],
    [
      "an unknown key",
      "extends: tcp-echo\nadress: {}\n",
      "assignment-invalid",
      "2:1",
      "adress",
      "Did you mean address?",
    ],
    [
      "an unknown key inside",
      "extends: tcp-echo\naddress:\n  hosts: x\n",
      "assignment-invalid",
      "3:3",
      "address.hosts",
      "host?",
    ],
    [
      "an unknown key of a full form",
      "address:\n  passed: {by: argv, arg: ['{port}'], args: ['{port}']}\n",
      "assignment-invalid",
      "2:22",
      "address.passed.arg",
      "args?",
    ],
    ["a wrong word", "contract: steam\n", "assignment-invalid", "1:11", '"steam"', "Did you mean stream?"],
    ["a wrong shorthand", "address: {passed: flag}\n", "assignment-invalid", "1:19", '"flag"', "flags?"],
    ["a wrong full form", "address: {passed: {by: comand}}\n", "assignment-invalid", "1:24", '"comand"', "command?"],
    [
      "a full form without its part",
      "address: {passed: {by: argv}}\n",
      "assignment-invalid",
      "1:19",
      "args is missing",
    ],
    ["a wrong type", "concurrent: 'yes'\n", "assignment-invalid", "1:13", "concurrent", "true or false"],
    [
      "a wrong type in a list",
      "address: {passed: {by: argv, args: [1]}}\n",
      "assignment-invalid",
      "1:37",
      "args[0]",
      "quotes",
    ],
    ["an empty value", "limits:\n", "assignment-invalid", "1:8", "limits cannot be null", "keys and values"],
    ["port 0", "address: {port: 0}\n", "assignment-invalid", "1:17", "address.port", "at least 1"],
    ["port 70000", "address:\n  port: 70000\n", "assignment-invalid", "2:9", "70000", "at most 65535"],
    ["port 1.5", "address: {port: 1.5}\n", "assignment-invalid", "1:17", "1.5", "whole number"],
    ["a short start", "limits: {startSeconds: 1}\n", "assignment-invalid", "1:24", "startSeconds", "at least 10"],
    [
      "a host that is none",
      "extends: tcp-echo\naddress: {host: 127.0.0.256}\n",
      "assignment-invalid",
      "2:17",
      "no IP address",
    ],
    [
      "negative points",
      `${REQUIREMENT}{id: a, text: A, points: -1}\n`,
      "assignment-invalid",
      "3:30",
      "requirements[0].points",
      "at least 0",
    ],
    ["no points", `${REQUIREMENT}{id: a, text: A}\n`, "assignment-invalid", "3:5", "requirements[0].points is missing"],
    [
      "one language",
      `${REQUIREMENT}{id: a, text: {en: A}, points: 1}\n`,
      "assignment-invalid",
      "3:19",
      "text.id is missing",
    ],
    [
      "an id in capitals",
      `${REQUIREMENT}{id: A b, text: A, points: 1}\n`,
      "assignment-invalid",
      "3:10",
      '"A b"',
      "lower-case",
    ],
    [
      "the same id twice",
      `${REQUIREMENT}{id: a, text: A, points: 1}\n  - {id: a, text: B, points: 1}\n`,
      "assignment-invalid",
      "4:10",
      "exists already",
    ],
    ["an unknown preset", "extends: tcp-eho\n", "assignment-invalid", "1:10", "no preset tcp-eho", "tcp-echo?"],
    ["an unknown program", "programs: {tcp-sever: {}}\n", "assignment-invalid", "1:12", "tcp-sever", "tcp-server?"],
    ["no programs", "extends: tcp-echo\nprograms: {}\n", "assignment-invalid", "2:11", "no programs"],
    ["no requirements", "programs: {tcp-server: {}}\n", "assignment-invalid", "1:1", "no requirements", "extends"],
    [
      "a file elsewhere",
      "extends: tcp-echo\nprograms: {tcp-server: {file: ../x.py}}\n",
      "assignment-invalid",
      "2:31",
      "outside",
    ],
    [
      "a variable's name",
      "address: {passed: {by: env, variables: {1-P: '{port}'}}}\n",
      "assignment-invalid",
      "1:41",
      "1-P",
    ],
    [
      "one command for two",
      "extends: tcp-echo\naddress: {passed: {by: command, command: [x, '{port}']}}\n",
      "assignment-invalid",
      "2:19",
      "two programs",
    ],
    [
      "a message that is not passed",
      "extends: tcp-echo\nclient: {message: {by: stdin, lines: [hi]}}\n",
      "assignment-invalid",
      "2:19",
      "{message}",
    ],
  ])("%s", async (_, yaml, code, at, what, help = "") => {
    const error = await refused(yaml);
    expect(error).toMatchObject({ code, at });
    expect(error.what).toContain(what);
    expect(error.help).toContain(help);
  });

  test.each([
    "{by: argv, args: ['{host}']}",
    "{by: flags, args: [--port, 'port']}",
    "{by: env, variables: {PORT: '5000'}}",
    "{by: stdin, lines: ['{host}']}",
    "{by: command, command: [python3, server.py]}",
  ])("an address without {port}: %s", async (passed) => {
    const error = await refused(`extends: tcp-echo\nprograms: {tcp-server: {}}\naddress: {passed: ${passed}}\n`);
    expect(error).toMatchObject({ code: "assignment-invalid", at: "3:19" });
    expect(error.what).toContain("address.passed holds no {port}");
  });

  test("what the client is passed obeys the same rules", async () => {
    const error = await refused("extends: tcp-echo\nclient: {passed: {by: argv, args: ['{host}']}}\n");
    expect(error).toMatchObject({ code: "assignment-invalid", at: "2:18" });
    expect(error.what).toContain("client.passed holds no {port}");
  });

  test("an unknown check, with the nearest one", async () => {
    const yaml = `${REQUIREMENT}id: a\n    text: A\n    points: 1\n    checks: [tcp-server/good, tcp-server/echos]\n`;
    const error = await refused(yaml, ["tcp-server/good", "tcp-server/echoes"]);
    expect(error).toMatchObject({
      code: "assignment-invalid",
      at: "6:31",
      what: "There is no check tcp-server/echos.",
    });
    expect(error.help).toContain("Did you mean tcp-server/echoes?");
  });

  test("of several problems the first in the file", async () => {
    expect((await refused("contract: steam\nadress: {}\n")).at).toBe("1:11");
    expect((await refused("adress: {}\ncontract: steam\n")).at).toBe("1:1");
  });

  test("bytes that are no text, and aliases that multiply", async () => {
    expect((await refused(Uint8Array.of(0x61, 0xff, 0xfe))).code).toBe("assignment-not-yaml");
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let n = 1; n < 9; n++) lines.push(`a${n}: &a${n} [${`*a${n - 1}, `.repeat(9)}*a${n - 1}]`);
    expect((await refused(lines.join("\n"))).code).toBe("assignment-not-yaml");
  });
});
