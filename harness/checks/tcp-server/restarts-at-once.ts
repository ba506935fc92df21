import { timeWaitRows } from "../../launch/port.ts";
import { byContract, type ServerCheck, type ServerScene } from "../check.ts";
import { describeExit, judgeAchieved } from "../echo.ts";
import { fail, has, join, PASS } from "../reading.ts";

export const check: ServerCheck = {
  title: { en: "can be started again at once", id: "dapat dijalankan lagi seketika" },
  why: {
    en: 'After a server closed a connection its port rests in TIME_WAIT for a minute. Without SO_REUSEADDR, bind() then says "Address already in use".',
    id: 'Setelah server menutup koneksi, port-nya berada di TIME_WAIT selama satu menit. Tanpa SO_REUSEADDR, bind() menghasilkan "Address already in use".',
  },
  requirement: "stops",
  cites: [
    {
      source: "socket(7)",
      quote:
        "Indicates that the rules used in validating addresses supplied in a bind(2) call should allow reuse of local addresses.",
    },
  ],
  level: byContract({ "one-shot": "info", stream: "should" }),
  after: ["accepts-the-next-client"],
  process: "restarts",
  turn: 3,
  async stimulate(scene) {
    const { conversation, address } = scene;
    if (process.platform !== "linux") {
      conversation.recorder.add({ type: "not-achieved", why: "needs-linux" });
      return;
    }
    if (conversation.subject.exit === undefined) await stopWithAConnectionOpen(scene);
    if (timeWaitRows(address.port).length === 0) {
      await scene.launch("same-address");
      await stopWithAConnectionOpen(scene);
    }
    await scene.launch("same-address");
  },
  judge(transcript) {
    const notAchieved = judgeAchieved(transcript);
    if (notAchieved) return notAchieved;
    const restarted = transcript.slice(transcript.findLastIndex(({ type }) => type === "started"));
    if (has(restarted, "listening")) return PASS;
    return fail(
      {
        en: "Started again right after it ended, the program listens on the same port.",
        id: "Saat dijalankan lagi segera setelah berhenti, program listen di port yang sama.",
      },
      join({ en: "It does not listen.", id: "Program tidak melakukan listen." }, describeExit(restarted)),
    );
  },
};

/** Killed with a client connected, the kernel closes the server's end first: TIME_WAIT stays on the server's port. */
async function stopWithAConnectionOpen({ connect, conversation, payload }: ServerScene): Promise<void> {
  const probe = await connect();
  probe.send(payload.nonce(8));
  await conversation.receive(probe, probe.sent);
  await conversation.rest();
  await conversation.subject.stop();
  await conversation.ending(probe);
  probe.close();
}
