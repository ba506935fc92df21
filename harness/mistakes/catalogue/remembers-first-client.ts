import { exchanges } from "../exchange.ts";
import { connects, either, sends, sendsToAnother } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { exited } from "../signs/process.ts";
import { both, not, type Sign } from "../signs/sign.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["udp-server"],
  title: { en: "Answers only its first client", id: "Hanya membalas klien pertama" },
  explanation: {
    en: "The server keeps the address of the first client, in a variable or by connect(), and sends every reply there. The second client waits in vain, and the first one gets what is not its own. accept() has no counterpart in UDP: each recvfrom() says anew who has sent.",
    id: "Server menyimpan alamat klien pertama, dalam variabel atau dengan connect(), dan mengirim semua balasan ke sana. Klien kedua menunggu sia-sia, dan klien pertama menerima yang bukan miliknya. UDP tidak memiliki padanan accept(): setiap recvfrom() memberi tahu lagi siapa pengirimnya.",
  },
  lookUp: {
    en: "Klien 1, Klien 2, Klien 3 on the lecture's slides, each with a port of its own; Python socket docs, recvfrom(), which returns (data, address); Node docs, dgram, the event 'message' and its rinfo.",
    id: "Klien 1, Klien 2, Klien 3 pada slide kuliah, masing-masing dengan port sendiri; dokumentasi socket Python, recvfrom(), yang mengembalikan (data, address); dokumentasi Node, dgram, event 'message' dan rinfo-nya.",
  },
  wrong: {
    python: `data, first = s.recvfrom(65535)
while True:
    s.sendto(data, first)     # whoever sent it
    data, address = s.recvfrom(65535)`,
    typescript: `server.on("message", (data, client) => {
  first ??= client;
  server.send(data, first.port, first.address); // whoever sent it
});`,
  },
  repair: {
    python: `while True:
    data, address = s.recvfrom(65535)   # the address of this datagram
    # no connect(), no address from before
    s.sendto(data, address)`,
    typescript: `server.on("message", (data, client) => {
  // the sender of this datagram
  server.send(data, client.port, client.address);
});`,
  },
  fault: either(sendsToAnother, connects, sends),
  diagnose(symptoms) {
    const unheard = both(firstServed, not(exited));
    return suspect(
      0.95,
      showing(symptoms, (transcript) => misdirected(transcript) || unheard(transcript), NAMES),
    );
  },
};

const NAMES = ["answers-the-right-client"];

/** A client got what a later one had said, and not for company: `broadcasts` has a word on that. */
const misdirected: Sign = (transcript) => {
  const clients = exchanges(transcript);
  return (
    clients.some(({ received, sent }) => !received.includes(sent)) &&
    clients.some(({ received }, at) =>
      clients.slice(at + 1).some(({ sent }) => sent.length > 0 && received.includes(sent)),
    )
  );
};

/** One client was answered, and those after it were not. */
const firstServed: Sign = (transcript) => {
  const [first, ...others] = exchanges(transcript);
  return (
    first !== undefined &&
    first.received.length > 0 &&
    others.some(({ sent }) => sent.length > 0) &&
    others.every(({ received }) => received.length === 0)
  );
};
