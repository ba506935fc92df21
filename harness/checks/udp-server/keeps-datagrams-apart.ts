import { always, RFC862_UDP, type ServerCheck } from "../check.ts";
import { ask, judgeDatagrams, PROVED_TRIES, TRIES } from "../datagram-echo.ts";

const ONE_BY_ONE = 10;

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
    // Whoever loses single ones will lose one of two as well, and by chance.
    const tries = probe.sent.length > ONE_BY_ONE ? PROVED_TRIES : TRIES;
    await ask(conversation, await open(), () => [payload.nonce(10), payload.nonce(9)], tries);
    await conversation.allSaid(); // datagrams too many may follow
  },
  judge(transcript) {
    const lockstep = judgeDatagrams(transcript, "A");
    return lockstep.outcome === "pass" ? judgeDatagrams(transcript, "B", 2) : lockstep;
  },
};
