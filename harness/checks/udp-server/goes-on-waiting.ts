import { MUST_ANSWER, type ServerCheck } from "../check.ts";
import { ask, datagramsOf, judgeDatagrams, without } from "../datagram-echo.ts";
import { judgeNext } from "../echo.ts";
import { AFTER_QUIET_TIME, comeLate } from "../quiet-time.ts";
import { check as tcp } from "../tcp-server/goes-on-waiting.ts";

export const check: ServerCheck = {
  ...tcp,
  requirement: "udp-endures",
  after: MUST_ANSWER,
  async stimulate({ open, conversation, payload }) {
    const [late, early] = [await open(), await open()];
    await ask(conversation, early, () => [payload.nonce(8)]);
    await comeLate(conversation);
    await ask(conversation, late, () => [payload.nonce(8)]);
  },
  judge(transcript) {
    const tooMany = without(datagramsOf(transcript, "received", "B"), datagramsOf(transcript, "sent", "B"));
    if (tooMany.length > 0) return judgeDatagrams(transcript, "B");
    return judgeNext(judgeDatagrams(transcript, "A"), transcript, AFTER_QUIET_TIME);
  },
};
