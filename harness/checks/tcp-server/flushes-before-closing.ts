import { byContract, MUST_ECHO, type ServerCheck } from "../check.ts";
import { judgeClosed, judgeEcho } from "../echo.ts";

const MESSAGE = 20_000;

export const check: ServerCheck = {
  title: {
    en: "sends everything back, then closes, when the client has finished",
    id: "mengirim balik semuanya lalu menutup koneksi ketika klien selesai",
  },
  why: {
    en: "When recv() returns b'' the client sends no more, but it still waits for its echo and for the end of the connection.",
    id: "Saat recv() mengembalikan b'', klien tidak mengirim lagi, tetapi masih menunggu echo dan penutupan koneksi.",
  },
  requirement: "echoes",
  cites: [
    { source: "RFC 862", quote: "This continues until the calling user terminates the connection." },
    {
      source: "RFC 9293 section 3.6",
      quote:
        "A user who CLOSEs may continue to RECEIVE until the TCP receiver is told that the remote peer has CLOSED also.",
    },
  ],
  level: byContract({ "one-shot": "should", stream: "must" }),
  after: MUST_ECHO,
  async stimulate({ connect, contract, conversation, payload }) {
    const { subject } = conversation;
    // The end lies behind the bytes before the program reads: how far apart it finds them is no matter of luck.
    if (process.platform !== "win32") await subject.pause();
    const probe = await connect();
    // A server that receives once need not have room for more than was agreed.
    const room = contract.kind === "stream" ? MESSAGE : contract.bufferBytes;
    probe.send(payload.nonce(Math.min(MESSAGE, room)));
    await probe.halfClose();
    if (process.platform !== "win32") subject.resume();
    await conversation.receive(probe, probe.sent);
    await conversation.ending(probe);
    const inOrder = probe.ended ? conversation.leftInOrder(probe) : undefined;
    if (inOrder !== undefined) {
      conversation.recorder.add({ type: "measured", what: "left-in-order", value: Number(inOrder) });
    }
    probe.close();
  },
  judge(transcript) {
    const echo = judgeEcho(transcript, "A");
    return echo.outcome === "pass" ? judgeClosed(transcript, "A") : echo;
  },
};
