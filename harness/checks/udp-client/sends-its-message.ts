import { formatAddress } from "../../kernel/address.ts";
import type { Text } from "../../text.ts";
import { always, type ClientCheck } from "../check.ts";
import { describeStay, told } from "../client-reading.ts";
import { datagramsOf } from "../datagram-echo.ts";
import { talkInDatagrams } from "../datagram-talk.ts";
import { all, fail, firstDifference, join, last, PASS } from "../reading.ts";
import { describeDifference, expectedMessage, isLegal } from "../tcp-client/sends-its-message.ts";

export const check: ClientCheck = {
  title: {
    en: "sends its message as a datagram to the agreed address",
    id: "mengirim pesannya sebagai datagram ke alamat yang disepakati",
  },
  why: {
    en: "sendto() needs bytes and the server's address and port, and a socket of type SOCK_DGRAM. What arrives must be the message, nothing more and nothing less.",
    id: "sendto() memerlukan byte, alamat dan port server, serta socket bertipe SOCK_DGRAM. Yang sampai harus pesan itu, tidak lebih dan tidak kurang.",
  },
  requirement: "udp-client-sends",
  cites: [
    { source: "lecture", quote: "UDP → SOCK_DGRAM" },
    { source: "lecture", quote: "send: mengirim data bertipe byte (tanda b di awal string)" },
  ],
  level: always("must"),
  stimulate: talkInDatagrams,
  judge(transcript, contract) {
    const message = told(transcript, contract);
    const senders = all(transcript, "connected").filter(({ protocol }) => protocol === "udp");
    const [first] = senders.flatMap(({ peer }) => datagramsOf(transcript, "received", peer));
    const address = last(transcript, "asked")?.address;
    const where = address ? formatAddress(address) : "";
    if (first === undefined) {
      const expected: Text = {
        en: `A UDP datagram with the message arrives at ${where}.`,
        id: `Sebuah datagram UDP berisi pesan tiba di ${where}.`,
      };
      const tcp = all(transcript, "connected").length > 0;
      return fail(expected, tcp ? TCP : join(nothingAt(where), describeStay(transcript)));
    }
    if (!message || isLegal(first, message, contract)) return PASS;
    return fail(expectedMessage(message), describeDifference(first, message), firstDifference(message, first));
  },
};

const TCP: Text = {
  en: "A TCP connection (SOCK_STREAM) arrived instead. TCP and UDP have separate ports, even with the same number.",
  id: "Yang tiba adalah koneksi TCP (SOCK_STREAM). TCP dan UDP memiliki port yang terpisah, walaupun nomornya sama.",
};

function nothingAt(where: string): Text {
  return { en: `No datagram arrived at ${where}.`, id: `Tidak ada datagram yang tiba di ${where}.` };
}
