import { roleOf } from "../../assignment/assignment.ts";
import type { ByteDifference } from "../../checks/verdict.ts";
import { isFromAnother } from "../exchange.ts";
import { sendsLast } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { addedAfter, isNotation } from "../reply.ts";
import { messageDifference } from "../signs/client.ts";
import { anyExchange, not, type Sign } from "../signs/sign.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "Adds something to the end of the message", id: "Menambahkan sesuatu di akhir pesan" },
  explanation: {
    en: "Behind the message comes something that does not belong to it, mostly a line end (\\n). On the screen it is hard to see, but it is one more byte on the wire, and the other side takes it for a part of the message. print() adds a line end by itself; send() must not.",
    id: "Di belakang pesan ada tambahan yang bukan bagian dari pesan, biasanya akhir baris (\\n). Di layar sulit terlihat, tetapi di jaringan itu satu byte lebih, dan pihak lain menganggapnya bagian dari pesan. print() memang menambahkan akhir baris sendiri; send() tidak boleh.",
  },
  lookUp: {
    en: "send on the lecture's slides: it sends exactly the bytes it is given; Python socket docs, sendall; Node net docs, socket.write; RFC 862.",
    id: "send pada slide kuliah: yang dikirim persis byte yang diberikan; dokumentasi socket Python, sendall; dokumentasi net Node, socket.write; RFC 862.",
  },
  wrong: {
    python: String.raw`message = "Hello tcp ..."
s.sendall((message + "\n").encode())`,
    typescript: `socket.write(\`\${message}\\n\`);`,
  },
  repair: {
    python: String.raw`message = "Hello tcp ..."
s.sendall(message.encode())   # no + "\n"`,
    typescript: String.raw`const message = "Hello tcp ...";
socket.write(message); // no + "\n"`,
  },
  inUdp: {
    lookUp: {
      en: `recvfrom() and sendto() in the Python socket docs, and "UDP → SOCK_DGRAM" on the lecture's slides; Node docs, dgram, socket.send and the event 'message'; RFC 862: "the data from it is sent back in an answering datagram".`,
      id: `recvfrom() dan sendto() pada dokumentasi socket Python, dan "UDP → SOCK_DGRAM" pada slide kuliah; dokumentasi dgram Node, socket.send dan event 'message'; RFC 862: "the data from it is sent back in an answering datagram".`,
    },
    wrong: {
      python: String.raw`message = "Hello udp ..."
s.sendto((message + "\n").encode(), address)`,
      typescript: `socket.send(\`\${message}\\n\`, 5000, "127.0.0.1");`,
    },
    repair: {
      python: String.raw`message = "Hello udp ..."
s.sendto(message.encode(), address)   # no + "\n"`,
      typescript: String.raw`const message = "Hello udp ...";
socket.send(message, 5000, "127.0.0.1"); // no + "\n"`,
    },
  },
  fault: sendsLast,
  diagnose(symptoms) {
    if (roleOf(symptoms.program) === "server") {
      const suffixed = anyExchange((exchange, transcript) => {
        const added = addedAfter(exchange);
        return (
          added !== undefined && !isNotation(exchange.received) && !isFromAnother(transcript, exchange.peer, added)
        );
      });
      const explains = showing(symptoms, suffixed);
      // What is said to a client that pauses alone is a goodbye.
      return explains.every((id) => id.endsWith("/survives-a-slow-client")) ? undefined : suspect(0.95, explains);
    }
    const longer = showing(symptoms, not(exitedBeforeSending), ["sends-its-message", "sends-every-letter"]);
    const difference = messageDifference(symptoms);
    return difference && endsInAddition(difference) ? suspect(0.95, longer) : undefined;
  },
};

const exitedBeforeSending: Sign = (transcript) => !anyExchange(({ received }) => received.length > 0)(transcript);

/** The message is all there, and more behind it that is not the message once more. */
function endsInAddition({ at, from, expected, observed }: ByteDifference): boolean {
  const [before, added] = [at - from, observed.subarray(expected.length)];
  return before === expected.length && added.length > 0 && Buffer.compare(added, expected) !== 0;
}
