import { BodyExchange } from "../../wire/body.ts";
import type { Probe } from "../../wire/probe.ts";
import { withSmallBuffers } from "../../wire/small-buffers.ts";
import { byContract, type ServerCheck, type ServerScene } from "../check.ts";
import { judgeBody } from "../large-body.ts";
import { interruptSend, judgeInterrupted, SHORT_WRITE, socketOf } from "../short-write.ts";

/** Twice what lies in the buffers of a listener that was made before they became small (128 KiB), and a large receive. */
const BODY = 300_000;
/** What such a listener's connection takes without anybody reading, and several times what a small buffer takes. */
const ONE_MESSAGE = 32_768;

export const check: ServerCheck = {
  title: {
    en: "goes on sending when send() takes only a part",
    id: "terus mengirim saat send() hanya mengambil sebagian",
  },
  why: {
    en: "send() may take only a part of the bytes and returns how many. Who does not look at that loses the rest.",
    id: "send() bisa mengambil sebagian byte saja dan mengembalikan jumlahnya. Jika tidak diperiksa, sisanya hilang.",
  },
  requirement: "byte-stream",
  cites: SHORT_WRITE,
  level: byContract({ "one-shot": "should", stream: "should" }),
  after: ["echoes-around-the-buffer", "flushes-before-closing", "closes-with-fin", "survives-a-stalled-reader"],
  needsOwnNetwork: true,
  turn: 1,
  async stimulate(scene) {
    const { conversation, contract, payload } = scene;
    const pattern = payload.nonce(contract.kind === "stream" ? BODY : Math.min(ONE_MESSAGE, contract.bufferBytes));
    const [probe, body] = await withSmallBuffers(async () => {
      const begun = await (contract.kind === "stream" ? streamBody : handOverMessage)(scene, pattern);
      await interruptSend(conversation, begun[0]);
      return begun;
    });
    probe.drain();
    await body.receive();
    await conversation.allSaid();
    body.finish();
    probe.close();
  },
  judge: (transcript) => judgeInterrupted(transcript, judgeBody(transcript, "A")),
};

/** As much as is taken while nobody reads what comes back; then our FIN. */
async function streamBody({ connect, conversation }: ServerScene, pattern: Buffer): Promise<[Probe, BodyExchange]> {
  const probe = await connect();
  probe.stall();
  const body = new BodyExchange(conversation, probe, pattern);
  await body.fill(pattern.length);
  probe.halfClose();
  return [probe, body];
}

/** The whole message lies in the program's socket before it receives: one receive takes it all. */
async function handOverMessage(
  { connect, conversation }: ServerScene,
  pattern: Buffer,
): Promise<[Probe, BodyExchange]> {
  const { recorder, subject } = conversation;
  await subject.pause();
  try {
    const probe = await connect();
    probe.stall();
    const body = new BodyExchange(conversation, probe, pattern);
    await body.send(pattern.length);
    const delivered = (): boolean => (socketOf(probe)?.rxQueue ?? 0) >= pattern.length;
    if ((await conversation.until(delivered)) !== "met") recorder.add({ type: "not-achieved", why: "not-delivered" });
    return [probe, body];
  } finally {
    subject.resume();
  }
}
