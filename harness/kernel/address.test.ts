import { describe, expect, test } from "vitest";
import { formatAddress, isWildcard } from "./address.ts";

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
});
