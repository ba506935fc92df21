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

/** Every address of the machine: `0.0.0.0` or `::`. */
export function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}
