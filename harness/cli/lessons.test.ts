import { describe, expect, test } from "vitest";
import { gema } from "./run-gema.test-helper.ts";

describe("gema list", () => {
  test("shows each check of an assignment with its level and where it is written", async () => {
    const { code, stdout } = await gema(["list"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^tcp-server\/keeps-the-connection {2}must$/m);
    expect(stdout).toMatch(/^tcp-client\/sends-its-message {2}must$/m);
    expect(stdout).toMatch(/^pair\//m);
    expect(stdout).toContain("RFC 862");
    expect(stdout).not.toContain("closes-after-its-echo");
  });

  test("follows the assignment", async () => {
    const { stdout } = await gema(["list", "-a", "tcp-echo-lecture", "--lang", "id"]);
    expect(stdout).toMatch(/^Server dan klien echo TCP dari kuliah$/m);
    expect(stdout).toMatch(/^tcp-server\/closes-after-its-echo {2}must$/m);
    expect(stdout).not.toContain("keeps-the-connection");
  });
});

describe("gema explain", () => {
  test("teaches a mistake, in both languages", async () => {
    const { code, stdout } = await gema(["explain", "single-recv"]);
    expect(code).toBe(0);
    for (const words of [
      "Receives only once",
      "Look up:",
      "The mistake (Python)",
      "Instead (TypeScript)",
      "while True:",
    ])
      expect(stdout).toContain(words);
    const indonesian = (await gema(["explain", "single-recv", "--lang", "id"])).stdout;
    expect(indonesian).toContain("Pelajari:");
    expect(indonesian).toContain("while True:");
  });

  test("cites what a check rests on, also by its short name", async () => {
    const { code, stdout } = await gema(["explain", "keeps-the-connection"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^tcp-server\/keeps-the-connection$/m);
    expect(stdout).toMatch(/^ {2}RFC 862/m);
    expect((await gema(["explain", "tcp-server/keeps-the-connection"])).stdout).toBe(stdout);
  });

  test("lists the mistakes when it is given none", async () => {
    const { code, stdout } = await gema(["explain"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^single-recv\n {2}Receives only once$/m);
  });
});
