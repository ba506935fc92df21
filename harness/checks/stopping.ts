import { catches } from "../kernel/blocked.ts";
import { readLink } from "../kernel/processes.ts";
import type { Text } from "../text.ts";
import type { Conversation, Outcome } from "../wire/conversation.ts";
import type { Transcript } from "../wire/transcript.ts";
import { describeExit } from "./echo.ts";
import { fail, has, join, last, measured, PASS, printed, since } from "./reading.ts";
import type { Finding } from "./verdict.ts";

const EXPECTED: Text = {
  en: "After Ctrl-C (SIGINT) the program closes its sockets and ends with exit code 0.",
  id: "Setelah Ctrl-C (SIGINT) program menutup socket-nya dan berakhir dengan exit code 0.",
};

/**
 * Sends SIGINT once the program is at rest: in the middle of a print() it would end a correct one with a traceback.
 * Waits for its end; `undefined` where there is no such signal, which is written down.
 */
export async function interrupt(conversation: Conversation): Promise<Outcome | undefined> {
  if (process.platform === "win32") {
    conversation.recorder.add({ type: "not-achieved", why: "needs-linux" });
    return undefined;
  }
  const { recorder, subject } = conversation;
  await conversation.rest();
  // Node always does, to put the terminal right, and ends by it all the same.
  if (isPython(subject.pid))
    recorder.add({ type: "measured", what: "catches-interrupt", value: Number(catches(subject.pid, "SIGINT")) });
  recorder.add({ type: "signalled", signal: "SIGINT" });
  subject.signal("SIGINT");
  return conversation.exit();
}

function isPython(pid: number): boolean {
  return /\/python[^/]*$/.test(readLink(`/proc/${pid}/exe`));
}

/** The same; then another client does this, by which a program that went on waiting may notice that it was to stop. */
export async function interruptThen(conversation: Conversation, come: () => Promise<void>): Promise<void> {
  if ((await interrupt(conversation)) !== "silent") return;
  await come();
  await conversation.exit();
}

/** Judges how a program reacted to SIGINT. */
export function judgeInterrupt(transcript: Transcript): Finding {
  const exit = last(transcript, "exited")?.exit;
  if (!exit) return fail(EXPECTED, { en: "It goes on running.", id: "Program tetap berjalan." });
  if (!endsByItself(transcript))
    return fail(EXPECTED, {
      en: "It goes on running until another client comes.",
      id: "Program tetap berjalan sampai ada klien lain yang datang.",
    });
  const traceback = /KeyboardInterrupt/.test(printed(transcript, "stderr")) && !breaksWhenInterrupted(transcript);
  if (exit.code === 0 || (!traceback && endsAsInterrupted(transcript))) return PASS;
  const unhandled: Text = {
    en: "Nothing in it handles the interrupt (KeyboardInterrupt).",
    id: "Tidak ada bagian program yang menangani interupsi itu (KeyboardInterrupt).",
  };
  return fail(EXPECTED, join(describeExit(transcript), traceback ? unhandled : undefined));
}

/**
 * It ended with the code by which a shell says "by Ctrl-C", 128 + SIGINT, and chose that by itself: a sandbox reports such
 * a code and the signal alike, but Python ends by a signal that it caught only after a traceback.
 */
function endsAsInterrupted(transcript: Transcript): boolean {
  const exit = last(transcript, "exited")?.exit;
  return exit?.code === 130 || (exit?.signal === "SIGINT" && measured(transcript, "catches-interrupt") === 1);
}

/** The signal was heard, and what the program did about it raised an error of its own. */
export function breaksWhenInterrupted(transcript: Transcript): boolean {
  const after = since(transcript, "signalled");
  const stderr = printed(after, "stderr");
  return /^[\w.]*(Error|Exception): /m.test(stderr.slice(Math.max(0, stderr.lastIndexOf("KeyboardInterrupt"))));
}

/** Nothing but the signal was needed. */
function endsByItself(transcript: Transcript): boolean {
  const after = since(transcript, "signalled");
  const waited = after.findIndex(({ type }) => type === "silent");
  return waited < 0 || after.findIndex(({ type }) => type === "exited") < waited;
}

/** Judges only that it ended soon, in whatever way. */
export function judgeEnded(transcript: Transcript): Finding {
  // What happens once the client has left is no merit any more.
  const whileConnected = transcript.slice(0, transcript.findIndex(({ type }) => type === "closed") + 1 || undefined);
  if (last(whileConnected, "exited")) return PASS;
  return fail(
    {
      en: "After Ctrl-C (SIGINT) the program ends, though a client is still connected.",
      id: "Setelah Ctrl-C (SIGINT) program berakhir, walaupun masih ada klien yang terhubung.",
    },
    has(whileConnected, "ended")
      ? {
          en: "It ends the connection, and goes on running.",
          id: "Koneksi itu diputus, tetapi program tetap berjalan.",
        }
      : {
          en: "It goes on running while the client stays connected.",
          id: "Program tetap berjalan ketika klien masih terhubung.",
        },
  );
}
