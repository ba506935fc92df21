import { byContract, type ServerCheck } from "../check.ts";
import { fail, has, inconclusive, measured, PASS } from "../reading.ts";

export const check: ServerCheck = {
  title: { en: "closes in an orderly way (FIN)", id: "menutup koneksi dengan tertib (FIN)" },
  why: {
    en: "Closing a socket while bytes lie unread in it sends a reset (RST), which can destroy data that is still on its way.",
    id: "Menutup socket saat masih ada byte yang belum dibaca akan mengirim reset (RST), yang bisa merusak data yang masih di jalan.",
  },
  requirement: "tidy",
  cites: [{ source: "RFC 2525 section 2.17", quote: "Failure to RST on close with data pending" }],
  level: byContract({ "one-shot": "info", stream: "should" }),
  after: ["flushes-before-closing"],
  stimulate: { observes: "flushes-before-closing" },
  judge(transcript) {
    const expected = { en: "The connection ends with FIN.", id: "Koneksi berakhir dengan FIN." };
    const wasReset = has(transcript, "reset", "A") || measured(transcript, "left-in-order") === 0;
    if (has(transcript, "ended", "A") && !wasReset) return PASS;
    if (wasReset)
      return fail(expected, { en: "It ended with a reset (RST).", id: "Koneksi berakhir dengan reset (RST)." });
    return inconclusive(expected, {
      en: "The end of the connection was not seen.",
      id: "Akhir koneksi tidak terlihat.",
    });
  },
};
