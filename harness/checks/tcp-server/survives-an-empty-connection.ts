import { always, type ServerCheck } from "../check.ts";
import { judgeEcho } from "../echo.ts";

export const check: ServerCheck = {
  title: {
    en: "survives a client that says nothing and leaves",
    id: "bertahan saat klien pergi tanpa mengirim apa pun",
  },
  why: {
    en: "recv() returns b'' when the client has closed. That is no message and no error: close this client's socket and go on.",
    id: "recv() mengembalikan b'' saat klien sudah menutup koneksi. Itu bukan pesan dan bukan error: tutup socket klien itu, lalu lanjutkan.",
  },
  requirement: "endures",
  cites: [
    {
      source: "recv(2)",
      quote: "When a stream socket peer has performed an orderly shutdown, the return value will be 0",
    },
  ],
  level: always("must"),
  after: ["accepts-the-next-client"],
  async stimulate({ connect, conversation, payload }) {
    const empty = await connect();
    empty.halfClose();
    await conversation.rest();
    empty.close();
    await conversation.rest();
    const next = await connect();
    next.send(payload.nonce(8));
    await conversation.receive(next, next.sent);
    next.close();
  },
  judge: (transcript) => judgeEcho(transcript, "B"),
};
