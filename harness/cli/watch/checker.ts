import type { SubmissionResult } from "../../grade/result.ts";
import type { CheckOrder, SlotNews } from "../../grade/slot-messages.ts";
import { LIMIT_MS } from "../../grade/time-limits.ts";
import { resultFrom } from "../check.ts";
import { broken } from "../slots.ts";
import { type GemaSlot, newSlot } from "../surroundings.ts";

/** One that works and one for when its work is ended half-way: a slot takes a fifth of a second to start. */
const KEPT_READY = 2;

/** Carries out one order at a time. What is under way can be ended at any moment, with every process of it. */
export class Checker {
  readonly #world: readonly string[];
  /** The first has worked before, and knows how fast this machine is. */
  readonly #ready: GemaSlot[] = [];
  #busy: GemaSlot | undefined;
  #ending: Promise<void> = Promise.resolve();

  /** @param world how to start slots; empty where they are processes among all others */
  constructor(world: readonly string[]) {
    this.#world = world;
    this.#ready.push(newSlot(world, true));
  }

  /**
   * @returns undefined when it was ended half-way
   * @throws UserError what the user has to mend first
   */
  async check(order: CheckOrder, hear: (news: SlotNews) => void): Promise<SubmissionResult | undefined> {
    const slot = this.#ready.shift() ?? newSlot(this.#world, true);
    this.#busy = slot;
    const answer = await slot.ask(order, LIMIT_MS, hear).catch(broken);
    if (this.#busy !== slot) return undefined;
    this.#busy = undefined;
    if ("refused" in answer || ("used" in answer && !answer.used)) this.#ready.unshift(slot);
    else await slot.close();
    this.#refill();
    return resultFrom(answer);
  }

  /** Ends what is under way, and returns once all its processes are gone. */
  abort(): Promise<void> {
    if (this.#busy) {
      this.#ending = this.#busy.close();
      this.#busy = undefined;
      this.#refill();
    }
    return this.#ending;
  }

  async close(): Promise<void> {
    await this.abort();
    await Promise.all(this.#ready.splice(0).map((slot) => slot.close()));
  }

  #refill(): void {
    while (this.#ready.length < KEPT_READY) this.#ready.push(newSlot(this.#world, true));
  }
}
