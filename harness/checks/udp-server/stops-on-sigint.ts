import { byContract, MUST_ANSWER, type ServerCheck } from "../check.ts";
import { ask } from "../datagram-echo.ts";
import { interruptThen, judgeInterrupt } from "../stopping.ts";

export const check: ServerCheck = {
  title: { en: "stops on Ctrl-C", id: "berhenti saat Ctrl-C" },
  why: {
    en: "Ctrl-C raises KeyboardInterrupt (Node: the SIGINT event). A good server catches it, closes its socket and ends with 0.",
    id: "Ctrl-C memunculkan KeyboardInterrupt (Node: event SIGINT). Server yang baik menangkapnya, menutup socket, dan berakhir dengan 0.",
  },
  requirement: "udp-tidy",
  cites: [{ source: "lecture", quote: "except KeyboardInterrupt: s.close() sys.exit(0)" }],
  level: byContract({ "one-shot": "must", stream: "should" }),
  after: MUST_ANSWER,
  process: "ends",
  turn: 4,
  async stimulate({ open, conversation, payload }) {
    await ask(conversation, await open(), () => [payload.nonce(8)]);
    await interruptThen(conversation, async () => (await open()).send(payload.nonce(8)));
  },
  judge: judgeInterrupt,
};
