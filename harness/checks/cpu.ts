import { asleep } from "../kernel/blocked.ts";
import { threadTimes } from "../kernel/processes.ts";
import type { Conversation } from "../wire/conversation.ts";
import type { Transcript } from "../wire/transcript.ts";
import { fail, measured, PASS } from "./reading.ts";
import type { Finding } from "./verdict.ts";

/** Long enough for a 10 ms poll to show as the little that it is. */
const WINDOW_MS = 60;
/** On a busy machine a program waits for a processor most of the time, and a window of its own takes so much longer. */
const WAITS_AT_MOST_MS = 2_000;

/** A spin wants 95 to 100% of a processor, a 10 ms poll 0.5%. */
const BUSY_SHARE = 0.6;
/** A loop that prints each time waits for whoever reads that, not for a processor. Words about each second are fewer. */
const FLOOD_CHARACTERS = 32 * 1024;

/**
 * Measures which share of one processor the subject takes while nobody talks to it. A program proved at rest costs no
 * time; for others a window of wall-clock time is the measure itself. Time in which a thread waited for a processor is no
 * time of its own, so that the figure is the same on a busy machine. Keeps the largest share in the transcript, and how
 * much was printed meanwhile if it was a flood. Linux only.
 */
export async function measureCpu({
  subject,
  recorder,
  rest,
}: Pick<Conversation, "subject" | "recorder" | "rest">): Promise<void> {
  if (process.platform !== "linux" || subject.exit !== undefined) return;
  if ((await rest()) === "proved") return;
  const start = performance.now();
  const before = threadTimes(subject.processes());
  const printedBefore = recorder.outputLength;
  const printed = (): number => recorder.outputLength - printedBefore;
  const passed = (): number => performance.now() - start;
  const share = (): number => {
    let sum = 0;
    for (const [thread, { ranMs, waitedMs }] of threadTimes(subject.processes())) {
      const ownMs = passed() - (waitedMs - (before.get(thread)?.waitedMs ?? 0));
      sum += (ranMs - (before.get(thread)?.ranMs ?? 0)) / Math.max(ownMs, WINDOW_MS);
    }
    return sum;
  };
  const isTold = (): boolean =>
    printed() >= FLOOD_CHARACTERS ||
    (passed() >= WINDOW_MS && (share() >= BUSY_SHARE || !!asleep(subject.processes())));
  while (!isTold() && passed() < WAITS_AT_MOST_MS && subject.exit === undefined) await recorder.change(WINDOW_MS);
  const busiest = Math.max(share(), measured(recorder.events, "cpu-busiest-share") ?? 0);
  recorder.add({ type: "measured", what: "cpu-busiest-share", value: Math.round(busiest * 1000) / 1000 });
  if (printed() < FLOOD_CHARACTERS) return;
  const most = Math.max(printed(), measured(recorder.events, "idle-output-characters") ?? 0);
  recorder.add({ type: "measured", what: "idle-output-characters", value: most });
}

/** It did something all the time in which there was nothing to do. */
export function neverRested(transcript: Transcript): boolean {
  const share = measured(transcript, "cpu-busiest-share") ?? 0;
  return share >= BUSY_SHARE || measured(transcript, "idle-output-characters") !== undefined;
}

export function judgeRest(transcript: Transcript): Finding {
  if (!neverRested(transcript)) return PASS;
  const percent = (100 * (measured(transcript, "cpu-busiest-share") ?? 0)).toFixed(0);
  const characters = measured(transcript, "idle-output-characters");
  return fail(
    {
      en: "While nobody sends anything the program sleeps.",
      id: "Saat tidak ada yang mengirim apa pun, program tidur.",
    },
    characters === undefined
      ? {
          en: `It kept a processor ${percent}% busy with nothing to do.`,
          id: `Program menyibukkan prosesor ${percent}% padahal tidak ada pekerjaan.`,
        }
      : {
          en: `It printed ${characters} characters in a moment, with nothing to do.`,
          id: `Program mencetak ${characters} karakter dalam sekejap padahal tidak ada pekerjaan.`,
        },
  );
}
