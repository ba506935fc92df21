import { byContract, RFC862, type ServerCheck } from "../check.ts";
import { judgeEcho, judgeTalk } from "../echo.ts";

const PIECES = 2;
/** Longer than the pauses of a person's network, shorter than any sensible idle time limit. */
const PAUSE_MS = 250;
/** A time limit of the program's own, where it can be seen, is outlasted up to this: a person who thinks before typing. */
const OUTLASTED_MS = 5000;

export const check: ServerCheck = {
  title: { en: "has patience with a slow client", id: "sabar terhadap klien yang lambat" },
  why: {
    en: "Some clients send a byte now and then. They must be served like the fast ones, and must not hold those up.",
    id: "Ada klien yang mengirim satu byte sesekali. Mereka harus dilayani seperti klien cepat, dan tidak boleh menghambat.",
  },
  requirement: "endures",
  cites: [RFC862],
  level: byContract({ stream: "should" }),
  after: ["accepts-the-next-client", "keeps-the-connection"],
  async stimulate({ connect, conversation, payload }) {
    const slow = await connect();
    for (const byte of payload.nonce(PIECES)) {
      if (slow.sent > 0) await conversation.sayNothing(PAUSE_MS, OUTLASTED_MS);
      // Somebody who is thrown out may be told so first.
      if (slow.received > slow.sent) await conversation.allSaid();
      if (slow.over) break;
      slow.send(Buffer.from([byte]));
      await conversation.receive(slow, slow.sent);
    }
    slow.halfClose();
    await conversation.allSaid();
    slow.close();
    const other = await connect();
    other.send(payload.nonce(8));
    await conversation.receive(other, other.sent);
    other.close();
  },
  judge(transcript) {
    const slow = judgeTalk(transcript, "A", PIECES);
    return slow.outcome === "pass" ? judgeEcho(transcript, "B") : slow;
  },
};
