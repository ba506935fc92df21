import type { Contract } from "../../assignment/assignment.ts";
import type { Text } from "../../text.ts";
import type { Transcript } from "../../wire/transcript.ts";
import type { ClientCheck } from "../check.ts";
import { describeStay, exitOf, waitedForInput } from "../client-reading.ts";
import { hasEnded, untilItSpeaks } from "../client-talk.ts";
import { before, fail, join, last, PASS, printed, since } from "../reading.ts";

/** Longer than the time limits that programs usually set, a few tries included: 5, 10 or 15 s. */
const GIVES_UP_MS = 20_000;
/** One that sends again and again is given a few more tries; some never give up. */
const GIVES_UP_AT_LAST_MS = 60_000;

export const check: ClientCheck = {
  title: { en: "gives up when no reply comes", id: "menyerah jika tidak ada balasan" },
  why: {
    en: "UDP promises nothing: a datagram may be lost, and then recvfrom() waits for ever. settimeout() (Node: setTimeout) limits the wait, so that the client can try again, or say so and end.",
    id: "UDP tidak menjanjikan apa pun: datagram bisa hilang, lalu recvfrom() menunggu selamanya. settimeout() (Node: setTimeout) membatasi waktu tunggu, sehingga klien bisa mencoba lagi, atau memberi tahu lalu berhenti.",
  },
  requirement: "udp-client-endures",
  cites: [
    { source: "RFC 768", quote: "delivery and duplicate protection are not guaranteed" },
    { source: "Python documentation, socket.settimeout", quote: "Set a timeout on blocking socket operations." },
  ],
  level: ({ client }) => (client.mustTimeOut ? "must" : "should"),
  after: ["ends-on-its-own"],
  async stimulate(scene) {
    await scene.serveDatagrams(() => {});
    await scene.run();
    const { datagrams } = scene.conversation;
    await untilItSpeaks(scene, () => hasEnded(scene) || datagrams.some(({ received }) => received.length > 0));
    await scene.conversation.until(() => hasEnded(scene), {
      atLeastMs: GIVES_UP_MS,
      atMostMs: GIVES_UP_AT_LAST_MS,
    });
  },
  judge(transcript, contract) {
    const expected: Text = {
      en: "The reply is lost: the client says that none came, and ends with an exit code other than 0.",
      id: "Balasan hilang: klien memberi tahu bahwa balasan tidak datang, lalu berhenti dengan kode selain 0.",
    };
    const exit = exitOf(transcript);
    if (!exit && hasSaidSo(transcript, contract)) return PASS;
    if (!exit) return fail(expected, describeStay(transcript));
    if (exit.code === 0) return fail(expected, join(ZERO, describeStay(transcript)));
    if ((printed(transcript, "stderr") + printed(transcript, "stdout")).trim() !== "") return PASS;
    return fail(expected, { en: "It ended without a word.", id: "Program berhenti tanpa pesan apa pun." });
  },
};

/** Whoever says something so long after it has sent says that nothing came; before that, what it does. */
const LATER_MS = 300;

/** It has printed more than its question, and goes on to ask for the next line, or did so when its wait was over. */
function hasSaidSo(transcript: Transcript, { client }: Contract): boolean {
  const question = printed(before(transcript, "typed"), "stdout").trim();
  const afterwards = since(transcript, "received");
  const spoke = last(transcript, "received")?.atMs ?? 0;
  const later = afterwards.filter(({ atMs }) => atMs > spoke + LATER_MS);
  const says = (what: Transcript): boolean =>
    (printed(what, "stdout") + printed(what, "stderr")).replace(question, "").trim() !== "";
  if (waitedForInput(transcript)) return says(afterwards);
  return client.message.by === "stdin" && last(transcript, "silent")?.proved === true && says(later);
}

const ZERO: Text = {
  en: "It ended with exit code 0, which means success.",
  id: "Program berhenti dengan kode 0, yang berarti berhasil.",
};
