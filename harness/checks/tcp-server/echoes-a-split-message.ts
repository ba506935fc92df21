import { byContract, MUST_ECHO, RFC862, type ServerCheck } from "../check.ts";
import { judgeEcho } from "../echo.ts";

const PIECES = 16;

export const check: ServerCheck = {
  title: {
    en: "sends back a message that arrives in pieces",
    id: "mengirim balik pesan yang datang sepotong-sepotong",
  },
  why: {
    en: "TCP is a stream: one send() of the client may arrive in many recv(). The server must go on receiving.",
    id: "TCP adalah aliran byte: satu send() klien bisa tiba dalam banyak recv(). Server harus terus menerima.",
  },
  requirement: "byte-stream",
  cites: [RFC862, { source: "RFC 9293 section 3.8", quote: "the data stream is logically an array of octets" }],
  level: byContract({ stream: "must" }),
  after: MUST_ECHO,
  async stimulate({ connect, conversation, payload }) {
    const probe = await connect();
    for (const byte of payload.nonce(PIECES)) {
      probe.send(Buffer.from([byte]));
      const read = await conversation.read(probe);
      if (read === "late") conversation.recorder.add({ type: "not-achieved", why: "segmentation-not-seen" });
      if (read !== "met") break;
    }
    await conversation.receive(probe, probe.sent);
    await conversation.allSaid(); // bytes too many may follow in a segment of their own
    probe.close();
  },
  judge: (transcript) => judgeEcho(transcript, "A"),
};
