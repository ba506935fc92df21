import type { Contract, Level } from "../../assignment/assignment.ts";
import { LECTURE, type ServerCheck } from "../check.ts";
import { judgeEcho } from "../echo.ts";

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
  judge: (transcript) => judgeEcho(transcript, "B"),
};
