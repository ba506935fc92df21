import { always, MUST_ANSWER, RFC862_UDP, type ServerCheck } from "../check.ts";
import { judgeEach, LOST_AT_MOST } from "../datagram-echo.ts";

/** Of so many, a server that answers seven of ten by chance passes over two or more in 998 of 1000 runs. */
const DATAGRAMS = 24;
/** The last of them are the same: who says something again is answered again. */
const ALIKE = 4;

export const check: ServerCheck = {
  title: { en: "answers every single datagram", id: "membalas setiap datagram tanpa terkecuali" },
  why: {
    en: "An echo server answers each datagram that it receives, the tenth like the first. UDP may lose some on their way; the server itself must not.",
    id: "Server echo membalas setiap datagram yang diterimanya, yang kesepuluh seperti yang pertama. UDP bisa kehilangan datagram di jalan; server sendiri tidak boleh.",
  },
  requirement: "udp-echoes",
  cites: [RFC862_UDP],
  level: always("must"),
  after: MUST_ANSWER,
  async stimulate({ open, conversation, payload }) {
    const probe = await open();
    const lost = (): number => probe.sent.length - probe.received.length;
    const isClear = (): boolean => lost() > LOST_AT_MOST && probe.received.length > 0;
    let text = payload.nonce(8);
    while (probe.sent.length < DATAGRAMS && !isClear()) {
      const before = probe.received.length;
      probe.send(text);
      await conversation.until(() => probe.received.length > before || probe.over);
      if (probe.over || conversation.subject.exit !== undefined) return;
      if (probe.sent.length <= DATAGRAMS - ALIKE) text = payload.nonce(8);
    }
  },
  judge: (transcript) => judgeEach(transcript, "A", DATAGRAMS),
};
