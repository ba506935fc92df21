import { always, RFC862_UDP, type ServerCheck } from "../check.ts";
import { ask, judgeDatagrams } from "../datagram-echo.ts";

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
    const lockstep = await ask(conversation, probe, () => [payload.nonce(9)]);
    if (!lockstep || !(await ask(conversation, probe, () => [payload.nonce(6)]))) return;
    const together = await open();
    await ask(conversation, together, () => [payload.nonce(10), payload.nonce(9)]);
    await conversation.allSaid(); // datagrams too many may follow
  },
  judge(transcript) {
    const lockstep = judgeDatagrams(transcript, "A");
    return lockstep.outcome === "pass" ? judgeDatagrams(transcript, "B", 2) : lockstep;
  },
};
