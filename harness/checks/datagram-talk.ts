import { EXIT_MS } from "../wire/conversation.ts";
import type { DatagramProbe } from "../wire/datagram-probe.ts";
import type { ClientScene } from "./check.ts";
import { shown, showsText } from "./client-reading.ts";
import { endInput, hasEnded, isGone, mayComeToAnEnd, untilItSpeaks } from "./client-talk.ts";

/** What checks of a UDP client do as its server. Everything here acts, nothing judges. */

/** A client that neither sleeps nor sends for this long is computing or polling. */
const BUSY_MS = 300;

/**
 * Starts the client and answers each datagram by `reply`, until the client is gone, or it is certain that it stays.
 *
 * @param reply nothing is sent for `undefined`
 * @param shows a client that has printed what this returns has done all that matters, and need not end
 */
export async function serve(
  scene: ClientScene,
  reply: (bytes: Buffer, probe: DatagramProbe) => Buffer | undefined | Promise<Buffer>,
  shows: () => Buffer | undefined = () => undefined,
): Promise<void> {
  await scene.run();
  const { conversation } = scene;
  const satisfied = (): boolean => {
    const text = shows();
    return text !== undefined && showsText(shown(conversation.recorder.events), text) && !hasEnded(scene);
  };
  const answered = new Map<DatagramProbe, number>();
  const due = (): DatagramProbe[] =>
    conversation.datagrams.filter((probe) => probe.received.length > (answered.get(probe) ?? 0));
  const began = performance.now();
  for (let replies = 0; mayComeToAnEnd(replies, performance.now() - began); replies++) {
    // Who has its reply may look at the clock before it ends.
    const atLeastMs = replies > 0 ? EXIT_MS : 0;
    await untilItSpeaks(scene, () => hasEnded(scene) || satisfied() || due().length > 0, atLeastMs);
    if (due().length === 0 || hasEnded(scene) || satisfied()) return;
    // What it prints before it has its reply belongs before it.
    await conversation.rest(BUSY_MS);
    if (await isGone(scene)) return;
    for (const probe of due()) {
      const at = answered.get(probe) ?? 0;
      answered.set(probe, at + 1);
      const bytes = await reply(probe.received[at] ?? Buffer.alloc(0), probe);
      if (bytes) probe.send(bytes);
    }
  }
}

/** A whole ordinary conversation. Also a client with a TCP socket is heard, so that it can be told. */
export async function talkInDatagrams(scene: ClientScene): Promise<void> {
  await scene.serveDatagrams(() => {});
  await scene.serve(() => {});
  await serve(scene, (bytes) => bytes);
  if (hasEnded(scene) || scene.contract.client.message.by !== "stdin") return;
  await endInput(scene);
}
