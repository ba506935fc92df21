import type { Assignment, Requirement } from "../assignment/assignment.ts";
import { EXPLORATION } from "../checks/conversation-plan.ts";

const ASKED: Requirement = {
  id: "explored",
  text: {
    en: "No conversation was found in which the server does not echo.",
    id: "Tidak ditemukan percakapan yang membuat server gagal melakukan echo.",
  },
  level: "must",
  points: 0,
  checks: [EXPLORATION],
};

interface Asked {
  readonly only?: readonly string[];
  readonly explore?: true | number;
}

/** The assignment and the selection with the exploration in them, where it was asked for; it costs no points then. */
export function exploring(
  assignment: Assignment,
  { only, explore }: Asked,
): { readonly assignment: Assignment; readonly only: readonly string[] | undefined } {
  const asked = explore !== undefined || only?.includes(EXPLORATION);
  if (!asked) return { assignment, only };
  const listed = assignment.requirements.some(({ checks }) => checks?.includes(EXPLORATION));
  return {
    assignment: {
      ...assignment,
      requirements: listed ? assignment.requirements : [...assignment.requirements, ASKED],
      limits: { ...assignment.limits, ...(typeof explore === "number" && { exploreSeconds: explore }) },
    },
    only: only && [...new Set([...only, EXPLORATION])],
  };
}
