import type { Contract, Level } from "../../assignment/assignment.ts";
import { formatAddress, isWildcard } from "../../kernel/address.ts";
import type { ServerCheck } from "../check.ts";
import { fail, PASS } from "../reading.ts";
import { askedAddress, describeListening, tcpSockets } from "../server-launch.ts";

export const check: ServerCheck = {
  title: { en: "listens on that address only, not on all", id: "listen hanya di alamat itu, bukan di semua alamat" },
  why: {
    en: "127.0.0.1 can be reached from this computer only. On 0.0.0.0 or '' everyone in the same network can connect.",
    id: "127.0.0.1 hanya dapat dijangkau dari komputer ini. Di 0.0.0.0 atau '' siapa pun di jaringan yang sama bisa terhubung.",
  },
  requirement: "listens",
  cites: [{ source: "ip(7)", quote: "INADDR_ANY (0.0.0.0) means any address for binding" }],
  level: ({ address }: Contract): Level | undefined =>
    address.dualStack || address.reach === "network" ? undefined : "should",
  after: ["listens-where-asked"],
  stimulate: { observes: "launch" },
  judge(transcript, contract) {
    const asked = askedAddress(transcript, contract);
    const sockets = tcpSockets(transcript).filter(({ port }) => port === asked.port);
    const everywhere = isWildcard(asked.host) ? undefined : sockets.find(({ host }) => isWildcard(host));
    if (!everywhere) return PASS;
    return fail(
      {
        en: `The server listens on ${formatAddress(asked)} only.`,
        id: `Server melakukan listen hanya di ${formatAddress(asked)}.`,
      },
      describeListening([everywhere]),
    );
  },
};
