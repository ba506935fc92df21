import { datagramsOf } from "../../checks/datagram-echo.ts";
import { peers } from "../../checks/reading.ts";
import { sends } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { collectsDatagrams } from "../signs/server.ts";
import type { Sign } from "../signs/sign.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["udp-server"],
  title: {
    en: "Joins datagrams that are separate messages",
    id: "Menggabungkan datagram yang merupakan pesan terpisah",
  },
  explanation: {
    en: "The reply holds more than one datagram: the server collects what comes, as one does with TCP, where a message may arrive in pieces. UDP keeps messages apart. Each datagram is whole, and each is answered by one of the same bytes.",
    id: "Balasan berisi lebih dari satu datagram: server mengumpulkan yang datang, seperti pada TCP, di mana sebuah pesan bisa tiba dalam potongan. UDP menjaga batas pesan. Setiap datagram sudah utuh, dan masing-masing dibalas dengan satu datagram berisi byte yang sama.",
  },
  lookUp: {
    en: 'SOCK_DGRAM and SOCK_STREAM on the lecture\'s slides: datagrams here, a stream there; RFC 862, "UDP Based Echo Service"; the man page udp(7).',
    id: 'SOCK_DGRAM dan SOCK_STREAM pada slide kuliah: datagram dan aliran (stream); RFC 862, "UDP Based Echo Service"; halaman manual udp(7).',
  },
  wrong: {
    python: `received = b""
while True:
    data, address = s.recvfrom(65535)
    received += data
    s.sendto(received, address)`,
    typescript: `let received = Buffer.alloc(0);
server.on("message", (data, client) => {
  received = Buffer.concat([received, data]);
  server.send(received, client.port, client.address);
});`,
  },
  repair: {
    python: `while True:
    data, address = s.recvfrom(65535)
    s.sendto(data, address)       # this datagram, not data collected before`,
    typescript: `server.on("message", (data, client) => {
  // this datagram, not data collected before
  server.send(data, client.port, client.address);
});`,
  },
  fault: sends,
  diagnose: (symptoms) =>
    suspect(0.95, [
      ...showing(symptoms, joined, ["keeps-datagrams-apart"]),
      ...showing(symptoms, collectsDatagrams, ["answers-the-right-client"]),
    ]),
};

const joined: Sign = (transcript) =>
  peers(transcript).some((peer) => {
    const sent = datagramsOf(transcript, "sent", peer);
    return datagramsOf(transcript, "received", peer).some(
      (bytes) => sent.filter((one) => one.length > 0 && bytes.includes(one)).length > 1,
    );
  });
