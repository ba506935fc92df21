import type { CheckInRun } from "../grade/failures.ts";
import type { SubmissionResult } from "../grade/result.ts";
import type { Language, Text } from "../text.ts";
import { callsAtEvents } from "../trace/source-calls.ts";
import type { TranscriptEvent } from "../wire/transcript.ts";
import { byHand } from "./by-hand.ts";
import { byteWindow } from "./byte-window.ts";
import { callWords } from "./call-words.ts";
import { conversation } from "./conversation.ts";
import { failingMoment } from "./failing-moment.ts";
import { harmlessLines } from "./harmless.ts";
import { decidingTranscript, findingOf } from "./story.ts";
import { cut } from "./style.ts";

/** What is shown below a check that did not pass; each part without headings, each line indented and harmless. */
export interface CheckStory {
  readonly bytes: readonly string[];
  readonly conversation: readonly string[];
  readonly lastWords: readonly string[];
  readonly byHand: readonly string[];
}

/** Lines of stderr that are shown. A Python traceback of two frames has six. */
const LAST_LINES = 6;

export function checkStory(
  result: SubmissionResult,
  { run, check }: CheckInRun,
  { language, width }: { readonly language: Language; readonly width: number },
): CheckStory {
  const transcript = decidingTranscript(check);
  const difference = findingOf(check)?.difference;
  const failing = failingMoment(transcript, findingOf(check));
  const address = addressOf(result, check.check, transcript);
  const program = run.file ?? run.program;
  const placeOf = placesOf(result, { run, check }, language);
  return {
    bytes: difference ? byteWindow(difference, language, width) : [],
    conversation: transcript.length > 0 ? conversation(transcript, { language, width, program, failing, placeOf }) : [],
    lastWords: lastWords(transcript, width),
    byHand: (byHand(check, transcript, address) ?? []).map((line) => `    ${line}`),
  };
}

export const HEADINGS = {
  expected: { en: "expected", id: "harusnya" },
  observed: { en: "observed", id: "ternyata" },
  cause: { en: "cause", id: "sebab" },
  advice: { en: "to mend", id: "perbaiki" },
  place: { en: "line", id: "baris" },
  lookUp: { en: "look up", id: "pelajari" },
  bytes: { en: "The bytes", id: "Byte-nya" },
  conversation: { en: "The conversation", id: "Percakapannya" },
  lastWords: { en: "The program's last words (stderr)", id: "Kata terakhir program (stderr)" },
  byHand: { en: "To see it by hand", id: "Untuk melihatnya sendiri" },
} as const satisfies Record<string, Text>;

/** The source line behind an event, where the program was traced. */
export function placesOf(
  result: SubmissionResult,
  { run, check }: CheckInRun,
  language: Language,
): (event: TranscriptEvent) => string | undefined {
  const traced = result.traces?.find((trace) => trace.program === run.program && trace.check === check.check);
  const calls = traced && callsAtEvents(decidingTranscript(check), traced);
  return (event) => {
    const call = calls?.get(event);
    return call && callWords(call, language);
  };
}

/** A launch may get any free port: the transcript knows it better than the assignment. */
function addressOf(result: SubmissionResult, check: string, transcript: ReturnType<typeof decidingTranscript>) {
  const asked = transcript.find((event) => event.type === "asked");
  if (asked) return asked.address;
  const connected = transcript.find((event) => event.type === "connected");
  if (!connected) return result.assignment.contract.address;
  return /^(tcp|udp)-client\//.test(check) ? connected.local : connected.remote;
}

function lastWords(transcript: ReturnType<typeof decidingTranscript>, width: number): string[] {
  const text = transcript.map((event) => (event.type === "stderr" ? event.text : "")).join("");
  const lines = harmlessLines(text).filter((line) => line.trim() !== "");
  return lines.slice(-LAST_LINES).map((line) => `    | ${cut(line, width - 6)}`);
}
