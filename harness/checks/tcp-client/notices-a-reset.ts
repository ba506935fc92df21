import { always, type ClientCheck } from "../check.ts";
import { describeStay, exitOf, waitedForInput } from "../client-reading.ts";
import { hear, seeOff } from "../client-talk.ts";
import { fail, has, PASS, printed, since } from "../reading.ts";

export const check: ClientCheck = {
  title: { en: "notices that the connection broke (RST)", id: "menyadari koneksi yang terputus (RST)" },
  why: {
    en: "When the server crashes, recv() raises ConnectionResetError (Node: an 'error' event). Whoever waits for the reply must learn of it.",
    id: "Jika server mati mendadak, recv() memunculkan ConnectionResetError (Node: event 'error'). Yang menunggu balasan harus mengetahuinya.",
  },
  requirement: "client-endures",
  cites: [
    {
      source: "RFC 9293 section 3.10.7.4",
      quote: 'Users should also receive an unsolicited general "connection reset" signal.',
    },
  ],
  level: always("should"),
  after: ["reads-the-reply", "ends-on-its-own"],
  async stimulate(scene) {
    await scene.serve(() => {});
    (await hear(scene))?.reset();
    await seeOff(scene);
  },
  judge(transcript) {
    const expected = {
      en: "The connection breaks before the reply: the client says so, or ends with an exit code other than 0.",
      id: "Koneksi terputus sebelum balasan datang: klien memberi tahu, atau berhenti dengan kode selain 0.",
    };
    const afterwards = since(transcript, "closed");
    const words = printed(afterwards, "stdout") + printed(afterwards, "stderr");
    const exit = exitOf(transcript);
    if (!exit && !waitedForInput(transcript)) return fail(expected, describeStay(transcript));
    if (words.trim() !== "" || (exit && exit.code !== 0) || !has(transcript, "closed")) return PASS;
    return fail(expected, {
      en: "The program ended without a word and with exit code 0, as if all had gone well.",
      id: "Program berhenti tanpa pesan apa pun dan dengan kode 0, seolah-olah semua berjalan lancar.",
    });
  },
};
