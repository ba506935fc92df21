import type { ClientCheck } from "../check.ts";
import { describeStay } from "../client-reading.ts";
import { fail, PASS, printed } from "../reading.ts";

/** What Python and Node print of an error that nobody caught. */
const UNCAUGHT =
  /^Traceback \(most recent call last\):|^\s+throw er; \/\/ Unhandled 'error' event|^Node\.js v\d+|^Uncaught /m;

export const check: ClientCheck = {
  title: {
    en: "explains a refused connection in words of its own",
    id: "menjelaskan koneksi yang ditolak dengan kalimat sendiri",
  },
  why: {
    en: "A traceback speaks to programmers. Catch the error (try/except, or on('error')) and tell the user what to do: is the server running?",
    id: "Traceback ditujukan untuk programmer. Tangkap error-nya (try/except, atau on('error')) dan beri tahu pengguna: apakah server sudah jalan?",
  },
  requirement: "client-endures",
  cites: [
    {
      source: "Python documentation, Errors and Exceptions",
      quote: "If no handler is found, it is an unhandled exception and execution stops with an error message.",
    },
  ],
  level: ({ kind, client }) => (kind === "stream" || client.printsReply ? "should" : "info"),
  after: ["reports-a-refused-connection"],
  stimulate: { observes: "reports-a-refused-connection" },
  judge(transcript) {
    if (!UNCAUGHT.test(printed(transcript, "stderr"))) return PASS;
    return fail(
      {
        en: "The client catches the error and says in a sentence that the server cannot be reached.",
        id: "Klien menangkap error itu dan memberi tahu dalam satu kalimat bahwa server tidak dapat dihubungi.",
      },
      describeStay(transcript),
    );
  },
};
