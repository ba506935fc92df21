import { connect, type Socket } from "node:net";
import { setDefaultHighWaterMark } from "node:stream";
import type { Address } from "../kernel/address.ts";
import { isKnownToKernel } from "../kernel/socket-table.ts";
import type { Recorder } from "./recorder.ts";

/**
 * A stream that is paused goes on reading until it holds this many bytes, and what it holds is lost when it reads that the
 * subject broke off. Node 22 would hold four times as many as Node 20.
 */
const HELD_BY_NODE = 16 * 1024;
setDefaultHighWaterMark(false, HELD_BY_NODE);

/** What our connections receive passes through here: memory of its own for each piece costs as much as reading it. */
const RECEIVED = Buffer.alloc(1 << 16);

/**
 * Gema's end of one TCP connection: a client facing a server under test, or the accepted end of a client under test.
 * It writes down what happens and never judges.
 */
export class Probe {
  readonly name: string;
  readonly #recorder: Recorder;
  readonly #socket: Socket;
  #chunks: Buffer[] = [];
  #local: Address | undefined;
  #remote: Address | undefined;
  #taker: ((chunk: Buffer) => void) | undefined;

  /** Bytes received, in all. */
  received = 0;
  /** Bytes given to `send`, in all. */
  sent = 0;
  connected = false;
  /** The connection attempt failed. */
  refused = false;
  /** The subject's FIN arrived. */
  ended = false;
  /** The subject's RST arrived. */
  wasReset = false;
  halfClosed = false;
  /** Our end is closed. */
  closed = false;
  /** We have stopped reading. */
  stalled = false;
  #leaving = false;

  /** A new connection to `address`. */
  static connect(name: string, address: Address, recorder: Recorder): Probe {
    const callback = (length: number): boolean => {
      probe.#onData(RECEIVED.subarray(0, length));
      return true;
    };
    const socket = connect({ ...address, allowHalfOpen: true, onread: { buffer: RECEIVED, callback } });
    const probe = new Probe(name, socket, recorder);
    return probe;
  }

  constructor(name: string, socket: Socket, recorder: Recorder) {
    this.name = name;
    this.#socket = socket;
    this.#recorder = recorder;
    socket.setNoDelay(true);
    if (socket.readyState === "open") this.#onConnect();
    else socket.once("connect", () => this.#onConnect());
    socket.on("data", (chunk: Buffer) => this.#onData(chunk));
    socket.once("end", () => this.#onEnd());
    socket.on("error", (error: NodeJS.ErrnoException) => this.#onError(error));
    socket.on("drain", () => recorder.changed());
  }

  get local(): Address | undefined {
    return this.#local;
  }

  get remote(): Address | undefined {
    return this.#remote;
  }

  /** All that was received and not taken by `takeOver`. */
  get bytes(): Buffer {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0] ?? Buffer.alloc(0);
  }

  /** Nothing more can come from the subject on this connection. */
  get over(): boolean {
    return this.refused || this.ended || this.wasReset || this.closed;
  }

  /** Bytes that Node still holds because the kernel did not take them. */
  get unsent(): number {
    return this.#socket.writableLength;
  }

  /** Our FIN is on its way to the kernel, and nothing that was sent before holds it up. */
  get leaving(): boolean {
    return this.#leaving && this.unsent === 0;
  }

  /** Sends bytes in one write. Without effect on a connection that is closed or reset. */
  send(bytes: Uint8Array): void {
    if (!this.#writable()) return;
    this.sent += bytes.length;
    this.#recorder.add({ type: "sent", peer: this.name, bytes });
    this.#socket.write(bytes);
  }

  /** Sends without writing it down; for bodies too large for a transcript. Returns `false` once Node holds bytes back. */
  sendUnrecorded(bytes: Uint8Array): boolean {
    if (!this.#writable()) return false;
    this.sent += bytes.length;
    return this.#socket.write(bytes);
  }

  /** Hands every further chunk to `taker` instead of the transcript, to look at and not to keep; `undefined` ends that. */
  takeOver(taker: ((chunk: Buffer) => void) | undefined): void {
    this.#taker = taker;
  }

  #writable(): boolean {
    return this.connected && !this.halfClosed && !this.closed && !this.wasReset && this.#socket.writable;
  }

  /** Our FIN: we have finished sending and still listen. Fulfilled once it has left, or never will. */
  async halfClose(): Promise<void> {
    if (!this.#writable()) return;
    this.halfClosed = true;
    this.#recorder.add({ type: "half-closed", peer: this.name });
    this.#leaving = true;
    await new Promise<void>((resolve) => this.#socket.end(() => resolve()));
    this.#leaving = false;
  }

  /** Stops reading, so that the kernel's buffers fill up. */
  stall(): void {
    this.stalled = true;
    this.#socket.pause();
  }

  drain(): void {
    this.stalled = false;
    this.#socket.resume();
  }

  /** Closes our end in the ordinary way. */
  close(): void {
    if (this.closed) return;
    this.#markClosed("fin");
    this.#socket.destroy();
  }

  /** Closes our end with a RST. */
  reset(): void {
    if (this.closed) return;
    this.#markClosed("rst");
    this.#socket.resetAndDestroy();
  }

  #markClosed(by: "fin" | "rst"): void {
    this.closed = true;
    if (this.connected && !this.wasReset) this.#recorder.add({ type: "closed", peer: this.name, by });
  }

  #onConnect(): void {
    this.connected = true;
    const { localAddress, localPort, remoteAddress, remotePort } = this.#socket;
    this.#local = { host: localAddress ?? "", port: localPort ?? 0 };
    this.#remote = { host: remoteAddress ?? "", port: remotePort ?? 0 };
    this.#recorder.add({ type: "connected", peer: this.name, local: this.#local, remote: this.#remote });
  }

  #onData(chunk: Buffer): void {
    if (this.closed) return;
    this.received += chunk.length;
    if (this.#taker) {
      this.#taker(chunk);
      this.#recorder.changed();
      return;
    }
    const bytes = Buffer.from(chunk);
    this.#chunks.push(bytes);
    this.#recorder.add({ type: "received", peer: this.name, bytes });
  }

  #onEnd(): void {
    if (this.#brokeOffUnseen()) {
      this.#onReset();
      return;
    }
    this.ended = true;
    if (!this.closed) this.#recorder.add({ type: "ended", peer: this.name });
  }

  /**
   * A RST that meets a write or shutdown of ours is told to that call alone, and what we read next is an end as after a
   * FIN. The kernel forgets a connection at once after a RST, and after a FIN only when both ends are through with it.
   */
  #brokeOffUnseen(): boolean {
    if (process.platform !== "linux" || this.closed || this.received >= this.sent) return false;
    const { local, remote } = this;
    return local !== undefined && remote !== undefined && !isKnownToKernel(local, remote);
  }

  #onError(error: NodeJS.ErrnoException): void {
    if (this.closed) return;
    if (!this.connected) {
      this.refused = true;
      this.#recorder.add({ type: "not-connected", peer: this.name, code: error.code ?? error.message });
      return;
    }
    // EPIPE: we wrote after the subject's RST or full close had been seen.
    this.#onReset();
  }

  #onReset(): void {
    if (this.wasReset) return;
    this.wasReset = true;
    this.#recorder.add({ type: "reset", peer: this.name });
  }
}
