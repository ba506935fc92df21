import { createHash } from "node:crypto";
import { connectionEnds } from "../kernel/socket-table.ts";
import type { Conversation, Outcome } from "./conversation.ts";
import { sha256 } from "./payload.ts";
import type { Probe } from "./probe.ts";
import { unreadBytes } from "./silence.ts";
import type { BodyDifference } from "./transcript.ts";

const CHUNK = 1 << 16;
/** A good length of a pattern: a prime number, so that a buffer lost or sent twice never looks like no loss. */
export const PATTERN_BYTES = 1_048_583;
const WINDOW = 16;
/** Between two looks at whether a program that is not read from has gone to sleep. */
const LOOK_MS = 5;
/** A program that has read everything takes more, though the kernel may ask again only after 200 ms (RFC 9293 section 3.8.6.1). */
const LOOKS_UNTIL_OPEN = 60;

/** Whoever has collected megabytes and copies them for each piece that it sends is at work for seconds. */
const COPIES_MS = 10_000;

/** Of bodies sent before, by their pattern and length: no more than a few for each submission, and most have the same. */
const digests = new Map<string, string>();

/** What is kept of bytes that are too many to store. */
class Summary {
  readonly #hash = createHash("sha256");
  /** How often each of the 256 occurs. */
  readonly #counts = new Uint32Array(256);

  add(bytes: Buffer, times = 1): this {
    for (let nth = 0; nth < times; nth++) this.#hash.update(bytes);
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      this.#counts[byte] = (this.#counts[byte] ?? 0) + times;
    }
    return this;
  }

  /** The other one holds the same bytes, in whatever order. */
  holdsAsMany(other: Summary): boolean {
    return this.#counts.every((count, byte) => count === other.#counts[byte]);
  }

  /** SHA-256 in hexadecimal; nothing can be added then. */
  digest(): string {
    return this.#hash.digest("hex");
  }
}

/** A large body on its way to the subject and back, compared byte by byte as it returns, never stored. */
export class BodyExchange {
  readonly #conversation: Conversation;
  readonly #probe: Probe;
  readonly #pattern: Buffer;
  /** Of what was received, once it differs from what was sent. */
  #differing: Summary | undefined;
  #difference: BodyDifference | null = null;
  #sent = 0;
  #received = 0;

