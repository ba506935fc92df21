import { byContract, MUST_ECHO, RFC862, type ServerCheck } from "../check.ts";
import { judgeEcho } from "../echo.ts";

const MESSAGES = 20;

export const check: ServerCheck = {
  title: { en: "sends back messages that arrive joined together", id: "mengirim balik pesan-pesan yang tiba menyatu" },
  why: {
    en: "Many send() of the client may arrive in a single recv(): TCP keeps the bytes and their order, not the messages.",
    id: "Banyak send() dari klien bisa tiba dalam satu recv(): TCP menjaga byte dan urutannya, bukan batas pesan.",
  },
  requirement: "byte-stream",
  cites: [RFC862],
  level: byContract({ "one-shot": "must", stream: "must" }),
  after: MUST_ECHO,
  async stimulate({ connect, conversation, payload, contract }) {
    if (process.platform === "win32") {
      conversation.recorder.add({ type: "not-achieved", why: "needs-linux" });
      return;
    }
    const { subject } = conversation;
    await subject.pause();
    const probe = await connect();
    const messages = contract.kind === "one-shot" ? 4 : MESSAGES;
    for (let i = 0; i < messages; i++) probe.send(payload.nonce(8));
    subject.resume();
    await conversation.receive(probe, probe.sent);
    await conversation.allSaid(); // bytes too many may follow in a segment of their own
    probe.close();
  },
  // One receive may find only the first of them: then a one-shot server owes no more.
  judge: (transcript, { kind }) =>
    judgeEcho(
      transcript,
      "A",
      (sent, received) =>
        kind === "one-shot" && received.length >= 8 && sent.subarray(0, received.length).equals(received),
    ),
};
