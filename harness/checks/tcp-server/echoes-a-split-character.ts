import { byContract, MUST_ECHO, RFC862, type ServerCheck } from "../check.ts";
import { judgeEcho } from "../echo.ts";

export const check: ServerCheck = {
  title: {
    en: "sends back a character that arrives in two halves",
    id: "mengirim balik karakter yang datang dalam dua bagian",
  },
  why: {
    en: "TCP may cut anywhere, also within a letter like é (C3 A9). Decoding each piece by itself destroys that letter.",
    id: "TCP boleh memotong di mana saja, juga di tengah huruf seperti é (C3 A9). Men-decode tiap potongan akan merusak huruf itu.",
  },
  requirement: "any-bytes",
  cites: [RFC862],
  level: byContract({ stream: "must" }),
  after: MUST_ECHO,
  async stimulate({ connect, conversation }) {
    const probe = await connect();
    probe.send(Buffer.from([0xc3]));
    const read = await conversation.read(probe);
    if (read === "late") conversation.recorder.add({ type: "not-achieved", why: "segmentation-not-seen" });
    probe.send(Buffer.from([0xa9]));
    await conversation.receive(probe, 2);
    await conversation.allSaid(); // bytes too many may follow in a segment of their own
    probe.close();
  },
  judge: (transcript) => judgeEcho(transcript, "A"),
};
