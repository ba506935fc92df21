import { always, MUST_ANSWER, type ServerCheck } from "../check.ts";
import { ask, judgeDatagrams } from "../datagram-echo.ts";
import { judgeNext } from "../echo.ts";
import { WORDS } from "../tcp-server/echoes-a-quit-word.ts";

/** More than most buffers hold. */
const LONG = 20_000;

export const check: ServerCheck = {
  title: { en: "goes on after odd datagrams", id: "tetap berjalan setelah datagram yang aneh" },
  why: {
    en: "Anybody can send anything to a UDP port: nothing at all, bytes that are no text, words like exit. None of that is a reason to end.",
    id: "Siapa pun bisa mengirim apa saja ke port UDP: kosong, byte yang bukan teks, kata seperti exit. Semua itu bukan alasan untuk berhenti.",
  },
  requirement: "udp-endures",
  cites: [
    { source: "RFC 1122 section 1.2.2", quote: "Be liberal in what you accept, and conservative in what you send" },
  ],
  level: always("must"),
  after: MUST_ANSWER,
  async stimulate({ open, conversation, payload }) {
    const odd = [Buffer.alloc(0), Buffer.from([0xff, 0xfe, 0x00, 0xc3]), ...WORDS.map((word) => Buffer.from(word))];
    const probe = await open();
    for (const bytes of [...odd, payload.nonce(LONG)]) {
      probe.send(bytes);
      await conversation.rest();
    }
    await ask(conversation, await open(), () => [payload.nonce(8)]);
  },
  judge: (transcript) => judgeNext(judgeDatagrams(transcript, "B"), transcript, AFTER),
};

const AFTER = {
  en: "After client A had sent odd datagrams, client B was not answered.",
  id: "Setelah klien A mengirim datagram yang aneh, klien B tidak dibalas.",
};
