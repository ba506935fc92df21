import { always, type ClientCheck } from "../check.ts";
import { told } from "../client-reading.ts";
import { datagramsOf } from "../datagram-echo.ts";
import { all, fail, firstDifference, inconclusive, PASS } from "../reading.ts";
import { describeDifference, expectedMessage, isLegal } from "../tcp-client/sends-its-message.ts";

export const check: ClientCheck = {
  title: { en: "sends its message unchanged, as one datagram", id: "mengirim pesannya utuh dalam satu datagram" },
  why: {
    en: "sendto() needs bytes, and sends them as one datagram. What arrives must be the message, nothing more and nothing less.",
    id: "sendto() memerlukan byte, dan mengirimnya sebagai satu datagram. Yang sampai harus pesan itu, tidak lebih dan tidak kurang.",
  },
  requirement: "udp-client-sends",
  cites: [{ source: "lecture", quote: "send: mengirim data bertipe byte (tanda b di awal string)" }],
  level: always("must"),
  after: ["sends-where-asked"],
  stimulate: { observes: "sends-where-asked" },
  judge(transcript, contract) {
    const message = told(transcript, contract);
    const senders = all(transcript, "connected").filter(({ protocol }) => protocol === "udp");
    const [first] = senders.flatMap(({ peer }) => datagramsOf(transcript, "received", peer));
    if (!message || (first && isLegal(first, message, contract))) return PASS;
    if (!first) return inconclusive(expectedMessage(message), NOTHING_CAME);
    return fail(expectedMessage(message), describeDifference(first, message), firstDifference(message, first));
  },
};

const NOTHING_CAME = { en: "No datagram arrived.", id: "Tidak ada datagram yang tiba." };
