import type { Probe } from "../../wire/probe.ts";
import { always, MUST_ECHO, RFC862, type ServerCheck } from "../check.ts";
import { judgeEchoes } from "../echo.ts";
import { peers } from "../reading.ts";

/** What programs in the wild take for a farewell, with and without a line end; an empty line is one of them. */
export const WORDS = [
  "quit",
  "exit",
  "close",
  "q",
  "bye",
  "end",
  "#",
  "stop\n",
  "exit\n",
  "quit\r\n",
  "q\n",
  ".\n",
  "\n",
  "\r\n",
];

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
  async stimulate({ connect, conversation }) {
    for (const word of WORDS) {
      const probe: Probe = await connect();
      probe.send(Buffer.from(word));
      await conversation.receive(probe, probe.sent);
      const echoed = probe.received === probe.sent;
      probe.close();
      if (!echoed) return;
    }
  },
  judge: (transcript) => judgeEchoes(transcript, peers(transcript)),
};
