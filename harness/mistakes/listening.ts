import { last } from "../checks/reading.ts";
import type { Address, ListeningSocket, Transcript } from "../wire/transcript.ts";
import type { Symptoms } from "./mistake.ts";
import { resultOf } from "./symptoms.ts";

/** Where the program was told to be in the launch that `check` looked at. */
export function askedOf(symptoms: Symptoms, check: string): Address | undefined {
  const transcript = resultOf(symptoms, check)?.attempts.at(-1)?.transcript;
  return transcript && last(transcript, "asked")?.address;
}

/** The first TCP socket that listened in the launch that `check` looked at. */
export function endpoint(symptoms: Symptoms, check: string): ListeningSocket | undefined {
  const transcript = resultOf(symptoms, check)?.attempts.at(-1)?.transcript;
  return transcript && last(transcript, "listening")?.sockets.find(({ protocol }) => protocol === "tcp");
}

/** The port stood on the program's command line or was typed: it could have known. */
export function wasPassed(transcript: Transcript): boolean {
  const port = last(transcript, "asked")?.address.port;
  if (port === undefined) return false;
  const words = transcript.flatMap((event) =>
    event.type === "started" ? event.command : event.type === "typed" ? [event.text] : [],
  );
  return words.some((word) => new RegExp(`(^|\\D)${port}(\\D|$)`).test(word));
}
