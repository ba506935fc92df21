import { formatAddress } from "../../kernel/address.ts";
import type { Text } from "../../text.ts";
import { always, type ClientCheck } from "../check.ts";
import { describeKnocks, describeStay } from "../client-reading.ts";
import { talkInDatagrams } from "../datagram-talk.ts";
import { all, fail, has, join, last, PASS } from "../reading.ts";

export const check: ClientCheck = {
  title: { en: "sends a datagram to the agreed address", id: "mengirim datagram ke alamat yang disepakati" },
  why: {
    en: "sendto() needs the server's address and port, and a socket of type SOCK_DGRAM. Nobody hears a datagram that goes elsewhere, and nobody says so.",
    id: "sendto() memerlukan alamat dan port server, serta socket bertipe SOCK_DGRAM. Datagram ke tempat lain tidak didengar siapa pun, dan tidak ada yang memberi tahu.",
  },
  requirement: "udp-client-sends",
  cites: [{ source: "lecture", quote: "UDP → SOCK_DGRAM" }],
  level: always("must"),
  stimulate: talkInDatagrams,
  judge(transcript) {
    const senders = all(transcript, "connected").filter(({ protocol }) => protocol === "udp");
    if (senders.some(({ peer }) => has(transcript, "received", peer))) return PASS;
    const address = last(transcript, "asked")?.address;
    const where = address ? formatAddress(address) : "";
    const expected: Text = { en: `A UDP datagram arrives at ${where}.`, id: `Sebuah datagram UDP tiba di ${where}.` };
    const tcp = all(transcript, "connected").length > 0;
    return fail(expected, tcp ? TCP : join(nothingAt(where), describeKnocks(transcript), describeStay(transcript)));
  },
};

const TCP: Text = {
  en: "A TCP connection (SOCK_STREAM) arrived instead. TCP and UDP have separate ports, even with the same number.",
  id: "Yang tiba adalah koneksi TCP (SOCK_STREAM). TCP dan UDP memiliki port yang terpisah, walaupun nomornya sama.",
};

function nothingAt(where: string): Text {
  return { en: `No datagram arrived at ${where}.`, id: `Tidak ada datagram yang tiba di ${where}.` };
}
