import * as z from "zod";
import type { PROGRAMS } from "./assignment.ts";

const kebab = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);
const text = z
  .union([z.string().min(1), z.strictObject({ en: z.string().min(1), id: z.string().min(1) })])
  .describe("One sentence for both languages, or one for each: en and id.");
const templates = z.array(z.string()).min(1);
const variables = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string());

const passed = z.union([
  z.enum(["fixed", "argv", "flags", "env", "stdin"]),
  z.discriminatedUnion("by", [
    z.strictObject({ by: z.literal("fixed") }),
    z.strictObject({ by: z.literal("argv"), args: templates.describe("May hold {host} and {port}.") }),
    z.strictObject({ by: z.literal("flags"), args: templates.describe("May hold {host} and {port}.") }),
    z.strictObject({ by: z.literal("env"), variables: variables.describe("Values may hold {host} and {port}.") }),
    z.strictObject({ by: z.literal("stdin"), lines: templates.describe("Typed at the program's prompts.") }),
    z.strictObject({
      by: z.literal("command"),
      command: templates.describe("A whole command; may hold {host}, {port} and, for a client, {message}."),
    }),
  ]),
]);

const message = z.union([
  z.enum(["fixed", "argv", "stdin"]),
  z.discriminatedUnion("by", [
    z.strictObject({ by: z.literal("fixed"), text: z.string().min(1).optional() }),
    z.strictObject({ by: z.literal("argv"), args: templates.describe("May hold {message}.") }),
    z.strictObject({
      by: z.literal("stdin"),
      lines: templates.describe(
        "May hold {message}. Lines after that one, such as quit, are typed once it was answered.",
      ),
    }),
  ]),
]);

const address = z.strictObject({
  host: z.string().min(1).optional().describe("An IPv4 or IPv6 address, or localhost. Default 127.0.0.1."),
  port: z.int().min(1).max(65535).optional().describe("The port. Default 5000."),
  passed: passed.optional().describe("How the program learns its address. Default fixed: it stands in the program."),
  dualStack: z.boolean().optional().describe("The server must answer over IPv4 and over IPv6. Default false."),
  reach: z
    .enum(["host", "network"])
    .optional()
    .describe("network: programs on another host are met, too; host is then 0.0.0.0 or ::. Default host."),
});

const client = z.strictObject({
  passed: passed.optional().describe("How the client learns its address, where that is not as address.passed says."),
  message: message.optional().describe("How the message is chosen. Default fixed: it stands in the program."),
  printsReply: z.boolean().optional().describe("The client must show the reply on stdout. Default true."),
  mustTimeOut: z
    .boolean()
    .optional()
    .describe(
      "The client must give up when no reply comes: say so, and end with an exit code other than 0. Default false.",
    ),
});

const program = z.strictObject({
  file: z.string().min(1).optional().describe("Relative to the submission; found by its name when left out."),
});

const programs = z.strictObject({
  "tcp-server": program.optional(),
  "tcp-client": program.optional(),
  "udp-server": program.optional(),
  "udp-client": program.optional(),
} satisfies Record<(typeof PROGRAMS)[number], unknown>);

const limits = z.strictObject({
  startSeconds: z.number().min(10).max(600).optional().describe("Seconds until a program listens. Default 10."),
  keptOutputBytes: z
    .int()
    .min(1024)
    .max(16 * 1024 * 1024)
    .optional()
    .describe("Bytes kept of each of stdout and stderr. Default 65536."),
  exploreSeconds: z
    .number()
    .min(1)
    .max(3600)
    .optional()
    .describe("Seconds that tcp-server/echoes-in-any-conversation explores. Default: a fixed number of conversations."),
});

const requirement = z.strictObject({
  id: kebab,
  text,
  level: z.enum(["must", "should", "info"]).optional().describe("Gives every check below this level."),
  points: z.number().min(0),
  checks: z.array(z.string()).min(1).optional().describe("Ids of checks; default: those that name this requirement."),
});

/** The one definition of an assignment's YAML file: validation and the JSON Schema both come from it. */
export const assignmentFile = z
  .strictObject({
    extends: z.string().optional().describe("The name of a preset that gives whatever is left out here."),
    name: kebab.optional(),
    title: text.optional(),
    contract: z
      .enum(["one-shot", "stream"])
      .optional()
      .describe(
        "one-shot: one receive and one echo a connection. stream: every byte until the client ends. Default stream.",
      ),
    concurrent: z.boolean().optional().describe("A silent client must not keep the others waiting. Default false."),
    bufferBytes: z
      .int()
      .min(1)
      .optional()
      .describe("The largest one-shot message or UDP datagram in bytes. Default 65535."),
    address: address.optional(),
    client: client.optional(),
    programs: programs.optional().describe("The programs that are asked for. Takes the place of the preset's."),
    limits: limits.optional(),
    submission: z
      .strictObject({
        nodeModules: z
          .string()
          .min(1)
          .optional()
          .describe(
            "A node_modules folder that programs may import from; relative to this file. Nothing is installed.",
          ),
      })
      .optional(),
    requirements: z.array(requirement).optional().describe("Takes the place of the preset's."),
  })
  .describe("An assignment for gema");

/** An assignment as it is written down: shorthands allowed, almost everything optional. */
export type AssignmentFile = z.input<typeof assignmentFile>;
export type PassedShorthand = Extract<z.input<typeof passed>, string>;
export type MessageShorthand = Extract<z.input<typeof message>, string>;
