import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AddressPassing, Contract, MessageRule } from "./assignment.ts";
import { givenToClient, givenToServer } from "./passing.ts";
import { DEFAULTS } from "./resolve.ts";

const blanks = { host: "127.0.0.1", port: 4321 };
const nothing = { args: [], env: {}, stdinLines: [], laterLines: [] };

function contract(passed: AddressPassing, message: MessageRule = { by: "fixed" }): Contract {
  const { address, client } = DEFAULTS.contract;
  return { ...DEFAULTS.contract, address: { ...address, passed }, client: { ...client, message } };
}

describe("what a server is given", () => {
  test("nothing when its address is fixed", () => {
    expect(givenToServer(contract({ by: "fixed" }), blanks)).toEqual(nothing);
  });

  test("arguments, also several blanks in one", () => {
    const given = givenToServer(contract({ by: "flags", args: ["--listen={host}:{port}", "-p", "{port}"] }), blanks);
    expect(given).toEqual({ ...nothing, args: ["--listen=127.0.0.1:4321", "-p", "4321"] });
  });

  test("environment variables", () => {
    const given = givenToServer(contract({ by: "env", variables: { PORT: "{port}", MODE: "test" } }), blanks);
    expect(given.env).toEqual({ PORT: "4321", MODE: "test" });
  });

  test("lines to type", () => {
    expect(givenToServer(contract({ by: "stdin", lines: ["{host}", "{port}"] }), blanks).stdinLines).toEqual([
      "127.0.0.1",
      "4321",
    ]);
  });

  test("a whole command", () => {
    const given = givenToServer(contract({ by: "command", command: ["go", "run", ".", "{port}", "{other}"] }), blanks);
    expect(given).toEqual({ ...nothing, command: ["go", "run", ".", "4321", "{other}"] });
  });
});

describe("what a client is given", () => {
  const client = { ...blanks, message: "halo" };

  test("its address first, then its message", () => {
    const passed = { by: "argv", args: ["{host}", "{port}"] } as const;
    expect(givenToClient(contract(passed, { by: "argv", args: ["{message}"] }), client).args).toEqual([
      "127.0.0.1",
      "4321",
      "halo",
    ]);
  });

  test("a command that holds the message is not given it twice", () => {
    const passed = { by: "command", command: ["c", "{message}", "{port}"] } as const;
    expect(givenToClient(contract(passed, { by: "argv", args: ["{message}"] }), client)).toEqual({
      ...nothing,
      command: ["c", "halo", "4321"],
    });
  });

  test("a command without the message gets it as an argument", () => {
    const passed = { by: "command", command: ["c", "{port}"] } as const;
    const given = givenToClient(contract(passed, { by: "argv", args: ["{message}"] }), client);
    expect(given).toEqual({ ...nothing, command: ["c", "4321"], args: ["halo"] });
  });

  test("its address in a way of its own, where the assignment says one", () => {
    const usual = contract({ by: "argv", args: ["{port}"] }, { by: "argv", args: ["{message}"] });
    const own = { by: "argv", args: ["{host}", "{port}"] } as const;
    const both = { ...usual, client: { ...usual.client, passed: own } };
    expect(givenToServer(both, blanks).args).toEqual(["4321"]);
    expect(givenToClient(both, client).args).toEqual(["127.0.0.1", "4321", "halo"]);
  });

  test("a fixed message is not given", () => {
    expect(givenToClient(contract({ by: "fixed" }, { by: "fixed", text: "Hello" }), client)).toEqual(nothing);
  });

  test("any message arrives as it is, blanks and replacement patterns included", () => {
    const part = fc.constantFrom("{port}", "{host}", "{message}", "$&", "$1", "{", "}");
    const message = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(part).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(message, (text) => {
        const values = { ...blanks, message: text };
        const asArgument = givenToClient(contract({ by: "fixed" }, { by: "argv", args: ["<{message}>"] }), values);
        const asLine = givenToClient(contract({ by: "fixed" }, { by: "stdin", lines: ["{message}", "quit"] }), values);
        expect(asArgument.args).toEqual([`<${text}>`]);
        expect(asLine).toMatchObject({ stdinLines: [text], laterLines: ["quit"] });
      }),
    );
  });
});
