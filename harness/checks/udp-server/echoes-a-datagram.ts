import { always, LECTURE, RFC862_UDP, type ServerCheck } from "../check.ts";
import { judgeDatagrams } from "../datagram-echo.ts";

export const check: ServerCheck = {
  title: { en: "sends a datagram back", id: "mengirim balik sebuah datagram" },
  why: {
    en: "recvfrom() gives the bytes and the address of whoever sent them; sendto() sends the same bytes to that address.",
    id: "recvfrom() memberikan byte dan alamat pengirimnya; sendto() mengirim byte yang sama ke alamat itu.",
  },
  requirement: "udp-echoes",
  cites: [RFC862_UDP, LECTURE],
  level: always("must"),
  after: ["answers-from-its-own-port"],
  stimulate: { observes: "answers-from-its-own-port" },
  judge: (transcript) => judgeDatagrams(transcript, "A"),
};
