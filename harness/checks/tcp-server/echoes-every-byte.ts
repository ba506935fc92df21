import { always, MUST_ECHO, RFC862, type ServerCheck } from "../check.ts";
import { judgeEcho } from "../echo.ts";

/** With what is often taken for an end, or for white space, behind them. */
export const EVERY_BYTE = Buffer.concat([
  Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  Buffer.from([0xff, 0xfe, 0x00, 0x0d, 0x0a, 0x20, 0x0a]),
]);

export const check: ServerCheck = {
  title: { en: "sends back every possible byte", id: "mengirim balik semua kemungkinan byte" },
  why: {
    en: "A socket carries bytes (0 to 255), not text. Turning them into text and back changes or breaks some of them.",
    id: "Socket membawa byte (0 sampai 255), bukan teks. Mengubahnya menjadi teks dan kembali akan mengubah atau merusak sebagian.",
  },
  requirement: "any-bytes",
  cites: [RFC862, { source: "lecture", quote: "mengirim data bertipe byte" }],
  level: always("must"),
  after: MUST_ECHO,
  async stimulate({ connect, conversation, payload }) {
    const probe = await connect();
    probe.send(Buffer.concat([payload.nonce(4), EVERY_BYTE]));
    await conversation.receive(probe, probe.sent);
    await conversation.allSaid(); // bytes too many may follow in a segment of their own
    probe.close();
  },
  judge: (transcript) => judgeEcho(transcript, "A"),
};
