import type { Graded } from "./grade-fixtures.ts";

/**
 * Checks that no fixture can fail first, each with the reason. They still have to fail for some fixture, or they are
 * dead; and one that does come first has no place here.
 */
export const NEVER_FIRST: ReadonlyMap<string, string> = new Map([
  ["tcp-client/does-not-wait-for-ever", "It is for information unless an assignment asks for a time limit."],
  ["tcp-client/uses-an-ephemeral-port", "It is for information only."],
  ["udp-client/ignores-a-stranger", "It is for information only."],
  [
    "tcp-server/echoes-joined-messages",
    "Whoever loses a part of what came together also loses a part of a long message, which is tried before.",
  ],
]);

/** Fixtures whose mistake cannot be told from another one by what is seen from outside, with what would tell it. */
export const NAMED_OTHERWISE: ReadonlyMap<string, string> = new Map([
  ["tcp-echo/closes-the-listener.cjs", "Node ends by itself once its listener is closed, as one that exits."],
  ["tcp-echo/decodes-text-incrementally.py", "Nothing but the missing last bytes shows that a decoder keeps them."],
  ["tcp-echo-clients/wrong-address.py", "Its words are those of a client that knocks at a wrong port."],
  ["tcp-echo-clients/cuts-message.py", "Bytes that never leave look the same, whoever cut them."],
]);

/** A check that a mistaken fixture fails. */
export interface Kill {
  readonly graded: Graded;
  readonly how: "alone" | "first" | "later";
}

/** What the matrix may not hold, in words; empty when every rule is kept. */
export function breaches(
  matrix: readonly Graded[],
  checks: Iterable<string>,
  neverFirst: ReadonlyMap<string, string> = NEVER_FIRST,
): string[] {
  return [...matrix.flatMap(breachesOf), ...[...checks].flatMap((check) => breachOf(check, matrix, neverFirst))];
}

/** `class/name`. */
export function idOf({ fixture }: Graded): string {
  return `${fixture.class}/${fixture.name}`;
}

/** What the report names, as mistakes and then as advice. */
export function namedIn({ mistakes, advice }: Graded): string[] {
  return [...mistakes, ...advice];
}

/**
 * The report begins with the mistakes that the header names, in any order, and where those are several it names no other;
 * where the header names none, neither does the report.
 */
export function isNamedRight(graded: Graded): boolean {
  const { header } = graded.fixture;
  const made = header.kind === "mistake" ? header.mistakes : [];
  const first = namedIn(graded).slice(0, Math.max(1, made.length));
  const begins = first.length === made.length && made.every((mistake) => first.includes(mistake));
  return begins && (made.length < 2 || graded.mistakes.every((mistake) => made.includes(mistake)));
}

/** The mistaken fixtures that fail a check. Only `must` and `should` decide which of a fixture's failures is first. */
export function killsOf(check: string, matrix: readonly Graded[]): Kill[] {
  return matrix
    .filter((graded) => graded.fixture.header.kind === "mistake" && failed(reliable(graded)).includes(check))
    .map((graded) => {
      const scored = failed(reliable(graded).filter(({ level }) => level !== "info"));
      const how = scored[0] !== check ? "later" : scored.length === 1 ? "alone" : "first";
      return { graded, how };
    });
}

/** The results that do not depend on the speed of the machine. */
export function reliable({ fixture: { header }, checks }: Graded): Graded["checks"] {
  return header.kind === "correct" ? checks : checks.filter(({ check }) => !header.sometimes.includes(check));
}

function breachesOf(graded: Graded): string[] {
  const { fixture, broke } = graded;
  const checks = reliable(graded);
  const say = (what: string): string => `${idOf(graded)} ${what}`;
  if (broke !== undefined) return [say(`was not graded: ${broke}`)];
  const unsure = checks.filter(({ verdict }) => verdict === "inconclusive" || verdict === "error");
  const broken = unsure.map(({ check, verdict }) => say(`is ${verdict} at ${check}`));
  const { header } = fixture;
  if (header.kind === "correct") {
    const untried = graded.checks.every(({ verdict }) => verdict === "skipped");
    if (untried) return [say("is correct, and nothing was tried")];
    const excused = ({ level, check }: Graded["checks"][number]): boolean =>
      level === "info" || (level === "should" && header.warns.includes(check));
    const accused = failed(checks.filter((one) => !excused(one)));
    const named = graded.mistakes.map((mistake) => say(`is correct, and the report names ${mistake}`));
    return [...broken, ...accused.map((check) => say(`is correct and fails ${check}`)), ...named];
  }
  const missed = header.fails.filter((check) => !failed(checks).includes(check));
  const misnamed =
    isNamedRight(graded) || NAMED_OTHERWISE.has(idOf(graded))
      ? []
      : [say(namedWrong(namedIn(graded), header.mistakes))];
  const misplaced = fixture.faults.flatMap(({ mistake, place }) => {
    const found = graded.places.get(mistake) ?? "no line";
    return found === place ? [] : [say(`makes ${mistake} at ${place}, and the report shows ${found}`)];
  });
  return [...broken, ...missed.map((check) => say(`does not fail ${check}`)), ...misnamed, ...misplaced];
}

function namedWrong(named: readonly string[], mistakes: readonly string[]): string {
  return `makes ${mistakes.join(", ") || "a mistake without a name"}, and the report names ${named.join(", ") || "none"}`;
}

function breachOf(check: string, matrix: readonly Graded[], neverFirst: ReadonlyMap<string, string>): string[] {
  const kills = killsOf(check, matrix);
  const first = kills.some(({ how }) => how !== "later");
  if (!neverFirst.has(check)) return first ? [] : [`${check} is never the first to fail: a fixture is missing`];
  if (first) return [`${check} is the first to fail, and is listed as one that never is`];
  return kills.length > 0 ? [] : [`${check} fails for no fixture`];
}

function failed(checks: Graded["checks"]): string[] {
  return checks.filter(({ verdict }) => verdict === "fail").map(({ check }) => check);
}
