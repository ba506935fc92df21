import type { Contract } from "../assignment/assignment.ts";
import type { Address } from "../kernel/address.ts";
import type { Transcript } from "../wire/transcript.ts";
import { last } from "./reading.ts";

/** Where this launch was told to listen: the address of the `asked` event, since Gema may choose the port. */
export function askedAddress(transcript: Transcript, contract: Contract): Address {
  return last(transcript, "asked")?.address ?? contract.address;
}
