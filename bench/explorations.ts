import { mkdtemp, readFile, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { loadAssignment } from "../harness/assignment/load.ts";
import { EXPLORATION } from "../harness/checks/conversation-plan.ts";
import { measured } from "../harness/checks/reading.ts";
import { decodeEvidence, resultOf } from "../harness/grade/evidence.ts";
import type { Transcript } from "../harness/wire/transcript.ts";
import { assignmentOf, type Fixture, findFixtures } from "./kill-matrix/fixtures.ts";

/**
 * Makes up conversations with every fixture that is a server of streams: `npm run explorations -- [SECONDS] [PART OF
 * class/name]`. A correct one must stand them all for so long; of a mistake it tells the acts of the smallest conversation
 * that shows it.
 */
const [seconds = "60", only = ""] = process.argv.slice(2);
const gema = fileURLToPath(new URL("../harness/cli/main.js", import.meta.url));
/** Conversations wait for each other's ends most of the time. */
const AT_ONCE = 4 * availableParallelism();

const waiting: Fixture[] = [];
for (const fixture of await findFixtures(resolve("fixtures"))) {
  const { programs, contract } = await loadAssignment(assignmentOf(fixture));
  const fits =
    programs["tcp-server"] && contract.kind === "stream" && `${fixture.class}/${fixture.name}`.includes(only);
  if (fits) waiting.push(fixture);
}
const folder = await mkdtemp(join(tmpdir(), "gema-explorations-"));
let [stood, accused, conversations] = [0, 0, 0];
const acts: number[] = [];
try {
  await Promise.all(Array.from({ length: AT_ONCE }, workOff));
} finally {
  await rm(folder, { recursive: true });
}
console.log(`${stood} correct programs stood ${conversations} conversations, ${accused} did not.`);
console.log(`${acts.length} mistakes were shown, by ${Math.max(0, ...acts)} acts at most.`);
process.exitCode = accused === 0 && stood > 0 ? 0 : 1;

async function workOff(): Promise<void> {
  for (let fixture = waiting.shift(); fixture; fixture = waiting.shift()) await explore(fixture);
}

async function explore(fixture: Fixture): Promise<void> {
  const name = `${fixture.class}/${fixture.name}`;
  const evidence = join(folder, `${name.replaceAll("/", "_")}.json`);
  const args = ["check", fixture.path, "-a", assignmentOf(fixture), "--only", EXPLORATION, `--explore=${seconds}`];
  const { stderr } = await execa(process.execPath, [gema, ...args, "--evidence", evidence], { reject: false });
  const written = await readFile(evidence, "utf8").catch(() => {
    throw new Error(`${name}: ${stderr}`);
  });
  const { programs, seed } = resultOf(decodeEvidence(written, evidence));
  const result = programs.flatMap(({ checks }) => checks).find(({ check }) => check === EXPLORATION);
  const transcript = result?.attempts.at(-1)?.transcript ?? [];
  const held = measured(transcript, "conversations-held") ?? 0;
  const isCorrect = fixture.header.kind === "correct";
  if (isCorrect) conversations += held;
  if (isCorrect && result?.verdict === "pass") stood++;
  else if (isCorrect) accused++;
  else if (result?.verdict === "fail") acts.push(actsIn(transcript));
  const shown = result?.verdict === "fail" ? `, ${actsIn(transcript)} acts` : "";
  console.log(`${name}: ${result?.verdict ?? "no verdict"}, ${held} conversations${shown}, seed ${seed}`);
}

/** What clients send, and who finishes before somebody else sends; at the end all of them finish. */
function actsIn(transcript: Transcript): number {
  const done = transcript.filter(({ type }) => type === "sent" || type === "half-closed");
  return done.findLastIndex(({ type }) => type === "sent") + 1;
}
