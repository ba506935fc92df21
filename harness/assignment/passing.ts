import type { AddressPassing, Contract, MessageRule, Role } from "./assignment.ts";

/** What a program is given at its start so that it knows its address and, for a client, its message. */
export interface GivenAtStart {
  /** Arguments after the program's own. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Without line ends, in the order in which they are typed. */
  readonly stdinLines: readonly string[];
  /** What a person types once the message is answered, such as `quit`. */
  readonly laterLines: readonly string[];
  /** Takes the place of the usual command; `args` still come after it. */
  readonly command?: readonly string[];
}

export interface Blanks {
  readonly host: string;
  readonly port: number;
  /** Left out for a server. */
  readonly message?: string;
}

const NOTHING: GivenAtStart = { args: [], env: {}, stdinLines: [], laterLines: [] };

/** How a program of this role learns its address. */
export function passedTo(role: Role, { address, client }: Contract): AddressPassing {
  return (role === "client" ? client.passed : undefined) ?? address.passed;
}

/** Fills in what a server is given at its start. */
export function givenToServer(contract: Contract, blanks: Blanks): GivenAtStart {
  return givenAddress(passedTo("server", contract), blanks);
}

/** Fills in what a client is given: its address first, then its message, unless a whole command holds that already. */
export function givenToClient(contract: Contract, blanks: Blanks): GivenAtStart {
  const passed = passedTo("client", contract);
  const address = givenAddress(passed, blanks);
  if (passed.by === "command" && passed.command.some((part) => part.includes("{message}"))) return address;
  const words = givenMessage(contract.client.message, blanks);
  return {
    ...address,
    args: [...address.args, ...words.args],
    stdinLines: [...address.stdinLines, ...words.stdinLines],
    laterLines: words.laterLines,
  };
}

/** Whether a program is told the host, and not only the port. */
export function tellsHost(passed: AddressPassing): boolean {
  return JSON.stringify(passed).includes("{host}");
}

function givenAddress(passed: AddressPassing, blanks: Blanks): GivenAtStart {
  switch (passed.by) {
    case "fixed":
      return NOTHING;
    case "argv":
    case "flags":
      return { ...NOTHING, args: fillAll(passed.args, blanks) };
    case "env":
      return { ...NOTHING, env: fillValues(passed.variables, blanks) };
    case "stdin":
      return { ...NOTHING, stdinLines: fillAll(passed.lines, blanks) };
    case "command":
      return { ...NOTHING, command: fillAll(passed.command, blanks) };
    default:
      return passed satisfies never;
  }
}

function givenMessage(message: MessageRule, blanks: Blanks): GivenAtStart {
  switch (message.by) {
    case "fixed":
      return NOTHING;
    case "argv":
      return { ...NOTHING, args: fillAll(message.args, blanks) };
    case "stdin":
      return { ...NOTHING, ...typedIn(message.lines, blanks) };
    default:
      return message satisfies never;
  }
}

function typedIn(lines: readonly string[], blanks: Blanks): Pick<GivenAtStart, "stdinLines" | "laterLines"> {
  const end = lines.findLastIndex((line) => line.includes("{message}")) + 1 || lines.length;
  return { stdinLines: fillAll(lines.slice(0, end), blanks), laterLines: fillAll(lines.slice(end), blanks) };
}

function fillAll(templates: readonly string[], blanks: Blanks): string[] {
  return templates.map((template) => fill(template, blanks));
}

function fillValues(templates: Readonly<Record<string, string>>, blanks: Blanks): Record<string, string> {
  return Object.fromEntries(Object.entries(templates).map(([name, template]) => [name, fill(template, blanks)]));
}

/** One pass, so that a message which holds `{port}` stays as it is. A blank without a value stays as it is, too. */
function fill(template: string, { host, port, message }: Blanks): string {
  return template.replace(/\{(host|port|message)\}/g, (blank) => {
    if (blank === "{host}") return host;
    return blank === "{port}" ? String(port) : (message ?? blank);
  });
}