  /** @param pattern the body, repeated when more is sent than it holds */
  constructor(conversation: Conversation, probe: Probe, pattern: Buffer) {
    this.#conversation = conversation;
    this.#probe = probe;
    this.#pattern = pattern;
    probe.takeOver((chunk) => this.#compare(chunk));
  }

  get sent(): number {
    return this.#sent;
  }

  get received(): number {
    return this.#received;
  }

  /** Sends until `total` bytes are sent in all, as fast as the kernel takes them. */
  async send(total: number): Promise<Outcome> {
    while (this.#sent < total) {
      if (this.#probe.over && !this.#probe.ended) return "silent";
      this.#sendChunk(total);
      const outcome = await this.#written();
      if (outcome !== "met") return outcome;
    }
    return "met";
  }

  /** At most one chunk waits in Node, so what counts as sent is in the kernel but for that. */
  #written(): Promise<Outcome> | Outcome {
    const done = (): boolean => this.#probe.unsent === 0 || this.#probe.wasReset || this.#probe.closed;
    return done() ? "met" : this.#conversation.until(done, { progress: () => this.#received - this.#probe.unsent });
  }

  /** Sends until `total` bytes are sent in all, or the kernel takes no more and the subject sleeps over it. */
  async fill(total: number): Promise<void> {
    const { recorder, rest } = this.#conversation;
    while (this.#sent < total && !this.#probe.over) {
      this.#sendChunk(total);
      for (let stuck = 0; this.#probe.unsent > 0 && !this.#probe.wasReset; ) {
        const [unsent, output] = [this.#probe.unsent, recorder.outputLength];
        const happened = await recorder.change(LOOK_MS);
        await rest();
        // Who sleeps over what it prints goes on as soon as that is read.
        const goesOn = happened || this.#probe.unsent < unsent || recorder.outputLength > output;
        stuck = goesOn ? 0 : stuck + 1;
        if (stuck >= (this.#unread() === 0 ? LOOKS_UNTIL_OPEN : 2)) return;
      }
    }
  }

  /** What lies in the program's socket; `undefined` where the kernel cannot be asked. */
  #unread(): number | undefined {
    const { local, remote } = this.#probe;
    if (process.platform !== "linux" || !local || !remote) return undefined;
    const { theirs } = connectionEnds(local, remote);
    return theirs && unreadBytes(theirs);
  }

  #sendChunk(total: number): void {
    const from = this.#sent % this.#pattern.length;
    const chunk = this.#pattern.subarray(from, Math.min(from + CHUNK, this.#pattern.length, from + total - this.#sent));
    this.#probe.sendUnrecorded(chunk);
    this.#sent += chunk.length;
  }

  /** Waits until all that was sent has come back. */
  async receive(): Promise<Outcome> {
    const done = (): boolean => this.#received >= this.#sent || this.#probe.over;
    // Who prints all that comes is at work also while nothing comes back.
    const { recorder } = this.#conversation;
    const progress = (): number => this.#received + recorder.outputLength;
    return this.#conversation.until(done, { mayComputeMs: COPIES_MS, progress });
  }

  /** Writes what was sent and received into the transcript and hands the probe back. */
  finish(): void {
    this.#probe.takeOver(undefined);
    const { recorder } = this.#conversation;
    const peer = this.#probe.name;
    const [length, difference] = [this.#received, this.#difference];
    const sent = this.#digestOfSent();
    const whole = !difference && length === this.#sent;
    const received = whole ? sent : (this.#differing ?? this.#summaryOfSent(length)).digest();
    const reordered = length === this.#sent && this.#differing?.holdsAsMany(this.#summaryOfSent(length));
    recorder.add({ type: "body-sent", peer, length: this.#sent, sha256: sent });
    recorder.add({
      type: "body-received",
      peer,
      length,
      sha256: received,
      difference,
      ...(reordered && { reordered }),
    });
  }

  /** 16 MiB take 10 ms, and every program of a class that is complete is sent the same. */
  #digestOfSent(): string {
    const name = `${sha256(this.#pattern)} ${this.#sent}`;
    const known = digests.get(name) ?? this.#summaryOfSent(this.#sent).digest();
    digests.set(name, known);
    return known;
  }

  /** Of the first `length` bytes of the body. */
  #summaryOfSent(length: number): Summary {
    const whole = Math.floor(length / this.#pattern.length);
    return new Summary().add(this.#pattern, whole).add(this.#pattern.subarray(0, length % this.#pattern.length));
  }

  #compare(chunk: Buffer): void {
    for (let done = 0; done < chunk.length && !this.#difference; ) {
      const from = (this.#received + done) % this.#pattern.length;
      const expected = this.#pattern.subarray(from, from + chunk.length - done);
      const observed = chunk.subarray(done, done + expected.length);
      if (!expected.equals(observed)) this.#difference = this.#locate(expected, observed, this.#received + done);
      done += expected.length;
    }
    if (this.#difference) {
      this.#differing ??= this.#summaryOfSent(this.#received);
      this.#differing.add(chunk);
    }
    this.#received += chunk.length;
  }

  #locate(expected: Buffer, observed: Buffer, offset: number): BodyDifference {
    let at = 0;
    while (expected[at] === observed[at]) at++;
    const from = Math.max(0, at - WINDOW);
    const window = (bytes: Buffer): Uint8Array => Uint8Array.from(bytes.subarray(from, at + WINDOW));
    return { at: offset + at, from: offset + from, expected: window(expected), observed: window(observed) };
  }
}
