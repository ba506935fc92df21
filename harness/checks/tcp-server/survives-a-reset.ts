import type { Text } from "../../text.ts";
import { byContract, type ServerCheck } from "../check.ts";
import { judgeEcho, judgeNext } from "../echo.ts";
import { all, peers, plural } from "../reading.ts";

/** Of several processes or threads that share the work each must survive; so many a server seldom has. */
const WORKERS = 8;
/** Of a server that takes its time fewer have to do. */
const LONG_MS = 3000;

export const check: ServerCheck = {
  title: { en: "survives a client whose connection breaks (RST)", id: "bertahan saat koneksi klien terputus (RST)" },
  why: {
    en: "When a client crashes, recv() or send() raises ConnectionResetError (Node: an 'error' event). One client's accident must not end the server.",
    id: "Jika klien mati mendadak, recv() atau send() memunculkan ConnectionResetError (Node: event 'error'). Musibah satu klien tidak boleh menghentikan server.",
  },
  requirement: "endures",
  cites: [{ source: "RFC 9293 section 3.10.7", quote: "connection reset" }],
  level: byContract({ "one-shot": "should", stream: "must" }),
  after: ["accepts-the-next-client"],
  async stimulate({ connect, conversation, payload, contract }) {
    const atOnce = await connect();
    await conversation.rest();
    atOnce.reset();
    await conversation.rest();

    const afterSending = await connect();
    await conversation.rest();
    // Asleep, it finds the bytes and the RST together: whether it would have read in between is a matter of luck.
    const { subject } = conversation;
    if (process.platform !== "win32") await subject.pause();
    afterSending.send(payload.nonce(8));
    afterSending.reset();
    if (process.platform !== "win32") subject.resume();
    await conversation.rest();

    const midEcho = await connect();
    midEcho.send(payload.nonce(8));
    await conversation.receive(midEcho, midEcho.sent);
    if (contract.kind === "stream") {
      midEcho.stall();
      midEcho.send(payload.nonce(200_000));
      await conversation.rest();
    }
    midEcho.reset();
    await conversation.rest();

    const began = performance.now();
    for (let left = WORKERS; ; left--) {
      const next = await connect();
      next.send(payload.nonce(8));
      const served = (await conversation.receive(next, next.sent)) === "met";
      if (!served || left === 0 || performance.now() - began > LONG_MS) return next.close();
      next.reset();
      await conversation.rest();
    }
  },
  judge(transcript) {
    const resets = all(transcript, "closed").filter(({ by }) => by === "rst").length;
    return judgeNext(judgeEcho(transcript, peers(transcript).at(-1) ?? "A"), transcript, afterResets(resets));
  },
};

function afterResets(count: number): Text {
  return {
    en: `After ${plural(count, "client")} had broken off with RST, the next one was not served.`,
    id: `Setelah ${count} klien terputus dengan RST, klien berikutnya tidak dilayani.`,
  };
}
