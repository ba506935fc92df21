import { protocolOf } from "../assignment/assignment.ts";
import { last } from "../checks/reading.ts";
import type { Address, ListeningSocket, Transcript } from "../wire/transcript.ts";
import type { Symptoms } from "./mistake.ts";
import { resultOf } from "./symptoms.ts";

/** Where the program was told to be in the launch that the first of these checks looked at. */
export function askedOf(symptoms: Symptoms, checks: readonly string[]): Address | undefined {
  const transcript = launchOf(symptoms, checks);
  return transcript && last(transcript, "asked")?.address;
}

/** The first socket of the program's protocol that waited for clients in that launch. */
export function endpoint(symptoms: Symptoms, checks: readonly string[]): ListeningSocket | undefined {
  const transcript = launchOf(symptoms, checks);
  const wanted = protocolOf(symptoms.program);
  return transcript && last(transcript, "listening")?.sockets.find(({ protocol }) => protocol === wanted);
}

function launchOf(symptoms: Symptoms, checks: readonly string[]): Transcript | undefined {
  const [result] = checks.flatMap((check) => resultOf(symptoms, check) ?? []);
  return result?.attempts.at(-1)?.transcript;
}

/** The port stood on the program's command line or in its environment, or was typed: it could have known. */
export function wasPassed(transcript: Transcript): boolean {
  const port = last(transcript, "asked")?.address.port;
  if (port === undefined) return false;
  const words = transcript.flatMap((event) =>
    event.type === "started"
      ? [...event.command, ...Object.values(event.env ?? {})]
      : event.type === "typed"
        ? [event.text]
        : [],
  );
  return words.some((word) => new RegExp(`(^|\\D)${port}(\\D|$)`).test(word));
}
