/**
 * How long Gema waits where silence cannot be proved. On loopback an answer takes well under a millisecond, so three
 * seconds are generous; should a deadline ever be about to decide, the machine is measured first, once a run.
 */
const REPLY_MS = 3_000;
/** What a program may compute before it does anything. A processor's time is the same on a busy machine. */
const RUN_MS = 2_000;
/** An answer may take this many times as long as the reference server's slowest answer just now. */
const TIMES_THE_REFERENCE = 200;
/**
 * No more than this is waited on the slowest machine, so that a program for whom it is waited in vain again and again is
 * told before its time is up. What a program waits for a processor does not count anyway.
 */
const REPLY_AT_MOST_MS = 12_000;

export class Patience {
  readonly #calibrate: () => Promise<number>;
  readonly #factor: number;
  readonly #shared: { slowestMs: number; measured: Promise<number> | undefined };
  readonly #endsAt: number;

  /**
   * @param calibrate measures the slowest of some echoes of the reference server, in milliseconds
   * @param endsAt when all patience ends, of `performance.now()`
   */
  constructor(
    calibrate: () => Promise<number>,
    factor = 1,
    shared: { slowestMs: number; measured: Promise<number> | undefined } = { slowestMs: 0, measured: undefined },
    endsAt = Number.POSITIVE_INFINITY,
  ) {
    this.#calibrate = calibrate;
    this.#factor = factor;
    this.#shared = shared;
    this.#endsAt = endsAt;
  }

  /** From then on nothing is waited for. */
  get isOver(): boolean {
    return performance.now() > this.#endsAt;
  }

  /** Milliseconds without any progress after which an answer is late. */
  get replyMs(): number {
    const onThisMachine = Math.max(REPLY_MS, this.#shared.slowestMs * TIMES_THE_REFERENCE);
    return this.#factor * Math.min(onThisMachine, REPLY_AT_MOST_MS);
  }

  /** Milliseconds of a processor's time after which an answer is late. No load changes them: confirming takes no more. */
  get runMs(): number {
    return RUN_MS * Math.min(1, this.#factor);
  }

  /** For confirming a failure: the same measurements, twice the time. */
  longer(): Patience {
    return this.#with(this.#factor * 2, this.#endsAt);
  }

  /** For looking once more at a failure that stands: the same measurements, a third of the time. */
  shorter(): Patience {
    return this.#with(this.#factor / 3, this.#endsAt);
  }

  /** The same, for this many milliseconds. */
  forMs(ms: number): Patience {
    return this.#with(this.#factor, performance.now() + ms);
  }

  #with(factor: number, endsAt: number): Patience {
    return new Patience(this.#calibrate, factor, this.#shared, endsAt);
  }

  /** Measures the machine, once a run. `true` when that made the deadline longer. */
  async reconsider(): Promise<boolean> {
    const before = this.replyMs;
    this.#shared.measured ??= this.#calibrate();
    this.#shared.slowestMs = await this.#shared.measured;
    return this.replyMs > before;
  }
}
