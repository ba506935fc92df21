import type { ClientCheck } from "../check.ts";
import { describeStay } from "../client-reading.ts";
import { hasEnded, hear } from "../client-talk.ts";
import { fail, has, last, PASS } from "../reading.ts";

/** Longer than the time limits that programs usually set: 5, 10 or 15 s. */
const GIVES_UP_MS = 20_000;

export const check: ClientCheck = {
  title: { en: "does not wait for ever", id: "tidak menunggu selamanya" },
  why: {
    en: "A server may never answer. settimeout() (Node: socket.setTimeout) limits the wait, so that the client can say so and end.",
    id: "Server bisa saja tidak pernah membalas. settimeout() (Node: socket.setTimeout) membatasi waktu tunggu, sehingga klien bisa memberi tahu lalu berhenti.",
  },
  requirement: "client-endures",
  cites: [{ source: "Python documentation, socket.settimeout", quote: "Set a timeout on blocking socket operations." }],
  level: ({ client }) => (client.mustTimeOut ? "must" : "info"),
  after: ["reads-the-reply"],
  async stimulate(scene) {
    const { conversation, contract } = scene;
    await scene.serve(() => {});
    if (!(await hear(scene))) return;
    if (contract.client.mustTimeOut) {
      await conversation.until(() => hasEnded(scene), { atLeastMs: GIVES_UP_MS });
      return;
    }
    // Where the assignment does not ask for a time limit, it is enough to see whether the wait has one.
    const endless = process.platform === "linux" && (await conversation.rest()) === "proved";
    if (endless) await conversation.until(() => hasEnded(scene));
  },
  judge(transcript) {
    if (has(transcript, "exited") || !last(transcript, "silent")) return PASS;
    return fail(
      {
        en: "No reply ever comes: the client gives up by itself.",
        id: "Balasan tidak pernah datang: klien menyerah sendiri.",
      },
      describeStay(transcript),
    );
  },
};
