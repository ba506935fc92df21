import type { Text } from "../../text.ts";
import type { ClientCheck } from "../check.ts";
import {
  describeNotation,
  describeStay,
  shown,
  showsInPieces,
  showsNotation,
  showsOwnWords,
  showsText,
  speaker,
  whereShown,
} from "../client-reading.ts";
import { all, fail, join, PASS, sentTo, show } from "../reading.ts";

export const check: ClientCheck = {
  title: { en: "shows the reply on the screen", id: "menampilkan balasan di layar" },
  why: {
    en: "Whoever runs the client wants to see what came back. Bytes are turned into text for that: data.decode() in Python, data.toString() in Node.",
    id: "Yang menjalankan klien ingin melihat apa yang kembali. Untuk itu byte diubah menjadi teks: data.decode() di Python, data.toString() di Node.",
  },
  requirement: "client-receives",
  cites: [
    { source: "lecture", quote: "recv: menerima data sebesar buffer yang ditentukan (65535)" },
    { source: "Python documentation, bytes.decode", quote: "Return the bytes decoded to a str." },
  ],
  level: whereShown("must"),
  after: ["connects-where-asked"],
  stimulate: { observes: "connects-where-asked" },
  judge(transcript, contract) {
    const reply = sentTo(transcript, speaker(transcript));
    const output = shown(transcript);
    if (reply.length === 0) return fail(SHOWN, join(NO_REPLY, describeStay(transcript)));
    const expected: Text = {
      en: `The client prints the reply ${show(reply)} as text.`,
      id: `Klien mencetak balasan ${show(reply)} sebagai teks.`,
    };
    // Of several messages the last may be a farewell whose echo nobody wants to see.
    const first = all(transcript, "sent", speaker(transcript))[0]?.bytes ?? reply;
    if (showsText(output, first) || showsInPieces(output, reply)) return PASS;
    if (showsOwnWords(output, reply, contract)) return PASS;
    if (output.trim() === "") {
      const nothing = {
        en: "It printed nothing after the reply had come.",
        id: "Klien tidak mencetak apa pun setelah balasan datang.",
      };
      return fail(expected, join(nothing, describeStay(transcript)));
    }
    if (showsNotation(output, reply)) return fail(expected, describeNotation(output));
    const printed = show(Buffer.from(output.trim()));
    return fail(expected, {
      en: `It printed ${printed}, and the reply is not in it.`,
      id: `Klien mencetak ${printed}, dan balasan tidak ada di dalamnya.`,
    });
  },
};

const SHOWN = { en: "The client prints the reply as text.", id: "Klien mencetak balasan sebagai teks." };
const NO_REPLY = {
  en: "There was no reply to show: no message came, or the client did not stay for its answer.",
  id: "Tidak ada balasan yang bisa ditampilkan: tidak ada pesan yang sampai, atau klien tidak menunggu jawabannya.",
};
