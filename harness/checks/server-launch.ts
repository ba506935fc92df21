import type { Contract } from "../assignment/assignment.ts";
import type { Address } from "../kernel/address.ts";
import type { Transcript } from "../wire/transcript.ts";
import { last } from "./reading.ts";

/** Where this launch was told to listen: the address of the `asked` event, since Gema may choose the port. */
export function askedAddress(transcript: Transcript, contract: Contract): Address {
  return last(transcript, "asked")?.address ?? contract.address;
}

/** Bytes of the largest UDP datagram over IPv4: 65535 less the headers of IP and UDP (RFC 791, RFC 768). */
export const LARGEST_DATAGRAM = 65_507;
