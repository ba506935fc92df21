import { wasPassed } from "../listening.ts";
import { exited } from "./process.ts";
import { anyOf, both, not, type Sign } from "./sign.ts";
import { complains, says } from "./words.ts";

/** The line that failed reads the command line. */
export const misreadsArguments: Sign = complains(
  /\bargv\b.*\n(?:[ ~^]+\n)?(IndexError: list index out of range|ValueError: ((not enough|too many) values to unpack|invalid literal for int))|\bprocess\.argv\b.*\n\s*\^+\s*TypeError: Cannot (read|destructure)/,
);

const showsArgparse: Sign = complains(/^usage: [\s\S]*: error: /m);

const USAGE =
  /^\W*(\w*Error: )?((usage|penggunaan|pemakaian|cara (pakai|pemakaian|penggunaan|menjalankan))\b.{0,20}|use):/im;
const ANOTHER_ERROR = /^\w+(Error|Exception): (?!usage)|\[Errno|\bE(CONN|ADDR|ACCES|NET|HOST|TIMEDOUT)|refused/im;

/** It says how it wants to be started, and nothing else went wrong. */
const showsUsage = both(says(USAGE), not(says(ANOTHER_ERROR)));

/** JavaScript makes a number even of what is missing. */
const missesItsPort = both(
  complains(/ERR_SOCKET_BAD_PORT.*Received (type number \(NaN\)|undefined)|ERR_MISSING_ARGS.*"port"/),
  not(wasPassed),
);

/** It ended because it was started with other arguments than it wants. */
export const lacksArguments: Sign = both(exited, anyOf(misreadsArguments, showsArgparse, showsUsage, missesItsPort));
