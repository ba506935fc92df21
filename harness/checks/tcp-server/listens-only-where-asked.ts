import { formatAddress, isWildcard } from "../../kernel/address.ts";
import { always, type ServerCheck } from "../check.ts";
import { fail, last, PASS } from "../reading.ts";
import { askedAddress } from "../server-launch.ts";

export const check: ServerCheck = {
  title: { en: "listens on that address only, not on all", id: "listen hanya di alamat itu, bukan di semua alamat" },
  why: {
    en: "127.0.0.1 can be reached from this computer only. On 0.0.0.0 or '' everyone in the same network can connect.",
    id: "127.0.0.1 hanya dapat dijangkau dari komputer ini. Di 0.0.0.0 atau '' siapa pun di jaringan yang sama bisa terhubung.",
  },
  requirement: "listens",
  cites: [{ source: "ip(7)", quote: "INADDR_ANY (0.0.0.0) means any address for binding" }],
  level: always("should"),
  after: ["listens-where-asked"],
  stimulate: { observes: "launch" },
  judge(transcript, contract) {
    const asked = askedAddress(transcript, contract);
    const sockets = (last(transcript, "listening")?.sockets ?? []).filter(
      ({ protocol, port }) => protocol === "tcp" && port === asked.port,
    );
    const everywhere = isWildcard(asked.host) ? undefined : sockets.find(({ host }) => isWildcard(host));
    if (!everywhere) return PASS;
    return fail(
      {
        en: `The server listens on ${formatAddress(asked)} only.`,
        id: `Server melakukan listen hanya di ${formatAddress(asked)}.`,
      },
      {
        en: `It listens on ${formatAddress(everywhere)}: on every address of the computer.`,
        id: `Server melakukan listen di ${formatAddress(everywhere)}: di semua alamat komputer ini.`,
      },
    );
  },
};
