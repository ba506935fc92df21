import { EXIT } from "../user-error.ts";

/** By convention, a program that a signal ended gives 128 and the signal's number. */
const SIGNALS = { SIGHUP: 129, SIGINT: EXIT.interrupted, SIGTERM: 143 } as const;

type WayToEnd = () => Promise<void>;

let waysToEnd: readonly WayToEnd[] = [];

/**
 * What is done before this process ends when the user interrupts: the first way at the first signal, the next one should
 * there be another signal meanwhile, and after the last one nothing. The last ones given win.
 */
export function whenInterrupted(...ways: readonly WayToEnd[]): void {
  waysToEnd = ways;
}

/**
 * However this process ends, it ends by `process.exit`, so that the program under test ends with it, and what breaks
 * inside Gema gives exit code 3 and never the 1 of a failed program, which is what Node would give.
 */
export function endInOrder(report: (error: unknown) => number): void {
  let signals = 0;
  for (const [signal, code] of Object.entries(SIGNALS)) {
    process.on(signal, async () => {
      await waysToEnd[signals++]?.().catch(report);
      process.exit(code);
    });
  }
  process.on("uncaughtException", (error) => process.exit(report(error)));
  for (const stream of [process.stdout, process.stderr]) stream.on("error", outputFailed);
}

/** Whoever reads may stop reading, as `head` does: files are written all the same, and the exit code stands. */
function outputFailed(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") return;
  process.stderr.write(`gema: the output could not be written (${error.code})\n`);
  process.exit(EXIT.broken);
}
