import { socketInodes } from "../../kernel/processes.ts";
import type { Text } from "../../text.ts";
import { byContract, type ServerCheck, type ServerScene } from "../check.ts";
import { describeExit } from "../echo.ts";
import { fail, inconclusive, measured, PASS, peers, receivedFrom, sentTo } from "../reading.ts";

const CYCLES = 50;
/** After so many it is looked whether the server still sleeps: one that spins takes seconds for a client. */
const CYCLES_AT_ONCE = 10;
/** Those of a server that takes a second for each client are enough after this long. */
const CYCLES_FOR_MS = 10_000;
/** Connections that a program may close a little later, or keep until its garbage is collected. */
const TOLERATED = 5;

export const check: ServerCheck = {
  title: { en: "closes the sockets of clients that have left", id: "menutup socket klien yang sudah pergi" },
  why: {
    en: "Every open socket costs a descriptor. A server that never closes them cannot accept anybody after about 1000 clients.",
    id: "Setiap socket yang terbuka memakai satu descriptor. Server yang tidak menutupnya tidak bisa melakukan accept lagi setelah sekitar 1000 klien.",
  },
  requirement: "tidy",
  cites: [
    {
      source: "close(2)",
      quote: "close() closes a file descriptor, so that it no longer refers to any file and may be reused.",
    },
  ],
  level: byContract({ "one-shot": "should", stream: "must" }),
  after: ["accepts-the-next-client"],
  async stimulate(scene) {
    const { conversation, payload } = scene;
    const { recorder } = conversation;
    if (process.platform !== "linux") {
      recorder.add({ type: "not-achieved", why: "needs-linux" });
      return;
    }
    await conversation.rest();
    const before = openSockets(scene);
    recorder.add({ type: "measured", what: "open-sockets-before", value: before });
    const allAreClosed = (): Promise<unknown> =>
      conversation.until(() => openSockets(scene) <= before, { progress: () => openSockets(scene) });
    const began = performance.now();
    for (let [cycle, unserved] = [0, 0]; cycle < CYCLES && unserved < 2; ) {
      const probe = await scene.connect();
      probe.send(payload.nonce(4));
      await conversation.receive(probe, probe.sent);
      probe.halfClose();
      if (probe.received < probe.sent) {
        // It may have come too soon, where there are places for few.
        if (++unserved < 2) await allAreClosed();
        continue;
      }
      probe.close();
      unserved = 0;
      const pause = ++cycle % CYCLES_AT_ONCE === 0;
      if (pause && ((await conversation.rest()) === "busy" || performance.now() - began > CYCLES_FOR_MS)) break;
    }
    await allAreClosed();
    recorder.add({ type: "measured", what: "open-sockets-after", value: openSockets(scene) });
  },
  judge(transcript) {
    const before = measured(transcript, "open-sockets-before");
    const after = measured(transcript, "open-sockets-after");
    const expected = {
      en: "After many clients have come and gone, no more sockets are open than before.",
      id: "Setelah banyak klien datang dan pergi, jumlah socket yang terbuka sama seperti semula.",
    };
    const end = describeExit(transcript);
    if (end) return fail(expected, end);
    const clients = peers(transcript);
    const lastServed = clients.findLastIndex(
      (peer) => receivedFrom(transcript, peer).length >= sentTo(transcript, peer).length,
    );
    if (lastServed >= 0 && lastServed < clients.length - 1) return fail(expected, describeUnserved(lastServed + 1));
    if (before === undefined || after === undefined) {
      return inconclusive(expected, {
        en: "Open sockets could not be counted here.",
        id: "Socket yang terbuka tidak bisa dihitung di sini.",
      });
    }
    if (after - before <= TOLERATED) return PASS;
    return fail(expected, {
      en: `${after - before} sockets more are still open.`,
      id: `${after - before} socket lagi masih terbuka.`,
    });
  },
};

function describeUnserved(served: number): Text {
  return {
    en: `After ${served} clients the next one was not served any more.`,
    id: `Setelah ${served} klien, klien berikutnya tidak dilayani lagi.`,
  };
}

function openSockets({ conversation }: ServerScene): number {
  return socketInodes(conversation.subject.processes()).length;
}
