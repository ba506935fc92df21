import { byContract, type ServerCheck } from "../check.ts";
import { measureCpu } from "../cpu.ts";
import { fail, measured, PASS } from "../reading.ts";

/** A spin wants 95 to 100% of a processor, a 10 ms poll 0.5%. */
const BUSY_SHARE = 0.6;

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
  judge(transcript) {
    const share = measured(transcript, "cpu-busiest-share") ?? 0;
    if (share < BUSY_SHARE) return PASS;
    const percent = (100 * share).toFixed(0);
    return fail(
      {
        en: "While nobody sends anything the program sleeps.",
        id: "Saat tidak ada yang mengirim apa pun, program tidur.",
      },
      {
        en: `It kept a processor ${percent}% busy with nothing to do.`,
        id: `Program menyibukkan prosesor ${percent}% padahal tidak ada pekerjaan.`,
      },
    );
  },
};
