import { sends } from "../kernel/blocked.ts";
import { sha256 } from "../wire/payload.ts";
import type { Probe } from "../wire/probe.ts";
import type { ClientScene } from "./check.ts";
import { answerOneself, hasEnded, unread } from "./client-talk.ts";
import { firstDifference, last } from "./reading.ts";
import { socketOf } from "./short-write.ts";

/** A client that neither sleeps nor sends for this many milliseconds is computing or polling. */
const BUSY_MS = 300;

/**
 * A server with one small buffer: it reads on only when the client has taken the echo of what was read before. In
 * one-shot it reads the whole message first, as a single large receive would. Bytes are written down as digests.
 */
export class LockstepEcho {
  readonly #scene: ClientScene;
  readonly probe: Probe;
  readonly #heard: Buffer[] = [];
  #stalls: boolean;

  /** @param options.stalls whether it stops reading when a piece has come, until it has sent that back */
  constructor(scene: ClientScene, probe: Probe, options = { stalls: scene.contract.kind === "stream" }) {
    this.#scene = scene;
    this.probe = probe;
    this.#stalls = options.stalls;
    answerOneself(probe);
    probe.takeOver((chunk) => {
      this.#heard.push(Buffer.from(chunk));
      if (this.#stalls) probe.stall();
    });
  }

  /** The client has said something on this connection. */
  get begun(): boolean {
    return this.#heard.length > 0;
  }

  /** Reads as much as this, or until the client has sent what it will, before anything is sent back; never stops again. */
  async hear(total: number): Promise<void> {
    const { conversation } = this.#scene;
    const probe = this.probe;
    this.#stalls = false;
    probe.drain();
    const over = (): boolean => probe.received >= total || probe.over;
    for (let before = -1; probe.received > before && !over(); ) {
      before = probe.received;
      const underWay = (): boolean => (socketOf(probe)?.txQueue ?? 0) > 0;
      await conversation.until(() => over() || !underWay(), { progress: () => probe.received });
      await conversation.allSaid();
    }
  }

  /** Echoes until nothing more comes, and writes down how that compares with `message`. */
  async run(message: Buffer): Promise<void> {
    const { contract, conversation } = this.#scene;
    const stream = contract.kind === "stream";
    do {
      await this.#more(stream ? this.probe.sent + 1 : message.length);
      if (!stream) await conversation.rest(BUSY_MS);
      // A client that says more than its message, and its line end, may go on for ever.
    } while (
      this.probe.received > this.probe.sent &&
      (await this.#sendBack()) &&
      stream &&
      this.probe.sent < 2 * message.length
    );
    if (!stream) this.probe.halfClose();
    else if (this.#sentAll()) await this.hear(message.length);
    if (hasEnded(this.#scene)) await this.#more(message.length);
    this.#writeDown(message);
  }

  /** Nobody waits in a send: what the client does not take is its reply, and its message is on its way to us. */
  #sentAll(): boolean {
    const silence = last(this.#scene.conversation.recorder.events, "silent");
    return silence?.proved === true && !silence.blocked.some(({ call }) => sends(call));
  }

  /** Of a client that is gone, what it sent before is still on its way, and its FIN or RST after that. */
  async #more(total: number): Promise<void> {
    const probe = this.probe;
    const done = (): boolean => probe.received >= total || probe.over;
    await this.#scene.conversation.until(done, { progress: () => probe.received });
  }

  /** `false` when the client does not take it: it stands still or is gone. */
  async #sendBack(): Promise<boolean> {
    const { conversation } = this.#scene;
    const probe = this.probe;
    probe.sendUnrecorded(Buffer.concat(this.#heard).subarray(probe.sent));
    let lying = probe.unsent;
    const done = (): boolean => {
      lying = unread(probe) ?? probe.unsent;
      return lying === 0 || probe.wasReset || hasEnded(this.#scene);
    };
    const outcome = await conversation.until(done, { progress: () => -lying });
    probe.drain();
    return outcome === "met" && lying === 0 && !probe.wasReset;
  }

  #writeDown(message: Buffer): void {
    const { recorder } = this.#scene.conversation;
    const { name: peer, sent } = this.probe;
    const heard = Buffer.concat(this.#heard);
    const common = Math.min(heard.length, message.length);
    const difference = firstDifference(message.subarray(0, common), heard.subarray(0, common)) ?? null;
    this.probe.takeOver(undefined);
    recorder.add({ type: "measured", what: "body-bytes", value: message.length });
    recorder.add({ type: "body-received", peer, length: heard.length, sha256: sha256(heard), difference });
    recorder.add({ type: "body-sent", peer, length: sent, sha256: sha256(heard.subarray(0, sent)) });
  }
}
