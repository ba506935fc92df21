import type { Transcript } from "../../wire/transcript.ts";
import { byContract, type ClientCheck } from "../check.ts";
import {
  asText,
  describeStay,
  LOST,
  leftUnread,
  lostItsReply,
  shown,
  showsBeginning,
  showsInPieces,
  showsOwnWords,
  speaker,
} from "../client-reading.ts";
import { answerInPieces, echo, hear, leaveSilentOne, seeOff } from "../client-talk.ts";
import { judgeAchieved } from "../echo.ts";
import { all, before, fail, has, join, PASS, plural, receivedFrom, sentTo, show } from "../reading.ts";

export const check: ClientCheck = {
  title: { en: "reads a reply that comes in two pieces", id: "membaca balasan yang datang dalam dua potong" },
  why: {
    en: "TCP is a stream of bytes: one send() may need several recv(). The client goes on receiving until as many bytes are back as it sent.",
    id: "TCP adalah aliran byte: satu send() bisa membutuhkan beberapa recv(). Klien terus menerima sampai jumlah byte yang kembali sama dengan yang dikirim.",
  },
  requirement: "client-receives",
  cites: [
    {
      source: "RFC 9293 section 2.2",
      quote: "TCP provides a reliable, in-order, byte-stream service to applications.",
    },
    {
      source: "Python documentation, Socket Programming HOWTO",
      quote: "they do not necessarily handle all the bytes you hand them (or expect from them)",
    },
  ],
  level: byContract({ stream: "must", "one-shot": "should" }),
  after: ["reads-the-reply"],
  async stimulate(scene) {
    await scene.serve(() => {});
    const probe = await hear(scene);
    if (!probe) return seeOff(scene);
    // Whoever waits for the echo of each byte cannot be sent two pieces.
    if (probe.received < 2) {
      echo(scene, probe);
      return seeOff(scene, { echoing: true });
    }
    await answerInPieces(scene, probe, probe.bytes, [Math.ceil(probe.received / 2)]);
    await seeOff(scene, { shows: probe.bytes, echoing: true });
    await leaveSilentOne(scene, probe);
  },
  judge(transcript, contract) {
    const peer = speaker(transcript);
    // What the client says after its answer is not part of it.
    const reply = receivedFrom(before(transcript, "sent"), peer);
    const first = reply.subarray(0, Math.ceil(reply.length / 2));
    const second = reply.subarray(first.length);
    const expected = {
      en: `The reply comes as ${show(first)} and then ${show(second)}; the client reads both.`,
      id: `Balasan datang sebagai ${show(first)} lalu ${show(second)}; klien membaca keduanya.`,
    };
    const notAchieved = judgeAchieved(transcript);
    if (notAchieved) return notAchieved;
    if (reply.length === 1) return PASS;
    if (sentTo(transcript, peer).length < reply.length) return fail(expected, join(LEFT, describeStay(transcript)));
    if (spokeBetween(transcript, peer)) return fail(expected, WENT_ON);
    const unread = leftUnread(transcript, peer);
    if (unread > 0) {
      const left = {
        en: `${plural(unread, "byte")} of the second piece were never received.`,
        id: `${unread} byte dari potongan kedua tidak pernah diterima.`,
      };
      return fail(expected, join(left, describeStay(transcript)));
    }
    if (contract.client.printsReply && lostItsReply(transcript))
      return fail(expected, join(LOST, describeStay(transcript)));
    const output = shown(transcript);
    // Whether it shows replies at all is for `shows-the-reply`: one half of this one alone tells that the other is lost.
    const half = output.indexOf(asText(first));
    const showsNone = half < 0 && !showsBeginning(output, second);
    if (showsNone || showsInPieces(output, reply) || showsOwnWords(output, reply, contract)) return PASS;
    if (half >= 0 && output.indexOf(asText(second), half) >= 0) return PASS;
    const printed = show(Buffer.from(output.trim()));
    return fail(expected, { en: `The client printed ${printed}.`, id: `Klien mencetak ${printed}.` });
  },
};

/** It said something more when it had the first piece only. */
function spokeBetween(transcript: Transcript, peer: string): boolean {
  const [first, second] = all(transcript, "sent", peer);
  if (!first || !second) return false;
  return has(transcript.slice(transcript.indexOf(first), transcript.indexOf(second)), "received", peer);
}

const WENT_ON = {
  en: "The client took the first piece for the whole reply and sent its next message.",
  id: "Klien menganggap potongan pertama sebagai seluruh balasan, lalu mengirim pesan berikutnya.",
};
const LEFT = {
  en: "The client took the first piece for the whole reply and left.",
  id: "Klien menganggap potongan pertama sebagai seluruh balasan, lalu pergi.",
};
