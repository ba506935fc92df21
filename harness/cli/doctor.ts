import { harmless } from "../report/harmless.ts";
import { paint, type TerminalStyle, wrap } from "../report/style.ts";
import type { Language, Text } from "../text.ts";
import { EXIT } from "../user-error.ts";
import type { Finding, State } from "./doctor/finding.ts";
import { clockFinding, conclusion, machineFindings, reachedIsolation, trialFinding } from "./doctor/findings.ts";
import { lookAround, watchClock } from "./doctor/look.ts";
import { trials } from "./doctor/trial.ts";
import { styleFor } from "./output.ts";

/** `gema doctor`: what this machine has, what it lacks and how to get it, proved by grading a server that is correct. */
export async function doctor(options: { lang?: Language }): Promise<void> {
  const style = styleFor(process.stdout, options.lang);
  const told: Finding[] = [];
  const tell = (finding: Finding): void => {
    told.push(finding);
    process.stdout.write(`${render(finding, style).join("\n")}\n`);
  };
  const clock = watchClock();
  const look = await lookAround();
  const reached = reachedIsolation(look.machine);
  for (const finding of machineFindings(look.machine)) tell(finding);
  for await (const trial of trials(look)) tell(trialFinding(trial, reached));
  tell(clockFinding(clock()));
  process.stdout.write("\n");
  tell(conclusion(told, reached));
  process.exitCode = told.some(({ state }) => state === "problem") ? EXIT.broken : EXIT.passed;
}

const MARKS = {
  ok: { symbol: "✓", format: "green" },
  warning: { symbol: "!", format: "yellow" },
  problem: { symbol: "✗", format: "red" },
} as const satisfies Record<State, object>;

const TO_DO: Text = { en: "to do: ", id: "solusi: " };

function render({ state, words, remedies }: Finding, style: TerminalStyle): string[] {
  const { language, width } = style;
  const { symbol, format } = MARKS[state];
  const [first = "", ...rest] = wrap(harmless(words[language]), width, `${symbol} `, "  ");
  return [
    paint(style, format, symbol) + first.slice(symbol.length),
    ...rest,
    ...remedies.flatMap((one) => [
      ...wrap(`${TO_DO[language]}${one.words[language]}`, width, "  ", "    "),
      // Whole, so that it can be copied.
      ...(one.run === undefined ? [] : [`    ${one.run}`]),
    ]),
  ];
}
