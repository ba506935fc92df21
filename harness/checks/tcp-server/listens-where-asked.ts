import { formatAddress } from "../../kernel/address.ts";
import { always, type ServerCheck } from "../check.ts";
import { fail, PASS } from "../reading.ts";
import { askedAddress, describeListening, serves, tcpSockets } from "../server-launch.ts";

export const check: ServerCheck = {
  title: { en: "listens at the address that was asked for", id: "listen di alamat yang diminta" },
  why: {
    en: "Client and server have to agree on the IP address and the port beforehand; anywhere else no client will look.",
    id: "Klien dan server harus sepakat tentang alamat IP dan port; klien tidak akan mencari di tempat lain.",
  },
  requirement: "listens",
  cites: [{ source: "lecture", quote: "Koneksi ke server dengan alamat IP dan port yang sudah disepakati" }],
  level: always("must"),
  after: ["stays-on-tcp"],
  stimulate: { observes: "launch" },
  judge(transcript, contract) {
    const asked = askedAddress(transcript, contract);
    const sockets = tcpSockets(transcript);
    if (sockets.some((socket) => serves(socket, asked, contract))) return PASS;
    return fail(
      {
        en: `The server listens on ${formatAddress(asked)}.`,
        id: `Server melakukan listen di ${formatAddress(asked)}.`,
      },
      describeListening(sockets),
    );
  },
};
