import { isIP } from "node:net";
import { isAbsolute, normalize } from "node:path";
import type { AddressPassing, Assignment, MessageRule } from "./assignment.ts";
import { type Problem, suggest, written } from "./problem.ts";

/** What a schema cannot say about an assignment. `knownChecks`: ids of all checks; unknown ones pass without it. */
export function brokenRules(assignment: Assignment, knownChecks?: readonly string[]): Problem[] {
  return [
    ...nothingAsked(assignment),
    ...addressProblems(assignment),
    ...messageProblems(assignment.contract.client.message),
    ...fileProblems(assignment),
    ...repeatedIds(assignment),
    ...(knownChecks === undefined ? [] : unknownChecks(assignment, knownChecks)),
  ];
}

function nothingAsked({ programs, requirements }: Assignment): Problem[] {
  if (Object.keys(programs).length === 0) return [empty("programs", "programs: { tcp-server: {} }")];
  if (requirements.length > 0) return [];
  return [empty("requirements", "requirements: [{ id: echoes, text: ..., points: 10 }]")];
}

function empty(key: string, example: string): Problem {
  return {
    path: [key],
    at: "value",
    what: { en: `The assignment asks for no ${key}.`, id: `Tugas ini tidak berisi ${key}.` },
    help: {
      en: `Add ${example}, or start from a preset: extends: tcp-echo.`,
      id: `Tambahkan ${example}, atau mulai dari preset: extends: tcp-echo.`,
    },
  };
}

function addressProblems({ contract, programs }: Assignment): Problem[] {
  const { address, client } = contract;
  const problems: Problem[] = [];
  if (isIP(address.host) === 0 && address.host !== "localhost") {
    problems.push({
      path: ["address", "host"],
      at: "value",
      what: { en: `${address.host} is no IP address.`, id: `${address.host} bukan alamat IP.` },
      help: { en: "Use 127.0.0.1, ::1 or localhost.", id: "Pakai 127.0.0.1, ::1, atau localhost." },
    });
  } else if (address.reach === "network" && address.host !== "0.0.0.0" && address.host !== "::") {
    problems.push({
      path: ["address", "host"],
      at: "value",
      what: {
        en: `With reach: network a server listens on every address of its host, not on ${address.host} alone.`,
        id: `Dengan reach: network, server listen di semua alamat host-nya, bukan hanya di ${address.host}.`,
      },
      help: { en: "Use 0.0.0.0 or ::, or leave host out.", id: "Pakai 0.0.0.0 atau ::, atau hapus host." },
    });
  }
  problems.push(...passingProblems(["address", "passed"], address.passed, programs));
  if (client.passed) problems.push(...passingProblems(["client", "passed"], client.passed, programs));
  return problems;
}

function passingProblems(path: readonly string[], passed: AddressPassing, programs: Assignment["programs"]): Problem[] {
  const problems: Problem[] = [];
  if (passed.by !== "fixed" && !templatesOf(passed).some((part) => part.includes("{port}"))) {
    problems.push(lacksBlank(path, "{port}"));
  }
  if (passed.by === "command" && Object.keys(programs).length > 1) {
    problems.push({
      path,
      at: "value",
      what: { en: "One command cannot start two programs.", id: "Satu perintah tidak bisa menjalankan dua program." },
      help: { en: "Ask for one program under programs.", id: "Minta satu program saja di bawah programs." },
    });
  }
  return problems;
}

function messageProblems(message: MessageRule): Problem[] {
  if (message.by === "fixed" || templatesOf(message).some((part) => part.includes("{message}"))) return [];
  return [lacksBlank(["client", "message"], "{message}")];
}

function templatesOf(rule: AddressPassing | MessageRule): readonly string[] {
  switch (rule.by) {
    case "fixed":
      return [];
    case "argv":
    case "flags":
      return rule.args;
    case "env":
      return Object.values(rule.variables);
    case "stdin":
      return rule.lines;
    case "command":
      return rule.command;
    default:
      return rule satisfies never;
  }
}

function lacksBlank(path: readonly string[], blank: string): Problem {
  return {
    path,
    at: "value",
    what: {
      en: `${written(path)} holds no ${blank}, so the program would never learn it.`,
      id: `${written(path)} tidak berisi ${blank}, sehingga program tidak akan mengetahuinya.`,
    },
    help: { en: `Write ${blank} where the value belongs.`, id: `Tulis ${blank} di tempat nilainya.` },
  };
}

function fileProblems({ programs }: Assignment): Problem[] {
  return Object.entries(programs).flatMap(([program, { file }]) => {
    if (file === undefined || !(isAbsolute(file) || normalize(file).startsWith(".."))) return [];
    return [
      {
        path: ["programs", program, "file"],
        at: "value",
        what: { en: `${file} lies outside of a submission.`, id: `${file} berada di luar folder tugas.` },
        help: { en: "Write it relative to the submission.", id: "Tulis relatif terhadap folder tugas." },
      },
    ];
  });
}

function repeatedIds({ requirements }: Assignment): Problem[] {
  return requirements.flatMap(({ id }, index) => {
    const first = requirements.findIndex((other) => other.id === id);
    if (first === index) return [];
    return [
      {
        path: ["requirements", index, "id"],
        at: "value",
        what: {
          en: `Requirement ${id} exists already, as number ${first + 1} of the list.`,
          id: `Requirement ${id} sudah ada, di urutan ${first + 1} dalam daftar.`,
        },
        help: { en: "Give each requirement an id of its own.", id: "Beri setiap requirement id yang berbeda." },
      },
    ];
  });
}

function unknownChecks({ requirements }: Assignment, knownChecks: readonly string[]): Problem[] {
  return requirements.flatMap(({ checks = [] }, index) =>
    checks.flatMap((check, position): Problem[] => {
      if (knownChecks.includes(check)) return [];
      return [
        {
          path: ["requirements", index, "checks", position],
          at: "value",
          what: { en: `There is no check ${check}.`, id: `Tidak ada check ${check}.` },
          help: suggest(check, knownChecks),
        },
      ];
    }),
  );
}
