import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EXPLORATION } from "../checks/conversation-plan.ts";
import { decodeEvidence, resultOf } from "../grade/evidence.ts";
import { ownWorld } from "../launch/isolation/slot.ts";
import type { Transcript } from "../wire/transcript.ts";
import { ANY_PORT, ECHO, folderWith, gema, SINGLE_RECV } from "./run-gema.test-helper.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures/tcp-echo");
const SERVERS = "extends: tcp-echo\nprograms: { tcp-server: {} }\n";
const SLOW = 240_000;

/** Explores a program in a network of its own, where port 5000 is free. */
async function explore(program: string, yaml: string, seed: number) {
  const cwd = await folderWith({ "a.yaml": yaml });
  const args = ["check", program, "-a", "a.yaml", "--only", EXPLORATION, "--seed", String(seed)];
  const told = await gema([...args, "--evidence", "evidence.json"], { cwd, via: (await ownWorld()) ?? [] });
  const evidence = join(cwd, "evidence.json");
  const { programs } = resultOf(decodeEvidence(await readFile(evidence, "utf8"), evidence));
  const found = programs[0]?.checks.find(({ check }) => check === EXPLORATION);
  if (!found) throw new Error(told.stdout + told.stderr);
  return { ...told, evidence, found, acts: actsIn(found.attempts[0]?.transcript ?? []) };
}

/** What clients did, without their ends when all was said and done. */
function actsIn(transcript: Transcript): string[] {
  const acts = transcript.flatMap((event) => {
    if (event.type === "sent") return [`${event.peer} ${Buffer.from(event.bytes).toString("latin1")}`];
    return event.type === "half-closed" ? [`${event.peer} FIN`] : [];
  });
  return acts.slice(0, acts.findLastIndex((act) => !act.endsWith(" FIN")) + 1);
}

describe("--explore finds the shortest conversation that breaks", () => {
  test.each([
    ["single-recv.py", SERVERS, /^A a;A b$/],
    ["recv-as-message.py", SERVERS, /^A a\w{64}$/],
    ["fixed-small-buffer.py", SERVERS, /^A a\w{1024}$/],
    ["decodes-each-chunk.py", SERVERS, /^A [^\n]{1,4}$/],
    ["broadcasts.py", SERVERS, /^[AB] a$/],
    ["no-close-at-eof.py", SERVERS, /^(A a)?$/],
    ["discards-at-half-close.py", SERVERS, /^A a$/],
    ["one-client-at-a-time.ts", `${SERVERS}concurrent: true\n`, /^B a$/],
  ])("%s", { timeout: SLOW }, async (fixture, yaml, expected) => {
    const { code, found, acts, stdout } = await explore(join(FIXTURES, fixture), yaml, 5);
    expect(found.verdict, stdout).toBe("fail");
    expect(acts.join(";")).toMatch(expected);
    expect(code).toBe(1);
    expect(stdout).toContain(`--only ${EXPLORATION} --seed 5`);
  });

  test("where one client's end meets another's words", { timeout: SLOW }, async () => {
    const { acts, found } = await explore(join(FIXTURES, "../tcp-echo-explored/forgets-the-others.py"), SERVERS, 5);
    expect(found.verdict).toBe("fail");
    expect(acts.length).toBeLessThanOrEqual(3);
  });
});

test("the same seed finds the same, and the evidence is judged the same", { timeout: SLOW }, async () => {
  const program = join(FIXTURES, "recv-as-message.py");
  const [first, again] = [await explore(program, SERVERS, 11), await explore(program, SERVERS, 11)];
  expect(first.acts).not.toEqual([]);
  expect(again.acts).toEqual(first.acts);
  expect((await gema(["rejudge", first.evidence])).stdout).toContain("1 judged again, 0 differences");
});

test("a correct program is not accused, for as long as one likes", { timeout: SLOW }, async () => {
  const cwd = await folderWith({ "server.py": ECHO, "any.yaml": ANY_PORT });
  const start = performance.now();
  const args = ["check", "server.py", "-a", "any.yaml", "--only", EXPLORATION, "--explore=4"];
  const { code, stdout } = await gema(args, { cwd });
  expect(code, stdout).toBe(0);
  expect(stdout).toContain("explored");
  expect(performance.now() - start).toBeGreaterThan(4_000);
});

describe("it is not tried", () => {
  test("unless it was asked for", { timeout: SLOW }, async () => {
    const cwd = await folderWith({ "server.py": SINGLE_RECV, "any.yaml": ANY_PORT });
    const args = ["check", "server.py", "-a", "any.yaml", "--verbose", "--only", "tcp-server/echoes-a-message"];
    expect((await gema(args, { cwd })).stdout).not.toContain("any conversation");
    expect((await gema([...args, "--explore"], { cwd })).stdout).toContain("any conversation");
  });

  test("on a program that does not even echo", { timeout: SLOW }, async () => {
    const deaf = ECHO.replace("client.sendall(data)", "pass");
    const cwd = await folderWith({ "server.py": deaf, "any.yaml": ANY_PORT });
    const { stdout } = await gema(["check", "server.py", "-a", "any.yaml", "--only", EXPLORATION], { cwd });
    expect(stdout).toContain("Not tried, since tcp-server/echoes-a-message did not pass.");
  });

  test("where the contract is no stream", async () => {
    const cwd = await folderWith({ "server.py": ECHO });
    const { code, stderr } = await gema(["check", "server.py", "-a", "tcp-echo-lecture", "--explore"], { cwd });
    expect(code).toBe(64);
    expect(stderr).toContain("there is none here");
  });

  test("for a time that is none", async () => {
    const { code, stderr } = await gema(["check", "--explore", "server.py"]);
    expect(code).toBe(64);
    expect(stderr).toContain("write the program before it");
  });
});
