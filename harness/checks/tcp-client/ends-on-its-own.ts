import type { Contract } from "../../assignment/assignment.ts";
import type { Text } from "../../text.ts";
import type { Transcript } from "../../wire/transcript.ts";
import { always, type ClientCheck } from "../check.ts";
import {
  describeStay,
  exitOf,
  reacts,
  shown,
  showsText,
  speaker,
  untilLeft,
  waitedForInput,
  waitsForInput,
} from "../client-reading.ts";
import { all, before, fail, has, last, PASS, sentTo } from "../reading.ts";

export const check: ClientCheck = {
  title: { en: "ends by itself once it has its reply", id: "berhenti sendiri setelah menerima balasan" },
  why: {
    en: "An echo server keeps the connection open for more. The client knows how many bytes it sent: when as many are back, it closes and ends.",
    id: "Server echo membiarkan koneksi terbuka untuk data berikutnya. Klien tahu berapa byte yang dikirimnya: jika sudah kembali semua, klien menutup socket dan berhenti.",
  },
  requirement: "client-ends",
  cites: [
    { source: "RFC 862", quote: "This continues until the calling user terminates the connection." },
    { source: "lecture", quote: "s.close()" },
  ],
  level: always("must"),
  after: ["reads-the-reply"],
  stimulate: { observes: "connects-where-asked" },
  judge(transcript, contract) {
    const untilAnswered = transcript.slice(0, transcript.findLastIndex(({ type }) => type === "sent") + 1);
    const afterwards = transcript.slice(untilAnswered.length);
    const stands = last(afterwards, "silent");
    if (exitOf(transcript) && !stands) return PASS;
    // What it does once the server has left is no merit any more.
    const asItStood = stands
      ? [...untilAnswered, ...untilLeft(before(afterwards, "exited"), untilAnswered)]
      : transcript;
    const deafToTheEnd = has(transcript, "input-ended") && !exitOf(transcript);
    if (contract.client.message.by === "stdin" && !deafToTheEnd && mayGoOn(asItStood, contract)) return PASS;
    return fail(
      {
        en: "After the full reply the client ends by itself, whether the server closes or not.",
        id: "Setelah balasan lengkap, klien berhenti sendiri, entah server menutup koneksi atau tidak.",
      },
      deafToTheEnd && waitedForInput(asItStood) ? DEAF : describeStay(asItStood),
    );
  },
};

const DEAF: Text = {
  en: "It waited for something to be typed; then its input ended (Ctrl-D), and it did not.",
  id: "Klien menunggu sesuatu diketik; lalu inputnya berakhir (Ctrl-D), tetapi kliennya tidak.",
};

/** A client that takes what is typed may ask for the next line, after it has shown the reply. */
function mayGoOn(transcript: Transcript, { client, address: { passed } }: Contract): boolean {
  const silence = last(transcript, "silent");
  if (!silence) return false;
  const lines = client.message.by === "stdin" ? client.message.lines.length : 0;
  const [again] = all(transcript, "typed").slice(lines + (passed.by === "stdin" ? passed.lines.length : 0));
  if (again) return reacts(transcript.slice(transcript.indexOf(again)));
  const reply = sentTo(transcript, speaker(transcript));
  return waitsForInput(silence) || (client.printsReply && showsText(shown(transcript), reply));
}
