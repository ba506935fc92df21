import { always, type ClientCheck } from "../check.ts";
import { describeStay } from "../client-reading.ts";
import { echo, hasClosed, hasEnded, hear, seeOff } from "../client-talk.ts";
import { fail, has, join, PASS } from "../reading.ts";

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
      if (hasEnded(scene) || hasClosed(probe)) await seeOff(scene);
      else echo(scene, probe);
    }
  },
  judge(transcript) {
    const expected = {
      en: `The reply comes up to ${LATE_MS} ms late, and the client still receives it.`,
      id: `Balasan terlambat sampai ${LATE_MS} ms, dan klien tetap menerimanya.`,
    };
    if (has(transcript, "sent")) return PASS;
    const early = { en: "The client gave up before the reply came.", id: "Klien menyerah sebelum balasan datang." };
    return fail(expected, join(early, describeStay(transcript)));
  },
};
