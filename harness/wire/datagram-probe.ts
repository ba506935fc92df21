import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { Address } from "../kernel/address.ts";
import type { Recorder } from "./recorder.ts";

/** Gema's end of what is said in datagrams with one address. It writes down what happens and never judges. */
export class DatagramProbe {
  readonly name: string;
  readonly local: Address;
  readonly remote: Address;
  readonly #socket: Socket;
  readonly #connected: boolean;
  readonly #recorder: Recorder;

  /** What came, one element a datagram. */
  readonly received: Buffer[] = [];
  /** What was given to `send`, one element a datagram. */
  readonly sent: Buffer[] = [];
  /**
   * Datagrams that the kernel has not taken yet, or whose ICMP error may not have been heard yet: on one machine it comes
   * at once, and Node's event loop tells of it in the round that follows.
   */
  unsent = 0;
  /** A datagram met no socket. */
  unreachable = false;
  closed = false;

  /** @param connected whether the socket hears nobody but `remote` */
  constructor(name: string, socket: Socket, remote: Address, connected: boolean, recorder: Recorder) {
    const { address, port } = socket.address();
    this.name = name;
    this.local = { host: address, port };
    this.remote = remote;
    this.#socket = socket;
    this.#connected = connected;
    this.#recorder = recorder;
    recorder.add({ type: "connected", peer: name, local: this.local, remote, protocol: "udp" });
  }

  /** Nothing more can come from the subject. */
  get over(): boolean {
    return this.unreachable || this.closed;
  }

  /** Sends one datagram. Without effect once it is over. */
  send(bytes: Buffer): void {
    if (this.over) return;
    this.sent.push(bytes);
    this.unsent++;
    this.#recorder.add({ type: "sent", peer: this.name, bytes });
    const settled = (): void => {
      this.unsent--;
      this.#recorder.changed();
    };
    const taken = (error: NodeJS.ErrnoException | null): void => {
      setImmediate(() => setImmediate(settled));
      // Some systems send no datagram as large as the protocol allows.
      if (error?.code === "EMSGSIZE") this.#recorder.add({ type: "not-achieved", why: "not-delivered" });
      else if (error) this.lose();
    };
    if (this.#connected) this.#socket.send(bytes, taken);
    else this.#socket.send(bytes, this.remote.port, this.remote.host, taken);
  }

  hear(bytes: Buffer): void {
    if (this.closed) return;
    this.received.push(bytes);
    this.#recorder.add({ type: "received", peer: this.name, bytes });
  }

  /** What was sent met no socket. */
  lose(): void {
    if (this.over) return;
    this.unreachable = true;
    this.#recorder.add({ type: "unreachable", peer: this.name });
  }

  /** Says nothing more, and hears nothing. Nothing travels. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.#connected) this.#socket.close();
  }
}

/** A probe that hears nobody but `remote`, so that nobody else can answer for the subject. */
export async function connectedProbe(
  name: string,
  remote: Address,
  recorder: Recorder,
  socket = createSocket(familyOf(remote)),
): Promise<DatagramProbe> {
  await new Promise<void>((resolve) => {
    socket.once("connect", resolve);
    socket.connect(remote.port, remote.host);
  });
  const probe = new DatagramProbe(name, socket, remote, true, recorder);
  socket.on("message", (bytes) => probe.hear(bytes));
  socket.on("error", () => probe.lose());
  return probe;
}

/** A socket that hears everybody; each address that it talks with is a probe. */
export class OpenSocket {
  readonly #socket: Socket;
  readonly #recorder: Recorder;
  readonly #nextName: () => string;
  readonly #onProbe: (probe: DatagramProbe) => void;
  readonly #probes: DatagramProbe[] = [];

  /**
   * @param socket bound, and not connected: it is told of no ICMP error; udp(7)
   * @param onProbe called for every address, when it is first met
   */
  constructor(socket: Socket, recorder: Recorder, nextName: () => string, onProbe: (probe: DatagramProbe) => void) {
    this.#socket = socket;
    this.#recorder = recorder;
    this.#nextName = nextName;
    this.#onProbe = onProbe;
    socket.on("message", (bytes, { address, port }) => this.to({ host: address, port }).hear(bytes));
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** The probe that talks with `remote`. */
  to(remote: Address): DatagramProbe {
    const known = this.#probes.find(({ remote: { host, port } }) => host === remote.host && port === remote.port);
    if (known) return known;
    const probe = new DatagramProbe(this.#nextName(), this.#socket, remote, false, this.#recorder);
    this.#probes.push(probe);
    this.#onProbe(probe);
    return probe;
  }

  close(): void {
    this.#socket.close();
  }
}

export async function bindSocket(address: Address): Promise<Socket> {
  const socket = createSocket(familyOf(address));
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ address: address.host, port: address.port, exclusive: true }, () => {
      socket.off("error", reject);
      resolve();
    });
  });
  return socket;
}

function familyOf({ host }: Address): "udp4" | "udp6" {
  return isIPv6(host) ? "udp6" : "udp4";
}
