import { PROGRAMS, withPairs } from "../assignment/assignment.ts";
import { loadAssignment } from "../assignment/load.ts";
import { allChecks, inOrder } from "../checks/all-checks.ts";
import { levelOf } from "../grade/requirements.ts";
import { paint, wrap } from "../report/style.ts";
import type { Language, Text } from "../text.ts";
import { styleFor } from "./output.ts";
import { whatWasAsked } from "./what-was-asked.ts";

const WHEN_ASKED: Text = { en: "only when it is asked for", id: "hanya jika diminta" };

/** `gema list`: what an assignment checks, and where it is written that it must be so. */
export async function list(options: { assignment?: string; lang?: Language }): Promise<void> {
  const style = styleFor(process.stdout, options.lang);
  const checks = await allChecks();
  const { assignment: named } = await whatWasAsked(".", options.assignment);
  const assignment = await loadAssignment(named, [...checks.keys()]);
  const asked = PROGRAMS.filter((program) => assignment.programs[program]);
  const lines: string[] = [assignment.title[style.language]];
  for (const program of withPairs(asked)) {
    for (const [id, check] of inOrder(checks, program, assignment.contract)) {
      const level = levelOf(assignment, id, check) ?? WHEN_ASKED[style.language];
      lines.push("", `${paint(style, "bold", id)}  ${level}`, ...wrap(check.title[style.language], style.width, "  "));
      for (const { source, quote } of check.cites) {
        lines.push(...wrap(`${source}: "${quote}"`, style.width, "  ").map((line) => paint(style, "dim", line)));
      }
    }
  }
  process.stdout.write(`${lines.join("\n")}\n`);
}
