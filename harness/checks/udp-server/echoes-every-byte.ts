import { always, MUST_ANSWER, RFC862_UDP, type ServerCheck } from "../check.ts";
import { ask, judgeAll } from "../datagram-echo.ts";
import { EVERY_BYTE } from "../tcp-server/echoes-every-byte.ts";

export const check: ServerCheck = {
  title: { en: "sends back every possible byte", id: "mengirim balik semua kemungkinan byte" },
  why: {
    en: "A datagram carries bytes (0 to 255), not text. Turning them into text and back changes or breaks some of them.",
    id: "Datagram membawa byte (0 sampai 255), bukan teks. Mengubahnya menjadi teks dan kembali akan mengubah atau merusak sebagian.",
  },
  requirement: "udp-any-bytes",
  cites: [RFC862_UDP, { source: "lecture", quote: "mengirim data bertipe byte" }],
  level: always("must"),
  after: MUST_ANSWER,
  async stimulate({ open, conversation, payload }) {
    const whole = await ask(conversation, await open(), () => [Buffer.concat([payload.nonce(4), EVERY_BYTE])]);
    // Half a UTF-8 character.
    if (whole) await ask(conversation, await open(), () => [Buffer.concat([payload.nonce(4), Buffer.from([0xc3])])]);
  },
  judge: (transcript) => judgeAll(transcript, ["A", "B"]),
};
