import { type ChildProcess, spawn } from "node:child_process";
import { Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { isIPv6, Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import type { Address } from "../kernel/address.ts";
import { readProc } from "../kernel/processes.ts";
import { joinNetworkOf, leaveNetworkOf } from "../kernel/socket-table.ts";
import { ownFile } from "../own-file.ts";

/** The two hosts' addresses: private ones (RFC 1918, RFC 4193), in a network that has no others. */
const ADDRESSES = {
  program: { ipv4: "192.168.67.1", ipv6: "fd67:656d:61::1" },
  other: { ipv4: "192.168.67.2", ipv6: "fd67:656d:61::2" },
} as const;

/** What the other host is asked to do; it answers with the same `id`. */
export type HostOrder = { readonly id: number } & (
  | { readonly do: "connect"; readonly to: Address; readonly limitMs: number }
  | { readonly do: "listen"; readonly at: Address }
  | { readonly do: "bind"; readonly at: Address }
  | { readonly do: "stop" }
);

/** The end of an order, or a socket, which comes with it. */
export interface HostAnswer {
  /** 0: the host is up. */
  readonly id: number;
  /** What went wrong. */
  readonly code?: string;
}

type Heard = (answer: HostAnswer, socket: Socket | UdpSocket | undefined) => void;

const WORKER = fileURLToPath(ownFile("wire/another-host-worker.js"));

/**
 * Both ends of the cable have this hardware address and none asks for the other's: an IPv6 host that is asked at once after
 * its start does not hear it, and is asked again after 1 s (RFC 4861, RETRANS_TIMER).
 */
const HARDWARE = "address 02:00:00:00:00:01";
/** Gives one end of the cable its addresses. A kernel without IPv6 does without. */
const UP =
  'up() { ip link set "$1" arp off up && ip address add "$2/24" dev "$1" && { ip address add "$3/64" dev "$1" 2>/dev/null; true; }; }';
/** The other host's network lives as long as a process in it. */
const OTHER = `${UP}
ip link set lo up && ip link add other ${HARDWARE} type veth peer name program ${HARDWARE} netns "$1" && up other "$2" "$3" && shift 3 && exec "$@"`;

/**
 * A second host, which a virtual cable (veth(4)) joins to the network that this process is in: a network of its own, with
 * a process of ours that opens sockets there and hands them over, so that they are read and written here like any other
 * (unix(7), SCM_RIGHTS). Linux only, for who administers his network, as in a slot.
 */
export class AnotherHost {
  readonly #process: ChildProcess;
  readonly #pid: number;
  readonly #waiting = new Map<number, Heard>();
  #orders = 0;

  private constructor(child: ChildProcess, pid: number) {
    this.#process = child;
    this.#pid = pid;
    child.on("message", (answer: HostAnswer, socket?: Socket | UdpSocket) =>
      this.#waiting.get(answer.id)?.(answer, socket),
    );
    joinNetworkOf(pid);
  }

  /** @returns `undefined` where no second host can be had, e.g. by a kernel without veth */
  static async open(): Promise<AnotherHost | undefined> {
    const { program, other } = ADDRESSES;
    await removeOldCable();
    const world = ["--net", "--", "sh", "-c", OTHER, "sh", String(process.pid), other.ipv4, other.ipv6];
    const child = spawn("unshare", [...world, process.execPath, WORKER], {
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const isUp = await new Promise<boolean>((resolve) => {
      child.once("message", () => resolve(true)).once("exit", () => resolve(false));
    });
    if (!isUp || child.pid === undefined) return undefined;
    await execa("sh", ["-c", `${UP}\nup "$@"`, "sh", "program", program.ipv4, program.ipv6]);
    return new AnotherHost(child, child.pid);
  }

  /** Connects from there to this port of the program's host; to `to`'s kind of address. The error's code when that fails. */
  async connect(to: Address, limitMs: number): Promise<Socket | string> {
    const order = { do: "connect", to: this.meets(to), limitMs } as const;
    const [{ code }, socket] = await new Promise<Parameters<Heard>>((resolve) => {
      this.#send(order, (...heard) => resolve(heard));
    });
    return socket instanceof Socket ? halfOpen(socket) : (code ?? "no socket");
  }

  /** Where clients there find this port of the program's host; by `at`'s kind of address. */
  meets(at: Address): Address {
    return { ...at, host: ADDRESSES.program[family(at.host)] };
  }

  /** Listens there, on this port; every connection is handed to `onConnection`. Returns the address of the other host. */
  async listen(at: Address, onConnection: (socket: Socket) => void): Promise<Address> {
    const there = atOther(at);
    await new Promise<void>((resolve, reject) => {
      this.#send({ do: "listen", at: there }, ({ code }, socket) => {
        if (socket instanceof Socket) onConnection(halfOpen(socket));
        else if (code) reject(new Error(`the other host cannot listen: ${code}`));
        else resolve();
      });
    });
    return there;
  }

  /** A UDP socket there, bound to this port (0: any) and an address of `at`'s kind. */
  bind(at: Address): Promise<UdpSocket> {
    return new Promise((resolve, reject) => {
      let bound: UdpSocket | undefined;
      this.#send({ do: "bind", at: atOther(at) }, ({ code }, socket) => {
        if (socket instanceof UdpSocket) bound = socket;
        else if (bound) resolve(bound);
        else reject(new Error(`the other host cannot bind: ${code}`));
      });
    });
  }

  /** Ends every `listen`. */
  async stopListening(): Promise<void> {
    await new Promise<void>((resolve) => this.#send({ do: "stop" }, () => resolve()));
    this.#waiting.clear();
  }

  /** The other host is gone, and with it the cable. */
  async close(): Promise<void> {
    leaveNetworkOf(this.#pid);
    this.#process.disconnect();
    await once(this.#process, "exit");
  }

  #send(order: WithoutId<HostOrder>, heard: Heard): void {
    const id = ++this.#orders;
    this.#waiting.set(id, heard);
    this.#process.send({ ...order, id });
  }
}

/** The cable of the host before is gone once the kernel has cleared that host's network away, which takes its time. */
async function removeOldCable(): Promise<void> {
  // It may go in between.
  if (/^ *program:/m.test(readProc("/proc/net/dev") ?? ""))
    await execa("ip", ["link", "delete", "program"], { reject: false });
}

type WithoutId<O> = O extends unknown ? Omit<O, "id"> : never;

function atOther(at: Address): Address {
  return { ...at, host: ADDRESSES.other[family(at.host)] };
}

function family(host: string): "ipv4" | "ipv6" {
  return isIPv6(host) ? "ipv6" : "ipv4";
}

/** A socket that comes by a channel would answer a FIN by itself. */
function halfOpen(socket: Socket): Socket {
  socket.allowHalfOpen = true;
  return socket;
}
