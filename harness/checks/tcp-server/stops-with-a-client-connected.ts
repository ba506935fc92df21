import { byContract, type ServerCheck } from "../check.ts";
import { interrupt, judgeEnded } from "../stopping.ts";

export const check: ServerCheck = {
  title: {
    en: "stops on Ctrl-C also while a client is connected",
    id: "berhenti saat Ctrl-C walaupun ada klien yang terhubung",
  },
  why: {
    en: "A thread in recv(), or server.close() in Node, waits for the client to leave. A server has to end those connections itself.",
    id: "Thread yang berada di recv(), atau server.close() di Node, menunggu klien pergi. Server harus mengakhiri koneksi itu sendiri.",
  },
  requirement: "stops",
  cites: [
    {
      source: "Node.js net, server.close()",
      quote: "Stops the server from accepting new connections and keeps existing connections.",
    },
  ],
  level: byContract({ "one-shot": "info", stream: "should" }),
  after: ["accepts-the-next-client"],
  process: "ends",
  turn: 2,
  async stimulate({ connect, conversation, payload, contract }) {
    const probe = await connect();
    if (contract.kind === "stream") {
      probe.send(payload.nonce(8));
      await conversation.receive(probe, probe.sent);
    }
    await interrupt(conversation);
    // In the ordinary way, so that the server's end, which closed first, goes to TIME_WAIT.
    probe.close();
  },
  judge: judgeEnded,
};
