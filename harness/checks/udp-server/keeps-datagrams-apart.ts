import { always, RFC862_UDP, type ServerCheck } from "../check.ts";
import { ask, datagramsOf, judgeDatagrams, judgeEach, LOST_AT_MOST } from "../datagram-echo.ts";

/** So many that whoever loses some by chance is seen to. */
const ONE_BY_ONE = 10;
/** Threads that share a variable answer both of two now and then, and hardly ever each time. */
const PAIRS = 4;

export const check: ServerCheck = {
  title: { en: "answers each datagram with one datagram", id: "membalas setiap datagram dengan satu datagram" },
  why: {
    en: "UDP keeps messages apart: what one sendto() sends, one recvfrom() receives. Two datagrams are answered by two, never by one that holds both.",
    id: "UDP menjaga batas pesan: yang dikirim satu sendto() diterima satu recvfrom(). Dua datagram dibalas dengan dua datagram, bukan satu yang berisi keduanya.",
  },
  requirement: "udp-echoes",
  cites: [RFC862_UDP],
  level: always("must"),
  after: ["answers-the-right-client"],
  async stimulate({ open, conversation, payload }) {
    const probe = await open();
    for (let nth = 0; nth < ONE_BY_ONE; nth++) {
      if (!(await ask(conversation, probe, () => [payload.nonce(nth % 2 === 0 ? 9 : 6)]))) return;
    }
    const together = await open();
    const pair = (): Buffer[] => [payload.nonce(10), payload.nonce(9)];
    if (probe.sent.length > ONE_BY_ONE) await ask(conversation, together, pair);
    else {
      const lost = (): number => together.sent.length - together.received.length;
      for (let nth = 0; nth < PAIRS && lost() <= LOST_AT_MOST; nth++) await ask(conversation, together, pair, 1);
    }
    await conversation.allSaid(); // datagrams too many may follow
  },
  judge(transcript) {
    const lockstep = judgeDatagrams(transcript, "A");
    if (lockstep.outcome !== "pass") return lockstep;
    // Whoever loses single ones loses one of two as well, by chance: that is for `echoes-every-datagram`.
    const losesSome = datagramsOf(transcript, "sent", "A").length > ONE_BY_ONE;
    return losesSome ? judgeDatagrams(transcript, "B", 2) : judgeEach(transcript, "B", 2 * PAIRS);
  },
};
