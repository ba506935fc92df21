import type { Contract, Level } from "../../assignment/assignment.ts";
import type { ServerCheck } from "../check.ts";
import { judgeEcho } from "../echo.ts";
import { fail, join, PASS } from "../reading.ts";
import { describeListening, lookWhereItListens, tcpSockets } from "../server-launch.ts";

const FAMILIES = [
  { peer: "A", name: "IPv4", host: "127.0.0.1" },
  { peer: "B", name: "IPv6", host: "::1" },
] as const;

export const check: ServerCheck = {
  title: { en: "answers over IPv4 and over IPv6", id: "menjawab lewat IPv4 dan lewat IPv6" },
  why: {
    en: "There are two kinds of IP addresses, and a computer usually has both. A socket for one of them is not met by clients that come over the other.",
    id: "Ada dua jenis alamat IP, dan komputer biasanya punya keduanya. Socket untuk jenis yang satu tidak ditemukan klien yang datang lewat jenis yang lain.",
  },
  requirement: "listens",
  cites: [
    { source: "lecture", quote: "Tipe Alamat" },
    {
      source: "RFC 3493 section 5.3",
      quote: "AF_INET6 sockets may be used for both IPv4 and IPv6 communications.",
    },
  ],
  level: ({ address }: Contract): Level | undefined => (address.dualStack ? "must" : undefined),
  after: ["echoes-a-message"],
  needsIpv6: true,
  async stimulate({ connect, conversation, payload }) {
    await lookWhereItListens(conversation);
    for (const { host } of FAMILIES) {
      const probe = await connect(host);
      if (probe.connected) probe.send(Buffer.concat([payload.nonce(), Buffer.from("\n")]));
      await conversation.receive(probe, probe.sent);
      probe.close();
    }
  },
  judge(transcript) {
    for (const { peer, name, host } of FAMILIES) {
      const finding = judgeEcho(transcript, peer);
      if (finding.outcome === "pass") continue;
      if (finding.outcome === "inconclusive") return finding;
      return fail(
        {
          en: `A client that comes over ${name} (to ${host}) is answered.`,
          id: `Klien yang datang lewat ${name} (ke ${host}) mendapat jawaban.`,
        },
        join(finding.observed, describeListening(tcpSockets(transcript))),
      );
    }
    return PASS;
  },
};
