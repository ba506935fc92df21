import { roleOf } from "../../assignment/assignment.ts";
import { asText, shown, speaker } from "../../checks/client-reading.ts";
import { sentTo } from "../../checks/reading.ts";
import { sends } from "../fault.ts";
import type { Diagnosis, Mistake, Symptoms } from "../mistake.ts";
import { isCut, isReencoded, isTransformed, isWithoutReturns } from "../reply.ts";
import { messageDifference, putsWordsBefore } from "../signs/client.ts";
import { anyExchange, type Sign } from "../signs/sign.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "Changes the message", id: "Mengubah isi pesan" },
  explanation: {
    en: "What is sent or shown is made from the message, but it is not the message: capitals, letters in reverse order, some bytes replaced. An echo sends back exactly the bytes that came.",
    id: "Yang dikirim atau ditampilkan berasal dari pesan, tetapi bukan pesan itu sendiri: huruf besar, urutan terbalik, atau sebagian byte diganti. Echo mengirim kembali persis byte yang datang.",
  },
  lookUp: {
    en: "data = client_sock.recv(65535) and client_sock.send(data) in the lecture's example: the same variable, untouched; RFC 862.",
    id: "data = client_sock.recv(65535) dan client_sock.send(data) pada contoh kuliah: variabel yang sama, tidak diubah; RFC 862.",
  },
  wrong: {
    python: `data = client_sock.recv(65535)
client_sock.sendall(data.upper())`,
    typescript: `socket.on("data", (data) => socket.write(data.toString().toUpperCase()));`,
  },
  repair: {
    python: `data = client_sock.recv(65535)
client_sock.sendall(data)     # no upper(), no replace()`,
    typescript: `socket.on("data", (data) => {
  socket.write(data); // no toUpperCase(), no replace()
});`,
  },
  inClient: {
    wrong: {
      python: `s.sendall(message.upper())
print(s.recv(65535).decode().upper())`,
      typescript: `socket.write(message.toUpperCase());
socket.on("data", (data) => console.log(data.toString().toUpperCase()));`,
    },
    repair: {
      python: `s.sendall(message)            # no upper(), no replace()
print(s.recv(65535).decode()) # what came, as it came`,
      typescript: `socket.write(message); // no toUpperCase(), no replace()
socket.on("data", (data) => console.log(data.toString()));`,
    },
  },
  inUdp: {
    lookUp: {
      en: `recvfrom() and sendto() in the Python socket docs, and "UDP → SOCK_DGRAM" on the lecture's slides; Node docs, dgram, socket.send and the event 'message'; RFC 862: "the data from it is sent back in an answering datagram".`,
      id: `recvfrom() dan sendto() pada dokumentasi socket Python, dan "UDP → SOCK_DGRAM" pada slide kuliah; dokumentasi dgram Node, socket.send dan event 'message'; RFC 862: "the data from it is sent back in an answering datagram".`,
    },
    wrong: {
      python: `data, address = s.recvfrom(65535)
s.sendto(data.upper(), address)`,
      typescript: `server.on("message", (data, client) => {
  server.send(data.toString().toUpperCase(), client.port, client.address);
});`,
    },
    repair: {
      python: `data, address = s.recvfrom(65535)
s.sendto(data, address)       # no upper(), no replace()`,
      typescript: `server.on("message", (data, client) => {
  // no toUpperCase(), no replace()
  server.send(data, client.port, client.address);
});`,
    },
  },
  inUdpClient: {
    wrong: {
      python: `data, address = s.recvfrom(65535)
print(data.decode().upper())`,
      typescript: `socket.on("message", (data) => {
  console.log(data.toString().toUpperCase());
});`,
    },
    repair: {
      python: `data, address = s.recvfrom(65535)
print(data.decode())          # no upper(), no replace()`,
      typescript: `socket.on("message", (data) => {
  console.log(data.toString()); // no toUpperCase(), no replace()
});`,
    },
  },
  fault: sends,
  diagnose(symptoms) {
    if (roleOf(symptoms.program) === "client") {
      return ofClient(symptoms);
    }
    const turned = showing(symptoms, (transcript) => changed(transcript) || returns(transcript));
    const lost = anyExchange(
      ({ hungUp, receivedBytes, sentBytes }) => !hungUp && receivedBytes > 0 && receivedBytes < sentBytes,
    );
    const large = showing(symptoms, lost, ["echoes-a-large-body", "survives-a-stalled-reader"]);
    if (turned.length > 0) return suspect(0.95, [...new Set([...turned, ...large])]);
    const replaced = anyExchange((exchange) => {
      const { sent, received } = exchange;
      return received.length > 0 && !isCut(exchange) && !isReencoded(exchange) && isPartOf(received, sent);
    });
    return suspect(0.7, showing(symptoms, replaced, ["echoes-every-byte", "echoes-around-the-buffer"]));
  },
};

const changed = anyExchange(isTransformed);
/** Line ends of one system were turned into those of another. */
const returns = anyExchange(isWithoutReturns);

/** The bytes of `part` stand in `whole` in the same order, with a few left out. */
function isPartOf(part: Buffer, whole: Buffer): boolean {
  let at = 0;
  for (const byte of whole) if (at < part.length && byte === part[at]) at++;
  return at === part.length && part.length < whole.length && part.length * 2 > whole.length;
}

function ofClient(symptoms: Symptoms): Diagnosis | undefined {
  const showsChanged = showing(symptoms, showsAnotherCase, ["shows-the-reply"]);
  if (showsChanged.length > 0) return suspect(0.95, showsChanged);
  const difference = messageDifference(symptoms);
  if (!difference || difference.observed.length === 0 || putsWordsBefore(symptoms)) return undefined;
  const from = Buffer.from(difference.expected).toString("latin1");
  const to = Buffer.from(difference.observed).toString("latin1");
  // Cut, or sent in pieces.
  if (from.startsWith(to)) return undefined;
  const same = from.toLowerCase() === to.toLowerCase() || from === [...to].reverse().join("");
  return suspect(
    same ? 0.95 : 0.6,
    showing(symptoms, () => true, ["sends-its-message", "sends-every-letter"]),
  );
}

/** The reply stands on the screen in other letters. */
const showsAnotherCase: Sign = (transcript) => {
  const reply = asText(sentTo(transcript, speaker(transcript)));
  const output = shown(transcript);
  return reply !== "" && !output.includes(reply) && output.toLowerCase().includes(reply.toLowerCase());
};
