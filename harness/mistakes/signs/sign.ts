import type { Transcript } from "../../wire/transcript.ts";
import { type Exchange, exchanges } from "../exchange.ts";

/** Something that a transcript may show. */
export type Sign = (transcript: Transcript) => boolean;

/** All of these at once. */
export const both =
  (...signs: readonly Sign[]): Sign =>
  (transcript) =>
    signs.every((sign) => sign(transcript));

/** At least one of these. */
export const anyOf =
  (...signs: readonly Sign[]): Sign =>
  (transcript) =>
    signs.some((sign) => sign(transcript));

export const not =
  (sign: Sign): Sign =>
  (transcript) =>
    !sign(transcript);

/** Some connection is like this. */
export const anyExchange =
  (test: (exchange: Exchange, transcript: Transcript) => boolean): Sign =>
  (transcript) =>
    exchanges(transcript).some((exchange) => test(exchange, transcript));
