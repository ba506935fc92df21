import { byContract, MUST_ECHO, RFC862, type ServerCheck } from "../check.ts";
import { judgeTalk } from "../echo.ts";

/** The last two are the same: who says something again is answered again. */
const MESSAGES = 4;

export const check: ServerCheck = {
  title: { en: "answers again and again on one connection", id: "menjawab berulang kali dalam satu koneksi" },
  why: {
    en: "The server must go on receiving until the client has finished. A single recv() answers only the first message.",
    id: "Server harus terus menerima sampai klien selesai. Satu kali recv() hanya menjawab pesan pertama.",
  },
  requirement: "byte-stream",
  cites: [RFC862],
  level: byContract({ stream: "must" }),
  after: MUST_ECHO,
  async stimulate({ connect, conversation, payload }) {
    const probe = await connect();
    let text = payload.nonce(8);
    for (let message = 1; message <= MESSAGES; message++) {
      probe.send(text);
      await conversation.receive(probe, probe.sent);
      if (probe.received < probe.sent) break;
      if (message < MESSAGES - 1) text = payload.nonce(8);
    }
    await conversation.allSaid(); // bytes too many may follow in a segment of their own
    probe.close();
  },
  judge: (transcript) => judgeTalk(transcript, "A", MESSAGES),
};
