import { byContract, LECTURE, MUST_ECHO, type ServerCheck } from "../check.ts";
import { describeEnd, judgeEcho } from "../echo.ts";
import { fail, has, join, PASS } from "../reading.ts";

export const check: ServerCheck = {
  title: { en: "closes the client's connection after its echo", id: "menutup koneksi klien setelah echo" },
  why: {
    en: "In the lecture's server each client gets one echo, then its own socket is closed. The listening socket stays open.",
    id: "Pada server di kuliah, setiap klien mendapat satu echo, lalu socket klien di sisi server ditutup. Socket server tetap terbuka.",
  },
  requirement: "echoes",
  cites: [LECTURE, { source: "lecture", quote: "client_sock.close()" }],
  level: byContract({ "one-shot": "must" }),
  after: [...MUST_ECHO, "accepts-the-next-client"],
  async stimulate({ connect, conversation, payload }) {
    const probe = await connect();
    probe.send(payload.nonce());
    await conversation.receive(probe, probe.sent);
    await conversation.ending(probe);
    probe.close();
    const next = await connect();
    next.send(payload.nonce());
    await conversation.receive(next, next.sent);
    next.close();
  },
  judge(transcript) {
    const echo = judgeEcho(transcript, "A");
    if (echo.outcome !== "pass") return echo;
    if (!has(transcript, "ended", "A") && !has(transcript, "reset", "A")) {
      return fail(
        {
          en: "After its echo the server closes this client's connection.",
          id: "Setelah echo, server menutup koneksi klien ini.",
        },
        join(
          { en: "The echo came, but the connection stays open.", id: "Echo datang, tetapi koneksi tetap terbuka." },
          describeEnd(transcript, "A"),
        ),
      );
    }
    return judgeNextServed(transcript);
  },
};

function judgeNextServed(transcript: Parameters<typeof judgeEcho>[0]): ReturnType<typeof judgeEcho> {
  const next = judgeEcho(transcript, "B");
  return next.outcome === "pass" ? PASS : next;
}
