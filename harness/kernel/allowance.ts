import { wantsProcessor } from "./blocked.ts";
import { queuedMs, ranMs, type ThreadTimes, threadTimes } from "./processes.ts";

/** Whoever gets no processor at all is not waited for any longer. */
const AT_MOST_MS = 10_000;

/**
 * Time that processes are given to do something. What they wait for a processor does not count from the middle on, and
 * whoever asks late asks at least once more: neither a busy machine nor a busy Gema uses it up.
 */
export class Allowance {
  readonly #pids: () => readonly number[];
  readonly #limitMs: number;
  readonly #start = performance.now();
  #middle: { at: number; times: ThreadTimes } | undefined;
  #lastAsked: ThreadTimes | undefined;

  constructor(pids: () => readonly number[], limitMs: number) {
    this.#pids = pids;
    this.#limitMs = limitMs;
  }

  get isSpent(): boolean {
    const now = performance.now();
    const half = this.#limitMs / 2;
    if (now - this.#start < half) return false;
    if (now - this.#start > AT_MOST_MS) return true;
    const pids = this.#pids();
    const times = threadTimes(pids);
    // A wait that goes on is in no figure yet.
    const isKeptWaiting = ranMs(times, this.#lastAsked) === 0 && wantsProcessor(pids);
    this.#lastAsked = times;
    this.#middle ??= { at: now, times };
    return !isKeptWaiting && now - this.#middle.at - queuedMs(times, this.#middle.times) > half;
  }
}
