import type { Text } from "../../text.ts";
import type { Conversation } from "../../wire/conversation.ts";
import type { Probe } from "../../wire/probe.ts";
import type { Transcript } from "../../wire/transcript.ts";
import { always, LECTURE, RFC862, type ServerCheck } from "../check.ts";
import { judgeEcho } from "../echo.ts";
import { all, has, isPerhapsSlow, join, last, receivedFrom } from "../reading.ts";

/** Where silence cannot be proved, a deadline has passed in vain already: who is asked again gets a fraction of it. */
const AGAIN_MS = 2000;
const LINE_END = Buffer.from("\r\n");

export const check: ServerCheck = {
  title: { en: "sends back what it received", id: "mengirim balik apa yang diterimanya" },
  why: {
    en: "This is what an echo server is for: the same bytes, nothing added, nothing changed.",
    id: "Inilah tugas server echo: byte yang sama, tanpa tambahan, tanpa perubahan.",
  },
  requirement: "echoes",
  cites: [RFC862, LECTURE],
  level: always("must"),
  after: ["says-nothing-first"],
  async stimulate({ connect, conversation, payload }) {
    const probe = await connect();
    probe.send(Buffer.concat([payload.nonce(), Buffer.from("\n")]));
    const outcome = await conversation.receive(probe, probe.sent);
    await conversation.allSaid(); // bytes too many may follow in a segment of their own
    const late = outcome === "late" && probe.received === 0 && !probe.over;
    if (late) await goOnUntilAnswered(conversation, probe, { atMostMs: AGAIN_MS });
    else if (waitsForMore(conversation, probe)) await goOnUntilAnswered(conversation, probe);
    probe.close();
  },
  judge(transcript) {
    const asked = untilAskedAgain(transcript);
    // A lost line end at the very end is left to echoes-every-byte: here it would hide everything else.
    const finding = judgeEcho(asked, "A", (sent, received) => sent.subarray(0, -1).equals(received));
    if (finding.outcome !== "fail") return finding;
    return { ...finding, observed: join(finding.observed, answeredLater(transcript, asked.length)) };
  },
};

/** It has read everything, and it is proved that it sends nothing by itself. */
function waitsForMore({ recorder: { events } }: Conversation, probe: Probe): boolean {
  const connection = last(events, "silent")?.connections.find(({ peer }) => peer === probe.name);
  return probe.received === 0 && !probe.over && connection?.accepted === true && connection.unread === 0;
}

/** Too late to pass, and enough to know what the server waits for: the line end of most protocols, or our FIN. */
async function goOnUntilAnswered(
  conversation: Conversation,
  probe: Probe,
  limit: { atMostMs?: number } = {},
): Promise<void> {
  const answered = (): boolean => probe.received > 0 || probe.over;
  probe.send(LINE_END);
  if ((await conversation.until(answered, limit)) === "met") return;
  probe.halfClose();
  await conversation.until(answered, limit);
}

/** Until Gema said more than its message. */
function untilAskedAgain(transcript: Transcript): Transcript {
  const [, again] = all(transcript, "sent");
  return again ? transcript.slice(0, transcript.indexOf(again)) : transcript;
}

function answeredLater(transcript: Transcript, from: number): Text | undefined {
  const later = transcript.slice(from);
  const answer = receivedFrom(later, "A");
  if (answer.length === 0) return undefined;
  if (answer.equals(LINE_END)) {
    return { en: 'The next message, "\\r\\n", was answered.', id: 'Pesan berikutnya, "\\r\\n", dibalas.' };
  }
  if (isPerhapsSlow(transcript)) return { en: "An answer came later.", id: "Jawabannya datang kemudian." };
  return has(later, "half-closed")
    ? {
        en: "Its answer came only when the client had finished sending (FIN).",
        id: "Jawabannya baru datang setelah klien selesai mengirim (FIN).",
      }
    : {
        en: 'Its answer came only after a line end of two bytes, "\\r\\n".',
        id: 'Jawabannya baru datang setelah akhir baris dua byte, "\\r\\n".',
      };
}
