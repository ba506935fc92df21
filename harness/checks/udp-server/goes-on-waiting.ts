import { MUST_ANSWER, type ServerCheck } from "../check.ts";
import { ask, judgeDatagrams } from "../datagram-echo.ts";
import { judgeNext } from "../echo.ts";
import { AFTER_QUIET_TIME, comeLate } from "../quiet-time.ts";
import { check as tcp } from "../tcp-server/goes-on-waiting.ts";

export const check: ServerCheck = {
  ...tcp,
  requirement: "udp-endures",
  after: MUST_ANSWER,
  async stimulate({ open, conversation, payload }) {
    await comeLate(conversation);
    await ask(conversation, await open(), () => [payload.nonce(8)]);
  },
  judge: (transcript) => judgeNext(judgeDatagrams(transcript, "A"), transcript, AFTER_QUIET_TIME),
};
