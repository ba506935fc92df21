import type { ClientCheck } from "../check.ts";
import { shown, showsBeginning, showsInPieces, showsText, speaker } from "../client-reading.ts";
import { serve } from "../datagram-talk.ts";
import { all, fail, PASS, plural } from "../reading.ts";

/** More than a recvfrom(1024) takes, and a text that somebody may well type. */
const LETTERS = 2000;

export const check: ClientCheck = {
  title: { en: "reads a long datagram to its end", id: "membaca datagram panjang sampai habis" },
  why: {
    en: "recvfrom(1024) takes 1024 bytes at most, and what is left of the datagram is gone. A reply is as long as the message was.",
    id: "recvfrom(1024) mengambil paling banyak 1024 byte, dan sisa datagram itu hilang. Balasan sama panjangnya dengan pesan.",
  },
  requirement: "udp-client-receives",
  cites: [
    {
      source: "recvfrom(2)",
      quote:
        "If a message is too long to fit in the supplied buffer, excess bytes may be discarded depending on the type of socket the message is received from.",
    },
  ],
  level: ({ client }) => (client.printsReply && client.message.by !== "fixed" ? "should" : undefined),
  after: ["sends-its-message", "shows-the-reply"],
  async stimulate(scene) {
    const { contract, payload } = scene;
    const message = payload.nonce(Math.min(LETTERS, contract.bufferBytes));
    await scene.serveDatagrams(() => {});
    await serve({ ...scene, run: () => scene.run(message) }, (bytes) => bytes);
  },
  judge(transcript) {
    // The others, if there are more, are like it.
    const reply = all(transcript, "sent", speaker(transcript))[0]?.bytes ?? Buffer.alloc(0);
    const output = shown(transcript);
    // Whether it shows replies at all is for `shows-the-reply`.
    if (showsText(output, reply) || showsInPieces(output, reply) || !showsBeginning(output, reply)) return PASS;
    return fail(
      {
        en: `The client prints the whole reply, ${plural(reply.length, "byte")}.`,
        id: `Klien mencetak seluruh balasan, ${reply.length} byte.`,
      },
      {
        en: "It printed the beginning of the reply, and the rest is missing.",
        id: "Klien mencetak bagian awal balasan, dan sisanya tidak ada.",
      },
    );
  },
};
