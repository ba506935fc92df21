import { always, LECTURE, MUST_ECHO, type ServerCheck } from "../check.ts";
import { measureCpu } from "../cpu.ts";
import { judgeEchoes } from "../echo.ts";
import { peers } from "../reading.ts";

const FEWEST_CLIENTS = 10;

export const check: ServerCheck = {
  title: { en: "serves one client after another", id: "melayani klien satu demi satu" },
  why: {
    en: "After one client is done the server calls accept() again for the next. Otherwise it is of use only once.",
    id: "Setelah satu klien selesai, server memanggil accept() lagi untuk klien berikutnya. Jika tidak, server hanya berguna sekali.",
  },
  requirement: "clients",
  cites: [LECTURE, { source: "lecture", quote: "while True:" }],
  level: always("must"),
  after: MUST_ECHO,
  async stimulate({ connect, conversation, payload, mostMet }) {
    // One more than ended another process, perhaps.
    const clients = Math.max(FEWEST_CLIENTS, mostMet + 1);
    for (let client = 0; client < clients; client++) {
      const probe = await connect();
      probe.send(payload.nonce(8));
      await conversation.receive(probe, probe.sent);
      const served = probe.received === probe.sent;
      probe.close();
      if (!served) return measureCpu(conversation);
      // A program that ends after this client has to get the time to do so before the next one knocks.
      await conversation.rest();
    }
  },
  judge: (transcript) => judgeEchoes(transcript, peers(transcript)),
};
