import { protocolOf } from "../assignment/assignment.ts";
import type { CheckResult } from "../checks/verdict.ts";
import type { Transcript } from "../wire/transcript.ts";
import { type Exchange, exchanges } from "./exchange.ts";
import type { Diagnosis, Symptoms } from "./mistake.ts";
import type { Sign } from "./signs/sign.ts";

/** The result of a check of this program; `name` is its id without the program. */
export function resultOf({ program, results }: Symptoms, name: string): CheckResult | undefined {
  return results.get(`${program}/${name}`);
}

/** The check failed, and failed like this. */
export function fails(symptoms: Symptoms, name: string, sign: Sign = () => true): boolean {
  return failingTranscripts(resultOf(symptoms, name)).some(sign);
}

/** The check failed, and each time like this. */
export function alwaysFails(symptoms: Symptoms, name: string, sign: Sign): boolean {
  const failing = failingTranscripts(resultOf(symptoms, name));
  return failing.length > 0 && failing.every(sign);
}

export function passes(symptoms: Symptoms, name: string): boolean {
  return resultOf(symptoms, name)?.verdict === "pass";
}

/** Where a program listens has nothing to do with what it says there. */
const OF_ITS_ADDRESS = ["listens-only-where-asked"];

/** Ids of the checks that failed like this; only among `names` when given, else among those of what is said. */
export function showing({ program, results }: Symptoms, sign: Sign, names?: readonly string[]): string[] {
  const isMeant = (name: string): boolean => names?.includes(name) ?? !OF_ITS_ADDRESS.includes(name);
  return [...results.values()]
    .filter(({ check }) => isMeant(check.slice(program.length + 1)))
    .filter((result) => failingTranscripts(result).some(sign))
    .map(({ check }) => check);
}

/** Some check's transcript shows this, whatever its verdict. */
export function anywhere({ results }: Symptoms, sign: Sign): boolean {
  return transcriptsOf(results.values()).some(sign);
}

/** Every connection of every check, whatever its verdict. */
export function allExchanges({ results }: Symptoms): Exchange[] {
  return transcriptsOf(results.values()).flatMap((transcript) => [...exchanges(transcript)]);
}

function transcriptsOf(results: Iterable<CheckResult>): Transcript[] {
  return [...new Set([...results].flatMap(({ attempts }) => attempts.map(({ transcript }) => transcript)))];
}

function failingTranscripts(result: CheckResult | undefined): Transcript[] {
  if (result?.verdict !== "fail") return [];
  return result.attempts.filter(({ finding }) => finding.outcome === "fail").map(({ transcript }) => transcript);
}

/** A diagnosis, unless it explains nothing. */
export function suspect(confidence: number, explains: readonly string[]): Diagnosis | undefined {
  return explains.length > 0 ? { confidence, explains } : undefined;
}

/** Checks by which it is seen whether a server waits for clients, and whether it does so at the right place. */
export const STARTS = ["starts-listening", "binds-where-asked"] as const;

export const PLACED = ["listens-where-asked", "binds-where-asked"] as const;

/** The check by which it is seen whether a client comes to the right place; datagrams need no connection. */
export function arrivesBy({ program }: Symptoms): readonly string[] {
  return [protocolOf(program) === "udp" ? "sends-where-asked" : "connects-where-asked"];
}
