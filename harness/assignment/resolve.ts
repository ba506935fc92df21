import type { Text } from "../text.ts";
import {
  type AddressPassing,
  type AddressRule,
  type Assignment,
  type Limits,
  type MessageRule,
  PROGRAMS,
  type Requirement,
} from "./assignment.ts";
import { onlyAbout } from "./presets/requirements.ts";
import type { AssignmentFile, MessageShorthand, PassedShorthand } from "./schema.ts";

/** What is left when neither the file nor a preset says anything. */
export const DEFAULTS: Assignment = {
  name: "assignment",
  title: { en: "Assignment", id: "Tugas" },
  programs: {},
  contract: {
    kind: "stream",
    concurrent: false,
    bufferBytes: 65535,
    address: { host: "127.0.0.1", port: 5000, passed: { by: "fixed" } },
    client: { message: { by: "fixed" }, printsReply: true, mustTimeOut: false },
  },
  requirements: [],
  limits: { startSeconds: 10, keptOutputBytes: 65536 },
};

const PASSED: Readonly<Record<PassedShorthand, AddressPassing>> = {
  fixed: { by: "fixed" },
  argv: { by: "argv", args: ["{host}", "{port}"] },
  flags: { by: "flags", args: ["--host", "{host}", "--port", "{port}"] },
  env: { by: "env", variables: { HOST: "{host}", PORT: "{port}" } },
  stdin: { by: "stdin", lines: ["{host}", "{port}"] },
};

const MESSAGE: Readonly<Record<MessageShorthand, MessageRule>> = {
  fixed: { by: "fixed" },
  argv: { by: "argv", args: ["{message}"] },
  stdin: { by: "stdin", lines: ["{message}"] },
};

/** Fills in what the file leaves out from `base` and writes its shorthands out. */
export function resolve(file: AssignmentFile, base: Assignment): Assignment {
  const programs = file.programs === undefined ? base.programs : programsOf(file.programs);
  const nodeModules = file.submission?.nodeModules ?? base.nodeModules;
  const asked = PROGRAMS.filter((program) => programs[program] !== undefined);
  return {
    name: file.name ?? base.name,
    title: file.title === undefined ? base.title : textOf(file.title),
    programs,
    contract: contractOf(file, base.contract),
    requirements: file.requirements?.map(requirementOf) ?? onlyAbout(asked, base.requirements),
    limits: limitsOf(file, base.limits),
    ...(nodeModules !== undefined && { nodeModules }),
  };
}

function contractOf(file: AssignmentFile, base: Assignment["contract"]): Assignment["contract"] {
  const { address = {}, client = {} } = file;
  // Whoever writes down how the address is passed means both programs, unless the client has a line of its own.
  const passed = passedOf(client.passed) ?? (address.passed === undefined ? base.client.passed : undefined);
  return {
    kind: file.contract ?? base.kind,
    concurrent: file.concurrent ?? base.concurrent,
    bufferBytes: file.bufferBytes ?? base.bufferBytes,
    address: addressOf(address, base.address),
    client: {
      message: messageOf(client.message) ?? base.client.message,
      printsReply: client.printsReply ?? base.client.printsReply,
      mustTimeOut: client.mustTimeOut ?? base.client.mustTimeOut,
      ...(passed !== undefined && { passed }),
    },
  };
}

function addressOf(written: NonNullable<AssignmentFile["address"]>, base: AddressRule): AddressRule {
  const { dualStack = base.dualStack, reach = base.reach } = written;
  const usualHost = written.reach === "network" ? "0.0.0.0" : base.host;
  return {
    host: written.host ?? usualHost,
    port: written.port ?? base.port,
    passed: passedOf(written.passed) ?? base.passed,
    ...(dualStack !== undefined && { dualStack }),
    ...(reach !== undefined && { reach }),
  };
}

function limitsOf({ limits = {} }: AssignmentFile, base: Limits): Limits {
  const exploreSeconds = limits.exploreSeconds ?? base.exploreSeconds;
  return {
    startSeconds: limits.startSeconds ?? base.startSeconds,
    keptOutputBytes: limits.keptOutputBytes ?? base.keptOutputBytes,
    ...(exploreSeconds !== undefined && { exploreSeconds }),
  };
}

function programsOf(programs: NonNullable<AssignmentFile["programs"]>): Assignment["programs"] {
  const entries = PROGRAMS.flatMap((program) => {
    const rule = programs[program];
    if (rule === undefined) return [];
    return [[program, rule.file === undefined ? {} : { file: rule.file }]];
  });
  return Object.fromEntries(entries);
}

function requirementOf(written: NonNullable<AssignmentFile["requirements"]>[number]): Requirement {
  const { id, points, level, checks } = written;
  return {
    id,
    text: textOf(written.text),
    points,
    ...(level === undefined ? {} : { level }),
    ...(checks === undefined ? {} : { checks }),
  };
}

function textOf(written: string | Text): Text {
  return typeof written === "string" ? { en: written, id: written } : written;
}

type Written<T> = T | undefined;

function passedOf(written: Written<NonNullable<AssignmentFile["address"]>["passed"]>): AddressPassing | undefined {
  return typeof written === "string" ? PASSED[written] : written;
}

function messageOf(written: Written<NonNullable<AssignmentFile["client"]>["message"]>): MessageRule | undefined {
  if (typeof written === "string") return MESSAGE[written];
  if (written?.by !== "fixed") return written;
  return written.text === undefined ? { by: "fixed" } : { by: "fixed", text: written.text };
}
