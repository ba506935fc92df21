import { formatAddress } from "../../kernel/address.ts";
import type { Text } from "../../text.ts";
import { always, type ServerCheck } from "../check.ts";
import { describeExit } from "../echo.ts";
import { fail, join, last, PASS } from "../reading.ts";
import { askedAddress, describeListening, serves, socketsOf, tcpSockets } from "../server-launch.ts";

export const check: ServerCheck = {
  title: {
    en: "waits for datagrams at the address that was asked for",
    id: "menunggu datagram di alamat yang diminta",
  },
  why: {
    en: "A UDP server binds a socket of type SOCK_DGRAM to the agreed address and port. It needs no listen() and no accept().",
    id: "Server UDP melakukan bind socket bertipe SOCK_DGRAM ke alamat dan port yang disepakati. Tidak perlu listen() dan accept().",
  },
  requirement: "udp-binds",
  cites: [
    { source: "lecture", quote: "UDP → SOCK_DGRAM" },
    {
      source: "udp(7)",
      quote: "In order to receive packets, the socket can be bound to a local address first by using bind(2).",
    },
  ],
  level: always("must"),
  stimulate: { observes: "launch" },
  judge(transcript, contract) {
    const asked = askedAddress(transcript, contract);
    const udp = socketsOf(transcript, "udp");
    if (udp.some((socket) => serves(socket, asked, contract))) return PASS;
    const expected: Text = {
      en: `The server waits for datagrams (UDP) at ${formatAddress(asked)}.`,
      id: `Server menunggu datagram (UDP) di ${formatAddress(asked)}.`,
    };
    if (udp.length > 0) return fail(expected, describeListening(udp));
    const tcp = tcpSockets(transcript);
    if (tcp.length > 0) {
      const seen = tcp.map(formatAddress).join(", ");
      return fail(expected, {
        en: `Only a TCP socket (SOCK_STREAM) is open, at ${seen}. TCP and UDP have separate ports, even with the same number.`,
        id: `Hanya socket TCP (SOCK_STREAM) yang terbuka, di ${seen}. TCP dan UDP memiliki port yang terpisah, walaupun nomornya sama.`,
      });
    }
    const problem = last(transcript, "not-listening");
    if (problem?.blocked.some(({ call, fd }) => call === "read" && fd === 0)) {
      return fail(expected, {
        en: "It waits for something to be typed (it reads its standard input) before it binds a socket.",
        id: "Program menunggu sesuatu diketik (membaca standard input) sebelum melakukan bind.",
      });
    }
    return fail(expected, join(last(transcript, "not-started")?.problem ?? describeExit(transcript) ?? NEVER));
  },
};

const NEVER: Text = {
  en: "It runs, but binds no UDP socket.",
  id: "Program berjalan, tetapi tidak melakukan bind pada socket UDP.",
};
