import type { SubjectEvent } from "../launch/subject.ts";
import type { EventWithoutTime, Transcript, TranscriptEvent } from "./transcript.ts";

/** Writes the transcript, and wakes whoever waits for something to happen. */
export class Recorder {
  readonly #events: TranscriptEvent[] = [];
  readonly #startedAt: number;
  /** Characters kept of the beginning of each output stream, and as many of its end. */
  readonly #keptOfEach: number;
  readonly #kept = new Map<number | undefined, { readonly stdout: KeptText; readonly stderr: KeptText }>();
  #progress = 0;
  #outputLength = 0;
  readonly #waiting = new Set<() => void>();

  /**
   * @param keptOutputBytes how much of each output stream is kept: half from its beginning, half from its end
   * @param startedAt where the clock starts, of `performance.now()`
   */
  constructor(keptOutputBytes: number, startedAt = performance.now()) {
    this.#keptOfEach = keptOutputBytes / 2;
    this.#startedAt = startedAt;
  }

  /** How much has happened, the program's own chatter left out: that can go on for ever and lead nowhere. */
  get progress(): number {
    return this.#progress;
  }

  /** Characters of output so far, those included that are not kept. */
  get outputLength(): number {
    return this.#outputLength;
  }

  add(event: EventWithoutTime): void {
    if (event.type !== "stdout" && event.type !== "stderr") this.#progress++;
    this.#events.push({
      atMs: Math.round((performance.now() - this.#startedAt) * 1000) / 1000,
      ...event,
    } as TranscriptEvent);
    this.changed();
  }

  /**
   * A subject did something. Output beyond the first half of what is kept waits for `finish`.
   * @param pid whose output it is, where several subjects talk into one transcript
   */
  hear(event: SubjectEvent, pid?: number): void {
    if (event.type === "exited") {
      this.#flushOutput(pid);
      this.add({ ...event, ...(pid !== undefined && { pid }) });
      return;
    }
    this.#outputLength += event.text.length;
    this.#addOutput(event.type, this.#keptOf(pid)[event.type].take(event.text), pid);
  }

  #keptOf(pid: number | undefined): { readonly stdout: KeptText; readonly stderr: KeptText } {
    const text = (): KeptText => new KeptText(this.#keptOfEach);
    const kept = this.#kept.get(pid) ?? { stdout: text(), stderr: text() };
    this.#kept.set(pid, kept);
    return kept;
  }

  #flushOutput(pid: number | undefined): void {
    const kept = this.#keptOf(pid);
    for (const stream of ["stdout", "stderr"] as const) this.#addOutput(stream, kept[stream].flush(), pid);
  }

  #addOutput(type: "stdout" | "stderr", text: string, pid: number | undefined): void {
    if (text !== "") this.add({ type, text, ...(pid !== undefined && { pid }) });
  }

  /** What happened until now; what comes later, such as the end of a program that is killed, is not part of it. */
  finish(): Transcript {
    for (const pid of this.#kept.keys()) this.#flushOutput(pid);
    return [...this.#events];
  }

  get events(): Transcript {
    return this.#events;
  }

  /** Wakes whoever waits without writing anything. */
  changed(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** Resolves `true` as soon as anything happens, `false` after `limitMs`. */
  change(limitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => done(false), limitMs);
      const wake = (): void => done(true);
      const done = (happened: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve(happened);
      };
      this.#waiting.add(wake);
    });
  }
}

/** The beginning of a text at once, and its end on demand, however long it grows in between. */
class KeptText {
  readonly #limit: number;
  #taken = 0;
  #leftOut = 0;
  #tail = "";

  /** @param limit characters of the beginning, and of the end */
  constructor(limit: number) {
    this.#limit = limit;
  }

  take(text: string): string {
    const head = text.slice(0, Math.max(0, this.#limit - this.#taken));
    this.#taken += head.length;
    this.#tail += text.slice(head.length);
    // Not for each of the little pieces of a long text: a cut copies all that is kept.
    if (this.#tail.length > 2 * this.#limit) this.#cut();
    return head;
  }

  flush(): string {
    this.#cut();
    const text = this.#leftOut > 0 ? `\n[... ${this.#leftOut} characters left out ...]\n${this.#tail}` : this.#tail;
    this.#tail = "";
    this.#leftOut = 0;
    return text;
  }

  #cut(): void {
    this.#leftOut += Math.max(0, this.#tail.length - this.#limit);
    this.#tail = this.#tail.slice(-this.#limit);
  }
}
