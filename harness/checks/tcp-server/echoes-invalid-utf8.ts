import { always, MUST_ECHO, RFC862, type ServerCheck } from "../check.ts";
import { judgeEcho } from "../echo.ts";

export const check: ServerCheck = {
  title: { en: "sends back bytes that are no valid text", id: "mengirim balik byte yang bukan teks yang sah" },
  why: {
    en: "The single byte C3 is half a UTF-8 character. A server that decodes it raises an error, replaces it, or waits for the other half.",
    id: "Byte tunggal C3 adalah setengah karakter UTF-8. Server yang men-decode-nya akan error, menggantinya, atau menunggu setengah lainnya.",
  },
  requirement: "any-bytes",
  cites: [RFC862],
  level: always("must"),
  after: MUST_ECHO,
  async stimulate({ connect, conversation, contract }) {
    const probe = await connect();
    probe.send(Buffer.from([0xc3]));
    const outcome = await conversation.receive(probe, 1);
    // Who keeps it back for a second byte learns that there is none.
    if (outcome !== "met" && contract.kind === "stream") {
      probe.halfClose();
      await conversation.receive(probe, 1);
    }
    probe.close();
  },
  judge: (transcript) => judgeEcho(transcript, "A"),
};
