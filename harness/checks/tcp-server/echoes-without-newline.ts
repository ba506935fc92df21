import { always, RFC862, type ServerCheck } from "../check.ts";
import { judgeEcho } from "../echo.ts";

export const check: ServerCheck = {
  title: { en: "answers without waiting for a line end", id: "menjawab tanpa menunggu akhir baris" },
  why: {
    en: 'TCP knows no lines. A server that waits for "\\n" (readline) leaves a client waiting that sends none.',
    id: 'TCP tidak mengenal baris. Server yang menunggu "\\n" (readline) membuat klien yang tidak mengirimnya menunggu terus.',
  },
  requirement: "echoes",
  cites: [RFC862],
  level: always("must"),
  after: ["echoes-a-message"],
  async stimulate({ connect, conversation, payload }) {
    const probe = await connect();
    probe.send(payload.nonce());
    await conversation.receive(probe, probe.sent);
    await conversation.allSaid(); // bytes too many may follow in a segment of their own
    probe.close();
  },
  judge: (transcript) => judgeEcho(transcript, "A"),
};
