import { describe, expect, test } from "vitest";
import { destinationOf, formatAddress, includes, isLoopback, isWildcard, sameFamily } from "./address.ts";

describe("an address", () => {
  test.each([
    [{ host: "127.0.0.1", port: 5000 }, "127.0.0.1:5000"],
    [{ host: "localhost", port: 1 }, "localhost:1"],
    [{ host: "::1", port: 5000 }, "[::1]:5000"],
    [{ host: "::", port: 65535 }, "[::]:65535"],
  ])("%j is written %s", (address, written) => {
    expect(formatAddress(address)).toBe(written);
  });

  test.each(["0.0.0.0", "::"])("%s is every address of the machine", (host) => {
    expect(isWildcard(host)).toBe(true);
  });

  test.each(["127.0.0.1", "::1", "0.0.0.1", "localhost", ""])("%j is not", (host) => {
    expect(isWildcard(host)).toBe(false);
  });

  test.each([
    ["0.0.0.0", "127.0.0.1", true],
    ["0.0.0.0", "192.168.67.1", true],
    ["0.0.0.0", "::1", false],
    ["0.0.0.0", "::", false],
    ["::", "::1", true],
    ["::", "127.0.0.1", true],
    ["127.0.0.1", "127.0.0.1", true],
    ["127.0.0.2", "127.0.0.1", false],
    ["::1", "127.0.0.1", false],
  ])("bound to %s is met at %s: %s", (bound, host, met) => {
    expect(includes(bound, host)).toBe(met);
  });

  test.each([
    ["127.0.0.1", true],
    ["127.0.0.2", true],
    ["::1", true],
    ["0.0.0.0", false],
    ["192.168.67.1", false],
    ["fd67:656d:61::1", false],
  ])("%s is seen by its own machine only: %s", (host, own) => {
    expect(isLoopback(host)).toBe(own);
  });

  test("of every machine's is met at the loopback", () => {
    expect(["0.0.0.0", "::", "127.0.0.2", "localhost"].map(destinationOf)).toEqual([
      "127.0.0.1",
      "::1",
      "127.0.0.2",
      "localhost",
    ]);
  });

  test("is of one of two families", () => {
    expect(sameFamily("127.0.0.1", "0.0.0.0")).toBe(true);
    expect(sameFamily("::", "fd67:656d:61::1")).toBe(true);
    expect(sameFamily("::1", "127.0.0.1")).toBe(false);
  });
});
