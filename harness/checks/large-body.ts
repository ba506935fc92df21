import type { Text } from "../text.ts";
import type { Transcript } from "../wire/transcript.ts";
import { describeEnd, describeRefusal, judgeAchieved } from "./echo.ts";
import { fail, has, join, last, PASS } from "./reading.ts";
import type { Finding } from "./verdict.ts";

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
  if (!received.difference) return fail(expected, join(count, describeEnd(transcript, peer)));
  const { at } = received.difference;
  const where: Text = {
    en: `They differ from byte ${at.toLocaleString("en-US")} on.`,
    id: `Isinya berbeda mulai byte ke-${at.toLocaleString("id-ID")}.`,
  };
  return fail(expected, join(count, where), received.difference);
}
