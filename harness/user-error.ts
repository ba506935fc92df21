import type { Text } from "./text.ts";

/** Process exit codes of `gema`; CI systems and scripts rely on them. */
export const EXIT = {
  passed: 0,
  failed: 1,
  inconclusive: 2,
  broken: 3,
  usage: 64,
  /** EX_DATAERR of sysexits.h: each result may be right, but together they are no class. */
  unmergeable: 65,
  /** By Ctrl-C, as shells have it: 128 and the number of SIGINT. */
  interrupted: 130,
} as const;

export interface Place {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column?: number;
}

/** All that makes such an error; plain data, so that it can go from one process to another. */
export interface UserErrorOptions {
  /** Stable kebab-case name of the error, for scripts and tests. */
  readonly code: string;
  readonly what: Text;
  /** The way out. */
  readonly help: Text;
  readonly place?: Place;
  readonly exit?: typeof EXIT.broken | typeof EXIT.usage | typeof EXIT.unmergeable;
}

/** An error that the user of Gema caused and can mend: it is shown without a stack. */
export class UserError extends Error {
  readonly code: string;
  readonly what: Text;
  readonly help: Text;
  readonly place: Place | undefined;
  readonly exit: NonNullable<UserErrorOptions["exit"]>;

  constructor({ code, what, help, place, exit = EXIT.usage }: UserErrorOptions) {
    super(what.en);
    this.name = "UserError";
    this.code = code;
    this.what = what;
    this.help = help;
    this.place = place;
    this.exit = exit;
  }

  toOptions(): UserErrorOptions {
    const { code, what, help, place, exit } = this;
    return { code, what, help, exit, ...(place && { place }) };
  }
}
