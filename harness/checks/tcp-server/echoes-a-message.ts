import { always, LECTURE, RFC862, type ServerCheck } from "../check.ts";
import { judgeEcho } from "../echo.ts";

export const check: ServerCheck = {
  title: { en: "sends back what it received", id: "mengirim balik apa yang diterimanya" },
  why: {
    en: "This is what an echo server is for: the same bytes, nothing added, nothing changed.",
    id: "Inilah tugas server echo: byte yang sama, tanpa tambahan, tanpa perubahan.",
  },
  requirement: "echoes",
  cites: [RFC862, LECTURE],
  level: always("must"),
  after: ["says-nothing-first"],
  async stimulate({ connect, conversation, payload }) {
    const probe = await connect();
    probe.send(Buffer.concat([payload.nonce(), Buffer.from("\n")]));
    await conversation.receive(probe, probe.sent);
    await conversation.allSaid(); // bytes too many may follow in a segment of their own
    probe.close();
  },
  // A lost line end at the very end is left to echoes-every-byte: here it would hide everything else.
  judge: (transcript) => judgeEcho(transcript, "A", (sent, received) => sent.subarray(0, -1).equals(received)),
};
