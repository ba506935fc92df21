import { byContract, MUST_ANSWER, type ServerCheck } from "../check.ts";
import { judgeRest, measureCpu } from "../cpu.ts";
import { ask } from "../datagram-echo.ts";

export const check: ServerCheck = {
  title: {
    en: "does not use the processor while nobody talks",
    id: "tidak memakai prosesor saat tidak ada yang bicara",
  },
  why: {
    en: "Waiting in recvfrom() costs nothing. A loop that asks again and again burns a whole processor.",
    id: "Menunggu di recvfrom() tidak memakan prosesor. Loop yang bertanya terus-menerus menghabiskan satu prosesor.",
  },
  requirement: "udp-tidy",
  cites: [
    {
      source: "recv(2)",
      quote: "If no messages are available at the socket, the receive calls wait for a message to arrive",
    },
  ],
  level: byContract({ "one-shot": "should", stream: "must" }),
  after: MUST_ANSWER,
  async stimulate({ open, conversation, payload }) {
    await measureCpu(conversation);
    const probe = await open();
    await ask(conversation, probe, () => [payload.nonce(8)]);
    await measureCpu(conversation);
    probe.send(Buffer.alloc(0));
    await measureCpu(conversation);
  },
  judge: judgeRest,
};
