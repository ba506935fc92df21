import { breaks, either, sends } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { isNotation } from "../reply.ts";
import { sendsNotation } from "../signs/client.ts";
import { anyExchange, anyOf, both, not } from "../signs/sign.ts";
import { forgetsAwait, givesTextToSend, mixesTextAndBytes } from "../signs/words.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "Gives text to send() where bytes are needed", id: "Memberikan teks ke send() padahal perlu byte" },
  explanation: {
    en: "send() takes bytes. A str raises TypeError: a bytes-like object is required; and str(data) is no way out, since it turns b'hi' into the six characters b, ', h, i and so on. Put a b before a literal, call .encode() on text, and send what was received as it is.",
    id: "send() menerima byte. Memberikan str memunculkan TypeError: a bytes-like object is required; dan str(data) bukan jalan keluar, karena b'hi' berubah menjadi karakter b, ', h, i, dan seterusnya. Tulis b di depan literal, panggil .encode() pada teks, dan kirim data yang diterima apa adanya.",
  },
  lookUp: {
    en: '"send: mengirim data bertipe byte (tanda b di awal string)" on the lecture\'s slides; Python docs, bytes and str.encode(); Node docs, Buffer and socket.write().',
    id: '"send: mengirim data bertipe byte (tanda b di awal string)" pada slide kuliah; dokumentasi Python, bytes dan str.encode(); dokumentasi Node, Buffer dan socket.write().',
  },
  wrong: {
    python: `s.sendall("Hello tcp ...")    # TypeError: a bytes-like object is required`,
    typescript: `socket.write(5000); // TypeError: a string or bytes are required`,
  },
  repair: {
    python: `s.sendall(b"Hello tcp ...")           # a literal
s.sendall(message.encode())           # text in a variable
client_sock.sendall(data)             # what recv() gave is bytes already`,
    typescript: `socket.write("Hello tcp ...");                  // text
// what arrived is bytes already
socket.on("data", (data) => socket.write(data));`,
  },
  inClient: {
    wrong: {
      python: `s.sendall("Hello tcp ...")    # TypeError: a bytes-like object is required`,
      typescript: `socket.write(5000); // TypeError: a string or bytes are required`,
    },
    repair: {
      python: `s.sendall(b"Hello tcp ...")           # a literal
s.sendall(message.encode())           # text in a variable`,
      typescript: `socket.write("Hello tcp ..."); // text
socket.write(Buffer.from([1, 2, 3])); // bytes`,
    },
  },
  inUdp: {
    lookUp: {
      en: `"send: mengirim data bertipe byte (tanda b di awal string)" on the lecture's slides; Python docs, bytes, str.encode() and sendto(); Node docs, Buffer and dgram, socket.send().`,
      id: '"send: mengirim data bertipe byte (tanda b di awal string)" pada slide kuliah; dokumentasi Python, bytes, str.encode(), dan sendto(); dokumentasi Node, Buffer dan dgram, socket.send().',
    },
    wrong: {
      python: `# TypeError: a bytes-like object is required
s.sendto("Hello udp ...", address)`,
      typescript: "socket.send(5000, port, host); // TypeError: a string or bytes are required",
    },
    repair: {
      python: `s.sendto(b"Hello udp ...", address)   # a literal
s.sendto(message.encode(), address)   # text in a variable
s.sendto(data, address)               # what recvfrom() gave: bytes already`,
      typescript: `socket.send("Hello udp ...", port, host); // text
// what arrived is bytes already
server.on("message", (data, client) => {
  server.send(data, client.port, client.address);
});`,
    },
  },
  inUdpClient: {
    wrong: {
      python: `# TypeError: a bytes-like object is required
s.sendto("Hello udp ...", address)`,
      typescript: `socket.send(5000, port, host); // TypeError: a string or bytes are required`,
    },
    repair: {
      python: `s.sendto(b"Hello udp ...", address)   # a literal
s.sendto(message.encode(), address)   # text in a variable`,
      typescript: `socket.send("Hello udp ...", port, host); // text
socket.send(Buffer.from([1, 2, 3]), port, host); // bytes`,
    },
  },
  fault: either(breaks, sends),
  diagnose(symptoms) {
    if (sendsNotation(symptoms)) {
      return suspect(
        0.96,
        showing(symptoms, () => true, ["sends-its-message", "sends-every-letter"]),
      );
    }
    const notation = anyExchange(({ sent, received }) => isNotation(received) && !isNotation(sent));
    const given = showing(symptoms, both(givesTextToSend, not(anyOf(forgetsAwait, mixesTextAndBytes))));
    return suspect(0.96, [...new Set([...given, ...showing(symptoms, notation)])]);
  },
};
