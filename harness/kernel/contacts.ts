import { readProc } from "./processes.ts";

/**
 * How often somebody on this network has talked to somebody since it began: connections that a listener was given, or
 * datagrams that were sent (tcpPassiveOpens of RFC 4022, udpOutDatagrams of RFC 4113). `undefined` where there is no
 * `/proc/net/snmp`, see proc_pid_net(5). Linux counts TCP over IPv6 with that over IPv4, and UDP apart from it.
 */
export function contactsSoFar(protocol: "tcp" | "udp"): number | undefined {
  const counters = readProc("/proc/net/snmp");
  if (counters === undefined) return undefined;
  if (protocol === "tcp") return counterOf(counters, "Tcp", "PassiveOpens");
  const overIpv6 = /^Udp6OutDatagrams\s+(\d+)$/m.exec(readProc("/proc/net/snmp6") ?? "")?.[1] ?? 0;
  const overIpv4 = counterOf(counters, "Udp", "OutDatagrams");
  return overIpv4 === undefined ? undefined : overIpv4 + Number(overIpv6);
}

/** Two lines for each protocol: the names, and the values in the same order. */
function counterOf(counters: string, protocol: string, name: string): number | undefined {
  const [names, values] = counters
    .split("\n")
    .filter((line) => line.startsWith(`${protocol}:`))
    .map((line) => line.split(" "));
  const value = values?.[names?.indexOf(name) ?? -1];
  return value === undefined ? undefined : Number(value);
}
