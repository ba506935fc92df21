import type { Transcript } from "../../wire/transcript.ts";
import { always, MUST_ANSWER, RFC862_UDP, type ServerCheck } from "../check.ts";
import { ask, judgeDatagrams } from "../datagram-echo.ts";
import { all, has, PASS } from "../reading.ts";

export const check: ServerCheck = {
  title: { en: "answers an empty datagram", id: "membalas datagram kosong" },
  why: {
    en: "A UDP datagram may hold no bytes at all, and is a message all the same. It says nothing about an end: there is no connection to end.",
    id: "Datagram UDP boleh tidak berisi byte sama sekali, dan tetap sebuah pesan. Datagram kosong bukan tanda selesai: tidak ada koneksi yang bisa selesai.",
  },
  requirement: "udp-any-bytes",
  cites: [
    RFC862_UDP,
    {
      source: "recv(2)",
      quote: "Datagram sockets in various domains (e.g., the UNIX and Internet domains) permit zero-length datagrams.",
    },
  ],
  level: always("should"),
  after: MUST_ANSWER,
  async stimulate({ open, conversation }) {
    await ask(conversation, await open(), () => [Buffer.alloc(0)]);
  },
  judge(transcript) {
    const finding = judgeDatagrams(transcript, "A");
    const isUnanswered = finding.outcome === "fail" && !has(transcript, "received");
    return isUnanswered && mayRunAsyncio(transcript) ? PASS : finding;
  },
};

/**
 * Until Python 3.13 asyncio's `sendto` sends nothing when there are no bytes: that is no fault of whoever calls it. Node's
 * event loop waits in `epoll_pwait`.
 */
function mayRunAsyncio(transcript: Transcript): boolean {
  return all(transcript, "silent").some(({ blocked }) => blocked.some(({ call }) => call === "epoll_wait"));
}
