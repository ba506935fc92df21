import type { Transcript } from "../../wire/transcript.ts";
import { always, MUST_ECHO, RFC862, type ServerCheck } from "../check.ts";
import { judgeTalk } from "../echo.ts";
import { all, PASS, peers, receivedFrom, sentTo } from "../reading.ts";

/** What programs in the wild take for a farewell, the usual first; with and without a line end. An empty line is one. */
export const WORDS = [
  "quit",
  "exit",
  "close",
  "q",
  "bye",
  "end",
  "#",
  "/quit",
  "keluar",
  "selesai",
  "disconnect",
  "!DISCONNECT",
  "stop\n",
  "exit\n",
  "exit\r\n",
  "quit\r\n",
  "q\n",
  ".\n",
  "\n",
  "\r\n",
];
const LENGTH = 8;
/** A server that takes a second for each message has to echo the usual ones only. */
const WORDS_FOR_MS = 15_000;

export const check: ServerCheck = {
  title: {
    en: "echoes words like quit and exit too",
    id: "melakukan echo juga untuk kata seperti quit dan exit",
  },
  why: {
    en: "An echo server does not look into the data: a client says goodbye by closing its connection, not by a word.",
    id: "Server echo tidak memeriksa isi data: klien berpamitan dengan menutup koneksi, bukan dengan sebuah kata.",
  },
  requirement: "any-bytes",
  cites: [RFC862],
  level: always("must"),
  after: [...MUST_ECHO, "accepts-the-next-client"],
  /** Each word is said on a connection of its own, and then something else; a server may also part after any message. */
  async stimulate({ connect, contract, conversation, payload }) {
    let messages = contract.kind === "stream" ? 2 : 1;
    const began = performance.now();
    for (const word of [payload.nonce(LENGTH), ...WORDS.map((one) => Buffer.from(one))]) {
      const probe = await connect();
      probe.send(word);
      await conversation.receive(probe, probe.sent);
      if (messages > 1) {
        await conversation.allSaid(); // its goodbye, too
        if (!probe.over) probe.send(payload.nonce(LENGTH));
        await conversation.receive(probe, probe.sent);
      }
      const answered = probe.received === probe.sent;
      const ordinary = conversation.probes.length === 1;
      probe.close();
      await conversation.rest(); // who serves one at a time is free for the next
      if (ordinary && (!answered || probe.sent < messages * LENGTH)) messages = 1;
      else if (!answered || performance.now() - began > WORDS_FOR_MS) return;
    }
  },
  judge(transcript) {
    const [ordinary = "", ...others] = peers(transcript);
    const messages = answersTo(transcript, ordinary);
    for (const peer of others) {
      const finding = judgeTalk(transcript, peer, messages);
      if (finding.outcome !== "pass") return finding;
    }
    return PASS;
  },
};

/** How many messages of a client were answered. */
function answersTo(transcript: Transcript, peer: string): number {
  const whole = receivedFrom(transcript, peer).equals(sentTo(transcript, peer));
  return whole ? all(transcript, "sent", peer).length : 1;
}
