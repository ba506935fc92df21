import { ranCpuMs, waitedCpuMs } from "../kernel/processes.ts";
import type { Subject } from "../launch/subject.ts";
import type { Text } from "../text.ts";
import type { Transcript } from "../wire/transcript.ts";
import { describeEnd, describeRefusal, isSlow, judgeAchieved, SLOW } from "./echo.ts";
import { fail, has, inconclusive, join, last, PASS } from "./reading.ts";
import type { Finding } from "./verdict.ts";

/**
 * Measures milliseconds, without those in which the program or Gema itself waited for a processor: what comes out is
 * about the same on a busy machine. Where several wait at once it is what the program ran. Elsewhere than on Linux it is
 * wall-clock time.
 */
export function stopwatch(subject: Pick<Subject, "processes">): () => number {
  const waited = (): number => waitedCpuMs([process.pid, ...subject.processes()]);
  const ran = (): number => ranCpuMs(subject.processes());
  const [start, waitedBefore, ranBefore] = [performance.now(), waited(), ran()];
  return () => Math.max(ran() - ranBefore, performance.now() - start - Math.max(0, waited() - waitedBefore));
}

/** Echoed first, to see how fast the program is. */
const TASTE = 256 * 1024;
/** Echoed before that: who takes so long for it sleeps for each piece, and would take minutes for more. */
const SIP = 16 * 1024;
const LONG_MS = 1_000;
/** A machine may pause during one of them, which says nothing of the program. */
const TASTES = 3;

const MIB = 1 << 20;

/**
 * Has some bytes echoed, fewer of a program that takes very long for them, and more of one that seems slow.
 *
 * @param echo has the body echoed up to this many bytes
 * @param slowMs milliseconds a MiB, of a program that is slow
 * @returns how many bytes they were, and the milliseconds a MiB when it was quickest
 */
export async function taste(
  echo: (total: number) => Promise<unknown>,
  elapsed: () => number,
  slowMs: number,
): Promise<{ readonly bytes: number; readonly msAMib: number }> {
  await echo(SIP);
  if (elapsed() > LONG_MS) return { bytes: SIP, msAMib: elapsed() * (MIB / SIP) };
  let [bytes, msAMib, tookMs] = [0, Number.POSITIVE_INFINITY, 0];
  for (let nth = 0; nth < TASTES && msAMib > slowMs && tookMs <= LONG_MS; nth++) {
    const before = elapsed();
    bytes += TASTE;
    await echo(bytes);
    tookMs = elapsed() - before;
    msAMib = Math.min(msAMib, tookMs * (MIB / TASTE));
  }
  return { bytes, msAMib };
}

/** Judges that a body too large for the transcript came back complete and unchanged. */
export function judgeBody(transcript: Transcript, peer: string): Finding {
  const notAchieved = judgeAchieved(transcript);
  if (notAchieved) return notAchieved;
  const sent = last(transcript, "body-sent", peer);
  const received = last(transcript, "body-received", peer);
  const length = sent?.length ?? 0;
  const expected: Text = {
    en: `All ${length.toLocaleString("en-US")} bytes come back, in the same order.`,
    id: `Semua ${length.toLocaleString("id-ID")} byte kembali dalam urutan yang sama.`,
  };
  if (!has(transcript, "connected", peer)) return fail(expected, describeRefusal(transcript, peer));
  if (!sent || !received)
    return fail(expected, { en: "Nothing was exchanged.", id: "Tidak ada data yang dipertukarkan." });
  if (sent.length === received.length && sent.sha256 === received.sha256) return PASS;
  const count: Text = {
    en: `${received.length.toLocaleString("en-US")} bytes came back.`,
    id: `${received.length.toLocaleString("id-ID")} byte kembali.`,
  };
  const isRightSoFar = !received.difference && received.length < sent.length;
  if (isRightSoFar && isSlow(transcript)) return inconclusive(expected, SLOW);
  if (!received.difference) return fail(expected, join(count, describeEnd(transcript, peer)));
  const { at } = received.difference;
  const [enAt, idAt] = [at.toLocaleString("en-US"), at.toLocaleString("id-ID")];
  const where: Text = received.reordered
    ? {
        en: `They are the bytes that were sent, but from byte ${enAt} on in another order.`,
        id: `Itu memang byte yang dikirim, tetapi mulai byte ke-${idAt} urutannya lain.`,
      }
    : { en: `They differ from byte ${enAt} on.`, id: `Isinya berbeda mulai byte ke-${idAt}.` };
  return fail(expected, join(count, where), received.difference);
}
