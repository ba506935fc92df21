import { byContract, type ServerCheck } from "../check.ts";
import { judgeEcho, judgeNext } from "../echo.ts";

export const check: ServerCheck = {
  title: { en: "survives a client whose connection breaks (RST)", id: "bertahan saat koneksi klien terputus (RST)" },
  why: {
    en: "When a client crashes, recv() or send() raises ConnectionResetError (Node: an 'error' event). One client's accident must not end the server.",
    id: "Jika klien mati mendadak, recv() atau send() memunculkan ConnectionResetError (Node: event 'error'). Musibah satu klien tidak boleh menghentikan server.",
  },
  requirement: "endures",
  cites: [{ source: "RFC 9293 section 3.10.7", quote: "connection reset" }],
  level: byContract({ "one-shot": "should", stream: "must" }),
  after: ["accepts-the-next-client"],
  async stimulate({ connect, conversation, payload, contract }) {
    const atOnce = await connect();
    await conversation.rest();
    atOnce.reset();
    await conversation.rest();

    const afterSending = await connect();
    await conversation.rest();
    // Asleep, it finds the bytes and the RST together: whether it would have read in between is a matter of luck.
    const { subject } = conversation;
    if (process.platform !== "win32") await subject.pause();
    afterSending.send(payload.nonce(8));
    afterSending.reset();
    if (process.platform !== "win32") subject.resume();
    await conversation.rest();

    const midEcho = await connect();
    midEcho.send(payload.nonce(8));
    await conversation.receive(midEcho, midEcho.sent);
    if (contract.kind === "stream") {
      midEcho.stall();
      midEcho.send(payload.nonce(200_000));
      await conversation.rest();
    }
    midEcho.reset();
    await conversation.rest();

    const next = await connect();
    next.send(payload.nonce(8));
    await conversation.receive(next, next.sent);
    next.close();
  },
  judge: (transcript) => judgeNext(judgeEcho(transcript, "D"), transcript, AFTER_A_RESET),
};

const AFTER_A_RESET = {
  en: "After clients A, B and C broke off with RST, client D was not served.",
  id: "Setelah klien A, B, dan C terputus dengan RST, klien D tidak dilayani.",
};
