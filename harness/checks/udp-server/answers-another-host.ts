import type { ServerCheck } from "../check.ts";
import { ask, judgeDatagrams } from "../datagram-echo.ts";
import { has } from "../reading.ts";
import { lookWhereItListens, socketsOf } from "../server-launch.ts";
import { notReached, check as tcp } from "../tcp-server/answers-another-host.ts";

export const check: ServerCheck = {
  ...tcp,
  requirement: "udp-binds",
  after: ["echoes-a-datagram"],
  async stimulate({ openFromAnotherHost, conversation, payload }) {
    await lookWhereItListens(conversation);
    await ask(conversation, await openFromAnotherHost(), () => [payload.nonce()]);
  },
  judge(transcript) {
    const finding = judgeDatagrams(transcript, "A");
    if (finding.outcome !== "fail" || !has(transcript, "unreachable", "A")) return finding;
    return notReached(
      {
        en: "For the other computer's datagram no socket waited (ICMP port unreachable).",
        id: "Tidak ada socket yang menunggu datagram dari komputer lain itu (ICMP port unreachable).",
      },
      socketsOf(transcript, "udp"),
    );
  },
};
