import { cpus } from "node:os";

/** Milliseconds that all processors of the machine have worked so far, together. */
export function coreMsSoFar(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.sys + times.nice + times.irq, 0);
}
