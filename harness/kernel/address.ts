import { isIPv4, isIPv6 } from "node:net";
import { networkInterfaces } from "node:os";

/** An end of a connection, or a socket's own address. */
export interface Address {
  /** An IPv4 or IPv6 address without brackets. */
  readonly host: string;
  /** 0..65535. */
  readonly port: number;
}

/** A socket that waits for somebody: TCP in LISTEN, or a bound UDP socket without a peer. */
export interface ListeningSocket extends Address {
  readonly protocol: "tcp" | "udp";
}

export function formatAddress({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Every address of the machine: `0.0.0.0` for IPv4, `::` for IPv6 and as a rule for IPv4 too. */
export function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

/** Whether a socket bound to `bound` is met by clients that connect to `host`: both are numeric. */
export function includes(bound: string, host: string): boolean {
  if (bound === "0.0.0.0") return isIPv4(host);
  return bound === "::" || bound === host;
}

/** This machine itself, as only its own programs see it. */
export function isLoopback(host: string): boolean {
  return host === "::1" || host.startsWith("127.");
}

/** Where a client on the same machine meets who listens on `host`: a wildcard is no destination. */
export function destinationOf(host: string): string {
  const loopbacks: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };
  return loopbacks[host] ?? host;
}

/** Whether both are IPv4, or both IPv6. */
export function sameFamily(a: string, b: string): boolean {
  return isIPv6(a) === isIPv6(b);
}

/** Whether this machine, or the network that this process is in, has the address `::1`. */
export function hasIpv6(): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === "::1"));
}
