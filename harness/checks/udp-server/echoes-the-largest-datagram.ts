import { RFC862_UDP, type ServerCheck } from "../check.ts";
import { ask, judgeDatagrams } from "../datagram-echo.ts";
import { LARGEST_DATAGRAM } from "../server-launch.ts";

export const check: ServerCheck = {
  title: { en: "answers the largest datagram there is", id: "membalas datagram terbesar yang mungkin" },
  why: {
    en: "A UDP datagram over IPv4 holds up to 65507 bytes. With a buffer of 65535, as in the lecture, none is ever cut.",
    id: "Datagram UDP di atas IPv4 berisi paling banyak 65507 byte. Dengan buffer 65535, seperti di kuliah, tidak ada yang terpotong.",
  },
  requirement: "udp-any-bytes",
  cites: [RFC862_UDP, { source: "lecture", quote: "recv: menerima data sebesar buffer yang ditentukan (65535)" }],
  // Where the contract asks for that much, echoes-any-size has tried it.
  level: ({ bufferBytes }) => (bufferBytes < LARGEST_DATAGRAM ? "should" : undefined),
  after: ["echoes-any-size"],
  async stimulate({ open, conversation, payload }) {
    await ask(conversation, await open(), () => [payload.nonce(LARGEST_DATAGRAM)]);
  },
  judge: (transcript) => judgeDatagrams(transcript, "A"),
};
