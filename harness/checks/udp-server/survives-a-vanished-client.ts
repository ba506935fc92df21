import { always, MUST_ANSWER, type ServerCheck } from "../check.ts";
import { ask, judgeDatagrams, whileStopped } from "../datagram-echo.ts";
import { judgeNext } from "../echo.ts";

export const check: ServerCheck = {
  title: {
    en: "survives a client that is gone before its reply",
    id: "bertahan saat klien pergi sebelum balasannya tiba",
  },
  why: {
    en: "A UDP client may leave without a word. The reply then meets no socket, and some systems report that as an error at the server's next call. One client's end must not be the server's.",
    id: "Klien UDP bisa pergi tanpa pemberitahuan. Balasan lalu tidak menemukan socket, dan sebagian sistem melaporkannya sebagai error pada panggilan server berikutnya. Klien yang pergi tidak boleh menghentikan server.",
  },
  requirement: "udp-endures",
  cites: [
    {
      source: "udp(7)",
      quote: "All fatal errors will be passed to the user as an error return even when the socket is not connected.",
    },
  ],
  level: always("must"),
  after: MUST_ANSWER,
  async stimulate({ open, conversation, payload }) {
    const gone = await open();
    await whileStopped(conversation, () => {
      gone.send(payload.nonce(8));
      gone.close();
    });
    await conversation.rest();
    await ask(conversation, await open(), () => [payload.nonce(8)]);
  },
  judge: (transcript) => judgeNext(judgeDatagrams(transcript, "B"), transcript, AFTER),
};

const AFTER = {
  en: "After client A had left without waiting for its reply, client B was not answered.",
  id: "Setelah klien A pergi tanpa menunggu balasannya, klien B tidak dibalas.",
};
