import { byContract, type ServerCheck } from "../check.ts";
import { interruptThen, judgeInterrupt } from "../stopping.ts";

export const check: ServerCheck = {
  title: { en: "stops on Ctrl-C", id: "berhenti saat Ctrl-C" },
  why: {
    en: "Ctrl-C raises KeyboardInterrupt (Node: the SIGINT event). A good server catches it, closes its socket and ends with 0.",
    id: "Ctrl-C memunculkan KeyboardInterrupt (Node: event SIGINT). Server yang baik menangkapnya, menutup socket, dan berakhir dengan 0.",
  },
  requirement: "stops",
  cites: [{ source: "lecture", quote: "except KeyboardInterrupt: s.close() sys.exit(0)" }],
  level: byContract({ "one-shot": "must", stream: "should" }),
  after: ["accepts-the-next-client"],
  process: "ends",
  turn: 4,
  async stimulate({ connect, conversation, payload }) {
    const probe = await connect();
    probe.send(payload.nonce(8));
    await conversation.receive(probe, probe.sent);
    probe.close();
    await interruptThen(conversation, async () => (await connect()).close());
  },
  judge: judgeInterrupt,
};
