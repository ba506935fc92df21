import { byContract, type ServerCheck } from "../check.ts";
import { judgeRest, measureCpu } from "../cpu.ts";

export const check: ServerCheck = {
  title: {
    en: "does not use the processor while nobody talks",
    id: "tidak memakai prosesor saat tidak ada yang bicara",
  },
  why: {
    en: "Waiting in recv() or accept() costs nothing. A loop that asks again and again, or that goes on after b'', burns a whole processor.",
    id: "Menunggu di recv() atau accept() tidak memakan prosesor. Loop yang bertanya terus, atau berlanjut setelah b'', menghabiskan satu prosesor.",
  },
  requirement: "tidy",
  cites: [
    {
      source: "recv(2)",
      quote: "When a stream socket peer has performed an orderly shutdown, the return value will be 0",
    },
  ],
  level: byContract({ "one-shot": "should", stream: "must" }),
  after: ["accepts-the-next-client"],
  async stimulate({ connect, conversation, payload }) {
    const probe = await connect();
    probe.send(payload.nonce(8));
    await conversation.receive(probe, probe.sent);
    await measureCpu(conversation);
    probe.halfClose();
    await measureCpu(conversation);
    probe.close();
    await measureCpu(conversation);
  },
  judge: judgeRest,
};
