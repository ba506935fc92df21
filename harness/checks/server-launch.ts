import type { Contract, Protocol } from "../assignment/assignment.ts";
import { type Address, formatAddress, includes, isLoopback, type ListeningSocket } from "../kernel/address.ts";
import { listeningSockets } from "../kernel/listeners.ts";
import type { Text } from "../text.ts";
import type { Conversation } from "../wire/conversation.ts";
import type { Transcript } from "../wire/transcript.ts";
import { last } from "./reading.ts";

/** Where this launch was told to listen: the address of the `asked` event, since Gema may choose the port. */
export function askedAddress(transcript: Transcript, contract: Contract): Address {
  return last(transcript, "asked")?.address ?? contract.address;
}

/** Bytes of the largest UDP datagram over IPv4: 65535 less the headers of IP and UDP (RFC 791, RFC 768). */
export const LARGEST_DATAGRAM = 65_507;

/** The TCP sockets that were seen to listen. */
export function tcpSockets(transcript: Transcript): readonly ListeningSocket[] {
  return socketsOf(transcript, "tcp");
}

/** The sockets of this protocol that were seen to wait for somebody. */
export function socketsOf(transcript: Transcript, wanted: Protocol): readonly ListeningSocket[] {
  return (last(transcript, "listening")?.sockets ?? []).filter(({ protocol }) => protocol === wanted);
}

/**
 * Whether a socket is one of where this launch was told to listen. A wildcard includes the address asked for, which
 * `listens-only-where-asked` has a word on. Whether an address is the right one for others in the network, only they can
 * tell: `answers-another-host`.
 */
export function serves({ host, port }: Address, asked: Address, { address }: Contract): boolean {
  const name = address.host === "localhost" && (host === "127.0.0.1" || host === "::1");
  const anyHost = address.reach === "network";
  return port === asked.port && (includes(host, asked.host) || name || anyHost);
}

/** Writes down where the server listens, once it is at rest: it may open one socket after another. */
export async function lookWhereItListens({ recorder, rest, subject }: Conversation): Promise<void> {
  await rest();
  recorder.add({ type: "listening", sockets: await listeningSockets(subject.processes()) });
}

/** Where it listens, or waits for datagrams, and who can reach that. */
export function describeListening(sockets: readonly ListeningSocket[]): Text {
  const seen = sockets.map((socket) => ({ where: formatAddress(socket), who: whoReaches(socket) }));
  const udp = sockets.every(({ protocol }) => protocol === "udp");
  const does: Text = udp ? { en: "waits at", id: "menunggu" } : { en: "listens on", id: "melakukan listen" };
  return {
    en: `It ${does.en} ${seen.map(({ where, who }) => `${where} (${who.en})`).join(", ")}.`,
    id: `Server ${does.id} di ${seen.map(({ where, who }) => `${where} (${who.id})`).join(", ")}.`,
  };
}

function whoReaches({ host }: Address): Text {
  if (host === "0.0.0.0") {
    return { en: "every IPv4 address of the computer", id: "semua alamat IPv4 komputer ini" };
  }
  if (host === "::") {
    return { en: "every address of the computer", id: "semua alamat komputer ini" };
  }
  if (isLoopback(host)) {
    return { en: "reached from this computer only", id: "hanya terjangkau dari komputer ini" };
  }
  return { en: "an address in the network", id: "alamat di jaringan" };
}
