import { always, type ClientCheck } from "../check.ts";
import { exitOf, speaker } from "../client-reading.ts";
import { describeExit } from "../echo.ts";
import { before, fail, has, PASS } from "../reading.ts";

export const check: ClientCheck = {
  title: { en: "closes its socket and reports success", id: "menutup socket-nya dan melaporkan keberhasilan" },
  why: {
    en: "close() tells the server that the conversation is over. Exit code 0 tells the system that all went well.",
    id: "close() memberi tahu server bahwa percakapan selesai. Kode keluar 0 memberi tahu sistem bahwa semua berjalan lancar.",
  },
  requirement: "client-ends",
  cites: [
    { source: "lecture", quote: "close: menutup socket" },
    { source: "RFC 9293 section 3.6", quote: 'CLOSE is an operation meaning "I have no more data to send."' },
  ],
  level: always("must"),
  after: ["ends-on-its-own"],
  stimulate: { observes: "connects-where-asked" },
  judge(transcript, { client }) {
    const exit = exitOf(transcript);
    // It goes on to ask for the next line, which `ends-on-its-own` has allowed.
    if (!exit) return PASS;
    // One that takes what is typed may call it an error that the server left while it waited for its user.
    if (client.message.by === "stdin" && has(before(transcript, "exited"), "half-closed")) return PASS;
    const expected = {
      en: "At its end the client's connection is closed and its exit code is 0.",
      id: "Pada akhirnya koneksi klien tertutup dan kode keluarnya 0.",
    };
    if (exit.code !== 0) return fail(expected, describeExit(transcript) ?? expected);
    const peer = speaker(transcript);
    if (has(transcript, "ended", peer) || has(transcript, "reset", peer)) return PASS;
    return fail(expected, {
      en: "The program ended, but its connection is still open: another process holds the socket.",
      id: "Program berhenti, tetapi koneksinya masih terbuka: ada proses lain yang memegang socket itu.",
    });
  },
};
