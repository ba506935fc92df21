import { type Address, formatAddress } from "../../kernel/address.ts";
import { always, type ServerCheck } from "../check.ts";
import { ask, datagramsOf } from "../datagram-echo.ts";
import { all, fail, last, PASS } from "../reading.ts";

/** A reply that is sent again comes by a timer; whoever has none is proved silent long before. */
const LATE_MS = 100;

export const check: ServerCheck = {
  title: { en: "answers from its own port", id: "membalas dari port-nya sendiri" },
  why: {
    en: "A client waits for a reply from the address that it sent to. What comes from another port may be from anybody, and a connected socket never sees it.",
    id: "Klien menunggu balasan dari alamat yang ia kirimi. Yang datang dari port lain bisa berasal dari siapa saja, dan socket yang di-connect tidak akan pernah melihatnya.",
  },
  requirement: "udp-echoes",
  cites: [
    {
      source: "RFC 1122 section 4.1.3.5",
      quote:
        "A request/response application that uses UDP should use a source address for the response that is the same as the specific destination address of the request.",
    },
  ],
  level: always("must"),
  after: ["binds-where-asked"],
  async stimulate({ conversation, address, payload }) {
    const probe = await conversation.openToAll(address);
    await ask(conversation, probe, () => [payload.nonce()]);
    await conversation.sayNothing(LATE_MS); // datagrams too many may follow
  },
  judge(transcript) {
    const strangers = all(transcript, "connected").filter(({ peer }) => peer !== "A");
    const answerer = strangers.find(({ peer }) => datagramsOf(transcript, "received", peer).length > 0);
    const server: Address | undefined = last(transcript, "connected", "A")?.remote;
    // Whether anything comes back at all is told by echoes-a-datagram.
    if (!answerer || !server) return PASS;
    return fail(
      {
        en: `The reply comes from ${formatAddress(server)}, where the client sent its datagram.`,
        id: `Balasan datang dari ${formatAddress(server)}, tujuan datagram klien.`,
      },
      {
        en: `The reply came from ${formatAddress(answerer.remote)}: another socket sent it.`,
        id: `Balasan datang dari ${formatAddress(answerer.remote)}: socket lain yang mengirimnya.`,
      },
    );
  },
};
