import { withSmallBuffers } from "../../wire/small-buffers.ts";
import type { ClientCheck, ClientScene } from "../check.ts";
import { whereChosen } from "../client-reading.ts";
import { hasEnded, seeOff, untilItSpeaks } from "../client-talk.ts";
import { LockstepEcho } from "../lockstep-echo.ts";
import { interruptSend, judgeInterrupted, SHORT_WRITE } from "../short-write.ts";
import { judgeBytes, lengthFor } from "./sends-a-long-message.ts";

export const check: ClientCheck = {
  title: {
    en: "goes on sending when send() takes only a part",
    id: "terus mengirim saat send() hanya mengambil sebagian",
  },
  why: {
    en: "send() may take only a part of the bytes and returns how many. Who does not look at that loses the rest.",
    id: "send() bisa mengambil sebagian byte saja dan mengembalikan jumlahnya. Jika tidak diperiksa, sisanya hilang.",
  },
  requirement: "client-sends",
  cites: SHORT_WRITE,
  level: whereChosen("should"),
  after: ["sends-a-long-message"],
  needsOwnNetwork: true,
  async stimulate(scene) {
    const { conversation, payload } = scene;
    const message = payload.nonce(lengthFor(scene.contract));
    const echo = await withSmallBuffers(() => begin(scene, message));
    if (echo) {
      await echo.hear(message.length);
      conversation.recorder.add({ type: "measured", what: "bytes-before-echo", value: echo.probe.received });
      await echo.run(message);
    }
    if (hasEnded(scene) || conversation.probes.some(({ over }) => over)) await seeOff(scene);
  },
  judge: (transcript) => judgeInterrupted(transcript, judgeBytes(transcript)),
};

/** The client begins to send, and is not read from when the first bytes have come. */
async function begin(scene: ClientScene, message: Buffer): Promise<LockstepEcho | undefined> {
  const { conversation } = scene;
  const echoes: LockstepEcho[] = [];
  await scene.serve((probe) => echoes.push(new LockstepEcho(scene, probe, { stalls: true })));
  await scene.run(message);
  const speaking = (): LockstepEcho | undefined => echoes.find(({ begun }) => begun);
  await untilItSpeaks(scene, () => speaking() !== undefined || hasEnded(scene));
  const echo = speaking();
  if (echo) await interruptSend(conversation, echo.probe);
  return echo;
}
