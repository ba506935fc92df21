import { readsInput } from "../../kernel/blocked.ts";
import { always, type ServerCheck } from "../check.ts";
import { describeExit } from "../echo.ts";
import { fail, has, join, last, PASS } from "../reading.ts";

export const check: ServerCheck = {
  title: { en: "starts and listens", id: "berjalan dan melakukan listen" },
  why: {
    en: "A server first has to open a socket, bind it to an address and listen. Until then no client can reach it.",
    id: "Server harus membuka socket, melakukan bind ke sebuah alamat, lalu listen. Sebelum itu tidak ada klien yang bisa terhubung.",
  },
  requirement: "listens",
  cites: [
    { source: "RFC 9293 section 3.10.1", quote: "A passive OPEN call may have either a fully specified remote socket" },
  ],
  level: always("must"),
  stimulate: { observes: "launch" },
  judge(transcript) {
    if (has(transcript, "listening")) return PASS;
    const expected = {
      en: "Soon after its start the program waits for clients on a socket.",
      id: "Segera setelah dijalankan, program menunggu klien di sebuah socket.",
    };
    const problem = last(transcript, "not-listening");
    if (problem?.blocked.some(readsInput)) {
      return fail(expected, {
        en: "It waits for something to be typed (it reads its standard input) before it opens a socket.",
        id: "Program menunggu sesuatu diketik (membaca standard input) sebelum membuka socket.",
      });
    }
    if (problem?.paths) {
      const files = problem.paths.map((path) => JSON.stringify(path)).join(", ");
      return fail(expected, {
        en: `It listens at a file, ${files}, and not at a port: no TCP client can come there.`,
        id: `Program melakukan listen pada sebuah file, ${files}, bukan pada sebuah port: tidak ada klien TCP yang bisa datang ke sana.`,
      });
    }
    const never = {
      en: "It runs, but opens no listening socket.",
      id: "Program berjalan, tetapi tidak membuka socket yang melakukan listen.",
    };
    return fail(expected, join(describeExit(transcript) ?? never));
  },
};
