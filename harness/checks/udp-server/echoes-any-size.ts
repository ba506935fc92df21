import type { Contract } from "../../assignment/assignment.ts";
import { always, MUST_ANSWER, RFC862_UDP, type ServerCheck } from "../check.ts";
import { ask, judgeAll } from "../datagram-echo.ts";
import { peers } from "../reading.ts";
import { LARGEST_DATAGRAM } from "../server-launch.ts";

/** Around the buffers that people choose, and the most that one Ethernet frame carries. */
const SIZES = [1, 512, 1024, 1025, 1472, 2049, 4097, 8192, LARGEST_DATAGRAM];

export const check: ServerCheck = {
  title: {
    en: "answers datagrams of any agreed size in full",
    id: "membalas datagram berukuran berapa pun yang disepakati dengan utuh",
  },
  why: {
    en: "recvfrom(1024) takes the first 1024 bytes of a datagram and throws the rest away without a word. The buffer must be as large as the largest message.",
    id: "recvfrom(1024) mengambil 1024 byte pertama dari sebuah datagram dan membuang sisanya tanpa pemberitahuan. Buffer harus sebesar pesan terbesar.",
  },
  requirement: "udp-any-bytes",
  cites: [
    RFC862_UDP,
    {
      source: "recv(2)",
      quote:
        "If a message is too long to fit in the supplied buffer, excess bytes may be discarded depending on the type of socket the message is received from.",
    },
  ],
  level: always("must"),
  after: MUST_ANSWER,
  async stimulate({ open, conversation, payload, contract }) {
    for (const size of sizesFor(contract)) {
      if (!(await ask(conversation, await open(), () => [payload.nonce(size)]))) return;
    }
  },
  judge: (transcript) => judgeAll(transcript, peers(transcript)),
};

function sizesFor({ bufferBytes }: Contract): number[] {
  const largest = Math.min(bufferBytes, LARGEST_DATAGRAM);
  return [...new Set([...SIZES.filter((size) => size < largest), largest])];
}
