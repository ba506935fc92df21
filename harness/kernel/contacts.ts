import { readProc } from "./processes.ts";

/**
 * How often somebody on this network has talked to somebody since it began: connections that a listener was given, or
 * datagrams that were sent (tcpPassiveOpens of RFC 4022, udpOutDatagrams of RFC 4113). `undefined` where there is no
 * `/proc/net/snmp`, see proc_pid_net(5). Linux counts TCP over IPv6 with that over IPv4, and UDP apart from it.
 */
export function contactsSoFar(protocol: "tcp" | "udp"): number | undefined {
  return protocol === "udp" ? datagramsSoFar("OutDatagrams") : counterOf("Tcp", "PassiveOpens");
}

/** Datagrams that came to a port where nobody waited (udpNoPorts of RFC 4113). */
export function datagramsAstray(): number | undefined {
  return datagramsSoFar("NoPorts");
}

/** How often somebody on this network knocked where nobody listens (tcpAttemptFails of RFC 4022, udpNoPorts). */
export function knocksInVain(): number | undefined {
  const [refused, astray] = [counterOf("Tcp", "AttemptFails"), datagramsAstray()];
  return refused === undefined || astray === undefined ? undefined : refused + astray;
}

function datagramsSoFar(name: string): number | undefined {
  const overIpv4 = counterOf("Udp", name);
  const overIpv6 = new RegExp(`^Udp6${name}\\s+(\\d+)$`, "m").exec(readProc("/proc/net/snmp6") ?? "")?.[1] ?? 0;
  return overIpv4 === undefined ? undefined : overIpv4 + Number(overIpv6);
}

/** Two lines for each protocol: the names, and the values in the same order. */
function counterOf(protocol: string, name: string): number | undefined {
  const [names, values] = (readProc("/proc/net/snmp") ?? "")
    .split("\n")
    .filter((line) => line.startsWith(`${protocol}:`))
    .map((line) => line.split(" "));
  const value = values?.[names?.indexOf(name) ?? -1];
  return value === undefined ? undefined : Number(value);
}
