import { asleep } from "../kernel/blocked.ts";
import { sleepsInSend } from "../kernel/sending.ts";
import { connectionEnds, type SocketRow } from "../kernel/socket-table.ts";
import type { Text } from "../text.ts";
import type { Conversation } from "../wire/conversation.ts";
import type { Probe } from "../wire/probe.ts";
import type { Transcript } from "../wire/transcript.ts";
import type { Citation } from "./check.ts";
import { fail, has, inconclusive, join, last, measured } from "./reading.ts";
import type { Finding } from "./verdict.ts";

/**
 * A blocking send returns only when the kernel has taken everything, unless a signal comes while it waits: then it
 * returns how much was taken until then (send(2), signal(7)). SIGSTOP is such a signal, and no program has to handle it.
 */

/** A program that moves at each of so many looks does not sleep in a send. */
const LOOKS = 5;

/** Why a program has to go on sending. */
export const SHORT_WRITE: readonly Citation[] = [
  {
    source: "Python documentation, socket.send",
    quote:
      "Applications are responsible for checking that all data has been sent; if only some of the data was transmitted, the application needs to attempt delivery of the remaining data.",
  },
  {
    source: "signal(7)",
    quote:
      "If an I/O call has already transferred some data at the time it is interrupted by a signal handler, then the call will return a success status (normally, the number of bytes transferred).",
  },
];

/**
 * Once the subject does nothing more: when it sleeps in a send on this connection, it is stopped and continued, so that
 * the send returns with a part. Whether that was so is written down. Programs that do not block are left alone.
 *
 * @param probe stalled, on a connection with small buffers
 */
export async function interruptSend({ recorder, rest, subject }: Conversation, probe: Probe): Promise<void> {
  let sends = false;
  for (let look = 0, moves = true; moves && look < LOOKS; look++) {
    await rest();
    const socket = socketOf(probe);
    sends = socket !== undefined && sleepsInSend(subject.processes(), socket.inode);
    // The kernel may have woken it in between, because a buffer had room again.
    moves = !sends && asleep(subject.processes()) === undefined;
  }
  recorder.add({ type: "measured", what: "stopped-in-send", value: Number(sends) });
  if (!sends) return;
  await subject.pause();
  recorder.add({ type: "signalled", signal: "SIGSTOP" });
  subject.resume();
  recorder.add({ type: "signalled", signal: "SIGCONT" });
}

/** The subject's end of a connection, as the kernel shows it; `undefined` when it is gone. */
export function socketOf({ local, remote }: Probe): SocketRow | undefined {
  return local && remote && connectionEnds(local, remote).theirs;
}

/**
 * What the judgement of the bytes means here. Bytes that are missing after a send was interrupted were given up by the
 * program; only a reset may throw away what was sent. One that was never seen in a send and then broke off may have had
 * another reason, too.
 */
export function judgeInterrupted(transcript: Transcript, bytes: Finding): Finding {
  if (bytes.outcome !== "fail") return bytes;
  const interrupted = measured(transcript, "stopped-in-send") === 1;
  const reset = has(transcript, "reset") && !bytes.difference;
  if (interrupted && reset && !nothingCameLater(transcript)) return inconclusive(bytes.expected, bytes.observed);
  if (!interrupted && (reset || has(transcript, "not-connected") || crashed(transcript)))
    return inconclusive(bytes.expected, join(NEVER_SEEN, bytes.observed));
  return fail(bytes.expected, join(interrupted ? INTERRUPTED : READ_LATE, bytes.observed), bytes.difference);
}

/** All that ever came was there while the connection was whole: the reset threw nothing away. */
function nothingCameLater(transcript: Transcript): boolean {
  const before = measured(transcript, "bytes-before-echo");
  return before !== undefined && before === last(transcript, "body-received")?.length;
}

function crashed(transcript: Transcript): boolean {
  const exit = last(transcript, "exited")?.exit;
  return exit !== undefined && exit.code !== 0;
}

const INTERRUPTED: Text = {
  en: "The other side did not read for a moment, the program waited in send(), and was stopped and continued (SIGSTOP, SIGCONT): send() then returned after a part of the bytes.",
  id: "Pihak lain berhenti membaca sejenak, program menunggu di send(), lalu dihentikan sementara dan dilanjutkan (SIGSTOP, SIGCONT): send() pun kembali setelah mengirim sebagian byte saja.",
};
const READ_LATE: Text = {
  en: "The buffers were small and the other side read late, so that not everything could be sent at once.",
  id: "Buffer-nya kecil dan pihak lain terlambat membaca, sehingga tidak semuanya bisa dikirim sekaligus.",
};
const NEVER_SEEN: Text = {
  en: "The program was never seen waiting in send().",
  id: "Program tidak pernah terlihat menunggu di send().",
};
