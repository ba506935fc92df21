import type { Transcript } from "../../wire/transcript.ts";
import { always, type ClientCheck } from "../check.ts";
import { describeStay, exitOf, shown, showsBeginning, showsNotation, speaker } from "../client-reading.ts";
import { echo, hasClosed, hasEnded, hear, seeOff } from "../client-talk.ts";
import { before, fail, has, join, PASS, sentTo } from "../reading.ts";

/**
 * A reply that takes this long is slow, not lost: ten times a round trip around the world. A client that is proved to
 * wait without a time limit gets its reply at once; only of the others a clock can tell whether they wait.
 */
const LATE_MS = 700;

export const check: ClientCheck = {
  title: { en: "waits for a server that takes its time", id: "menunggu server yang lambat membalas" },
  why: {
    en: "sleep() guesses how long the reply takes and is wrong on a slow network. recv() waits exactly as long as needed.",
    id: "sleep() menebak berapa lama balasan datang dan meleset di jaringan yang lambat. recv() menunggu tepat selama yang diperlukan.",
  },
  requirement: "client-receives",
  cites: [
    {
      source: "recv(2)",
      quote: "If no messages are available at the socket, the receive calls wait for a message to arrive",
    },
  ],
  level: always("should"),
  after: ["reads-the-reply"],
  async stimulate(scene) {
    await scene.serve(() => {});
    const probe = await hear(scene);
    if (probe) {
      const start = performance.now();
      await scene.conversation.until(() => hasEnded(scene) || hasClosed(probe) || performance.now() - start > LATE_MS);
      const hasLeft = hasEnded(scene) || hasClosed(probe);
      if (!hasLeft) echo(scene, probe);
      if (hasLeft || probe.ended) await seeOff(scene, { shows: probe.bytes });
    }
  },
  judge(transcript) {
    const expected = {
      en: `The reply comes up to ${LATE_MS} ms late, and the client still receives it.`,
      id: `Balasan terlambat sampai ${LATE_MS} ms, dan klien tetap menerimanya.`,
    };
    if (has(transcript, "sent") && !gaveUp(transcript)) return PASS;
    const early = { en: "The client gave up before the reply came.", id: "Klien menyerah sebelum balasan datang." };
    return fail(expected, join(early, describeStay(transcript)));
  },
};

/** It had finished when the reply came, shows nothing of it, and fails. Whoever only finishes sending goes on to read. */
function gaveUp(transcript: Transcript): boolean {
  const peer = speaker(transcript);
  const [reply, output, exit] = [sentTo(transcript, peer), shown(transcript), exitOf(transcript)];
  const hadFinished = has(before(transcript, "sent"), "ended", peer);
  const shows = showsBeginning(output, reply) || showsNotation(output, reply);
  return hadFinished && exit !== undefined && exit.code !== 0 && !shows;
}
