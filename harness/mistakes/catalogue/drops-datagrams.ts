import { datagramsOf, without } from "../../checks/datagram-echo.ts";
import { exchanges } from "../exchange.ts";
import { either, receives, receivesInVain } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { exited } from "../signs/process.ts";
import { both, not, type Sign } from "../signs/sign.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["udp-server"],
  title: { en: "Leaves some datagrams unanswered", id: "Tidak membalas sebagian datagram" },
  explanation: {
    en: "The server received these datagrams and sent nothing back, while it answered others like them. Either it leaves them out on purpose, as a server does that imitates a bad network by random numbers, or it calls recvfrom() more often than sendto(). UDP may lose datagrams on their way; an echo server adds no losses of its own.",
    id: "Server menerima datagram-datagram ini tanpa mengirim apa pun kembali, padahal datagram lain yang serupa dibalas. Mungkin memang sengaja dilewatkan, seperti server yang meniru jaringan buruk dengan bilangan acak, atau server lebih sering memanggil recvfrom() daripada sendto(). UDP bisa kehilangan datagram di jalan; server echo tidak boleh menambah kehilangan itu.",
  },
  lookUp: {
    en: `RFC 862: "When a datagram is received, the data from it is sent back in an answering datagram"; Python socket docs, recvfrom() and sendto(); Node docs, dgram, the event 'message'.`,
    id: `RFC 862: "When a datagram is received, the data from it is sent back in an answering datagram"; dokumentasi socket Python, recvfrom() dan sendto(); dokumentasi dgram Node, event 'message'.`,
  },
  wrong: {
    python: `data, address = s.recvfrom(65535)
if random.random() < 0.3:
    continue              # never answered
s.sendto(data, address)`,
    typescript: `server.on("message", (data, client) => {
  if (Math.random() < 0.3) return; // never answered
  server.send(data, client.port, client.address);
});`,
  },
  repair: {
    python: `while True:
    data, address = s.recvfrom(65535)   # one recvfrom()
    s.sendto(data, address)             # one sendto()`,
    typescript: `server.on("message", (data, client) => {
  // each message, without a condition
  server.send(data, client.port, client.address);
});`,
  },
  fault: either(receivesInVain, receives),
  diagnose: (symptoms) => suspect(0.9, showing(symptoms, both(answersSome, not(exited)), NAMES)),
};

const NAMES = ["keeps-datagrams-apart", "echoes-every-datagram", "keeps-up-with-a-burst"];

/** Some came back, none of them changed. */
const answersSome: Sign = (transcript) => {
  const clients = exchanges(transcript).map(({ peer }) => ({
    sent: datagramsOf(transcript, "sent", peer),
    received: datagramsOf(transcript, "received", peer),
  }));
  return (
    clients.some(({ received }) => received.length > 0) &&
    clients.every(({ sent, received }) => without(received, sent).length === 0)
  );
};
