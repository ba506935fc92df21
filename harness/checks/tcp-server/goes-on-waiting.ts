import { always, LECTURE, type ServerCheck } from "../check.ts";
import { judgeEcho, judgeNext } from "../echo.ts";
import { AFTER_QUIET_TIME, comeLate } from "../quiet-time.ts";

export const check: ServerCheck = {
  title: { en: "goes on waiting while nobody comes", id: "tetap menunggu selama tidak ada yang datang" },
  why: {
    en: "Clients come when they like. A server that gives up after some seconds is gone before its client is started.",
    id: "Klien datang kapan saja. Server yang menyerah setelah beberapa detik sudah tidak ada ketika kliennya dijalankan.",
  },
  requirement: "endures",
  cites: [LECTURE, { source: "lecture", quote: "while True:" }],
  level: always("should"),
  after: ["accepts-the-next-client"],
  async stimulate({ connect, conversation, payload }) {
    await comeLate(conversation);
    const probe = await connect();
    probe.send(payload.nonce(8));
    await conversation.receive(probe, probe.sent);
    probe.close();
  },
  judge: (transcript) => judgeNext(judgeEcho(transcript, "A"), transcript, AFTER_QUIET_TIME),
};
