import { always, type ServerCheck } from "../check.ts";
import { fail, last, PASS } from "../reading.ts";

export const check: ServerCheck = {
  title: { en: "uses a TCP socket", id: "memakai socket TCP" },
  why: {
    en: "TCP (SOCK_STREAM) and UDP (SOCK_DGRAM) have separate ports: a TCP client never reaches a UDP socket, even with the same number.",
    id: "TCP (SOCK_STREAM) dan UDP (SOCK_DGRAM) memiliki port yang terpisah: klien TCP tidak pernah sampai ke socket UDP, walaupun nomornya sama.",
  },
  requirement: "listens",
  cites: [{ source: "lecture", quote: "TCP → SOCK_STREAM" }],
  level: always("must"),
  after: ["starts-listening"],
  stimulate: { observes: "launch" },
  judge(transcript) {
    const sockets = last(transcript, "listening")?.sockets ?? [];
    if (sockets.some(({ protocol }) => protocol === "tcp")) return PASS;
    const ports = sockets.map(({ port }) => port).join(", ");
    return fail(
      { en: "The server's socket is a TCP socket.", id: "Socket server adalah socket TCP." },
      {
        en: `Only a UDP socket (SOCK_DGRAM) is open, on port ${ports}.`,
        id: `Hanya socket UDP (SOCK_DGRAM) yang terbuka, di port ${ports}.`,
      },
    );
  },
};
