import type { Contract, Level } from "../../assignment/assignment.ts";
import type { Text } from "../../text.ts";
import { LECTURE, type ServerCheck } from "../check.ts";
import { isAnsweredAfterEndOf, judgeEcho } from "../echo.ts";
import { fail } from "../reading.ts";

export const check: ServerCheck = {
  title: {
    en: "a silent client does not keep others waiting",
    id: "klien yang diam tidak membuat klien lain menunggu",
  },
  why: {
    en: "A server that waits in recv() for one client cannot accept another: it needs threads, select or asyncio for that.",
    id: "Server yang menunggu di recv() untuk satu klien tidak bisa melakukan accept untuk klien lain: diperlukan thread, select, atau asyncio.",
  },
  requirement: "clients",
  cites: [LECTURE, { source: "lecture", quote: "satu socket per koneksi" }],
  level: ({ kind, concurrent }: Contract): Level => (concurrent ? "must" : kind === "stream" ? "should" : "info"),
  after: ["accepts-the-next-client"],
  async stimulate({ connect, conversation, payload }) {
    const silent = await connect();
    await conversation.rest();
    const speaking = await connect();
    speaking.send(payload.nonce(8));
    await conversation.receive(speaking, speaking.sent);
    silent.close();
    speaking.close();
  },
  judge(transcript) {
    const echo = judgeEcho(transcript, "B");
    return echo.outcome === "pass" && isAnsweredAfterEndOf(transcript, "A", "B") ? fail(AT_ONCE, ONLY_THEN) : echo;
  },
};

const AT_ONCE: Text = {
  en: "Client B gets its echo while client A is connected and says nothing.",
  id: "Klien B menerima gemanya selagi klien A terhubung dan diam.",
};
const ONLY_THEN: Text = {
  en: "Client B got its echo only when the server had ended the connection of client A.",
  id: "Klien B baru menerima gemanya setelah server memutus koneksi klien A.",
};
