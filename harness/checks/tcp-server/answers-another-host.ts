import type { Contract, Level } from "../../assignment/assignment.ts";
import type { ListeningSocket } from "../../kernel/address.ts";
import type { Text } from "../../text.ts";
import type { ServerCheck } from "../check.ts";
import { judgeEcho } from "../echo.ts";
import { fail, has, join } from "../reading.ts";
import { describeListening, lookWhereItListens, tcpSockets } from "../server-launch.ts";
import type { Finding } from "../verdict.ts";

export const check: ServerCheck = {
  title: { en: "answers a client on another host", id: "menjawab klien di host lain" },
  why: {
    en: "127.0.0.1 is each computer's name for itself: no other computer can reach a server there. On 0.0.0.0 a server is reached at the network's addresses, too.",
    id: "127.0.0.1 adalah nama setiap komputer untuk dirinya sendiri: komputer lain tidak bisa menjangkau server di sana. Di 0.0.0.0, server juga terjangkau di alamat jaringan.",
  },
  requirement: "listens",
  cites: [
    { source: "lecture", quote: "Bisa berjalan pada host yang sama atau berbeda" },
    {
      source: "RFC 1122 section 3.2.1.3",
      quote: "Internal host loopback address. Addresses of this form MUST NOT appear outside a host.",
    },
  ],
  level: ({ address }: Contract): Level | undefined => (address.reach === "network" ? "must" : undefined),
  after: ["echoes-a-message"],
  needsAnotherHost: true,
  async stimulate({ connectFromAnotherHost, conversation, payload }) {
    await lookWhereItListens(conversation);
    const probe = await connectFromAnotherHost();
    if (!probe) return;
    probe.send(Buffer.concat([payload.nonce(), Buffer.from("\n")]));
    await conversation.receive(probe, probe.sent);
    probe.close();
  },
  judge(transcript) {
    const finding = judgeEcho(transcript, "A");
    if (finding.outcome !== "fail" || has(transcript, "connected", "A")) return finding;
    return notReached(
      { en: "The client on the other computer was refused.", id: "Klien di komputer lain itu ditolak." },
      tcpSockets(transcript),
    );
  },
};

/** @param sockets where the server waits instead */
export function notReached(observed: Text, sockets: readonly ListeningSocket[]): Finding {
  const expected: Text = {
    en: "A client on another computer of the same network is answered.",
    id: "Klien di komputer lain dalam jaringan yang sama mendapat jawaban.",
  };
  return fail(expected, join(observed, describeListening(sockets)));
}
