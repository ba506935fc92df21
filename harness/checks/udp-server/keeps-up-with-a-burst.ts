import { always, MUST_ANSWER, RFC862_UDP, type ServerCheck } from "../check.ts";
import { ask, judgeDatagrams, TRIES } from "../datagram-echo.ts";

/** Loopback itself loses none of so many small ones; of 500 it does. */
const DATAGRAMS = 32;
const BYTES = 100;

export const check: ServerCheck = {
  title: { en: "answers every datagram of a burst", id: "membalas setiap datagram yang datang beruntun" },
  why: {
    en: "Datagrams that come while the server is busy wait in its socket. Each of them is a message, not only the newest.",
    id: "Datagram yang datang saat server sibuk menunggu di socket-nya. Setiap datagram adalah pesan, bukan hanya yang terbaru.",
  },
  requirement: "udp-echoes",
  cites: [RFC862_UDP],
  level: always("should"),
  after: [...MUST_ANSWER, "echoes-every-datagram"],
  async stimulate({ open, conversation, payload }) {
    const probe = await open();
    const burst = (): Buffer[] => Array.from({ length: DATAGRAMS }, () => payload.nonce(BYTES));
    await ask(conversation, probe, burst, TRIES);
    await conversation.allSaid(); // datagrams too many may follow
  },
  judge: (transcript) => judgeDatagrams(transcript, "A", DATAGRAMS),
};
