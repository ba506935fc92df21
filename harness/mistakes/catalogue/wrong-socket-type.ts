import { protocolOf, roleOf } from "../../assignment/assignment.ts";
import { all, last } from "../../checks/reading.ts";
import { binds, connects, either, sends } from "../fault.ts";
import type { Diagnosis, Mistake, Symptoms } from "../mistake.ts";
import type { Sign } from "../signs/sign.ts";
import { complains } from "../signs/words.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "A UDP socket instead of a TCP socket", id: "Socket UDP, bukan socket TCP" },
  explanation: {
    en: "The socket has the type SOCK_DGRAM (UDP). UDP sends single packets without a connection; a TCP program never meets them, even on the same port number. For TCP the type is SOCK_STREAM, which socket.socket() also takes when nothing is said; in Node it is the module net and not dgram.",
    id: "Socket dibuat dengan tipe SOCK_DGRAM (UDP). UDP mengirim paket tanpa koneksi; program TCP tidak pernah bertemu dengannya, walaupun nomor port-nya sama. Untuk TCP tipenya SOCK_STREAM, yang juga dipakai socket.socket() jika tidak disebutkan; di Node pakai modul net, bukan dgram.",
  },
  lookUp: {
    en: '"Tipe Socket di Python: UDP → SOCK_DGRAM, TCP → SOCK_STREAM" on the lecture\'s slides; Python socket docs, socket.socket(); Node docs, net and dgram; RFC 9293 and RFC 768.',
    id: '"Tipe Socket di Python: UDP → SOCK_DGRAM, TCP → SOCK_STREAM" pada slide kuliah; dokumentasi socket Python, socket.socket(); dokumentasi Node, net dan dgram; RFC 9293 dan RFC 768.',
  },
  wrong: {
    python: `s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 5000))`,
    typescript: `const server = createSocket("udp4"); // node:dgram
server.bind(5000, "127.0.0.1");`,
  },
  repair: {
    python: `s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)     # not SOCK_DGRAM
s.bind(("127.0.0.1", 5000))
s.listen(1)`,
    typescript: `import { createServer } from "node:net"; // not node:dgram

createServer((socket) => socket.pipe(socket)).listen(5000, "127.0.0.1");`,
  },
  inClient: {
    wrong: {
      python: `s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(("127.0.0.1", 5000))`,
      typescript: `const socket = createSocket("udp4"); // node:dgram
socket.send(message, 5000, "127.0.0.1");`,
    },
    repair: {
      python: `s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)     # not SOCK_DGRAM
s.connect(("127.0.0.1", 5000))`,
      typescript: `import { connect } from "node:net"; // not node:dgram

const socket = connect(5000, "127.0.0.1");`,
    },
  },
  inUdp: {
    title: {
      en: "A TCP socket instead of a UDP socket",
      id: "Socket TCP, bukan socket UDP",
    },
    explanation: {
      en: "The socket has the type SOCK_STREAM (TCP), which socket.socket() also takes when nothing is said. TCP first makes a connection; a UDP program makes none and never meets it, even on the same port number. For UDP the type is SOCK_DGRAM, and there is no listen(), no accept(): bind(), then recvfrom() and sendto(). In Node it is the module dgram and not net.",
      id: "Socket dibuat dengan tipe SOCK_STREAM (TCP), yang juga dipakai socket.socket() jika tidak disebutkan. TCP membuat koneksi dulu; program UDP tidak membuat koneksi dan tidak pernah bertemu dengannya, walaupun nomor port-nya sama. Untuk UDP tipenya SOCK_DGRAM, tanpa listen() dan tanpa accept(): bind(), lalu recvfrom() dan sendto(). Di Node pakai modul dgram, bukan net.",
    },
    wrong: {
      python: `s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind(("127.0.0.1", 5000))
s.listen(1)`,
      typescript: `import { createServer } from "node:net";

createServer((socket) => socket.pipe(socket)).listen(5000, "127.0.0.1");`,
    },
    repair: {
      python: `s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)      # not SOCK_STREAM
s.bind(("127.0.0.1", 5000))   # no listen(), no accept()`,
      typescript: `import { createSocket } from "node:dgram"; // not node:net

const server = createSocket("udp4");
server.bind(5000, "127.0.0.1");`,
    },
  },
  inUdpClient: {
    explanation: {
      en: `The socket has the type SOCK_STREAM (TCP), which socket.socket() also takes when nothing is said. TCP first makes a connection; a UDP server knows none and never meets it, even on the same port number. For UDP the type is SOCK_DGRAM, and each sendto() names the server's address. In Node it is the module dgram and not net.`,
      id: `Socket dibuat dengan tipe SOCK_STREAM (TCP), yang juga dipakai socket.socket() jika tidak disebutkan. TCP membuat koneksi dulu; server UDP tidak mengenal koneksi dan tidak pernah bertemu dengannya, walaupun nomor port-nya sama. Untuk UDP tipenya SOCK_DGRAM, dan setiap sendto() menyebutkan alamat server. Di Node pakai modul dgram, bukan net.`,
    },
    wrong: {
      python: `s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect(("127.0.0.1", 5000))
s.sendall(message)`,
      typescript: `import { connect } from "node:net";

const socket = connect(5000, "127.0.0.1");`,
    },
    repair: {
      python: `s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)      # not SOCK_STREAM
s.sendto(message, ("127.0.0.1", 5000))
reply, address = s.recvfrom(65535)`,
      typescript: `import { createSocket } from "node:dgram"; // not node:net

const socket = createSocket("udp4");
socket.send(message, 5000, "127.0.0.1");`,
    },
  },
  fault: either(binds, connects, sends),
  diagnose(symptoms) {
    if (protocolOf(symptoms.program) === "udp") return ofUdp(symptoms);
    const unsupported = complains(/Operation not supported|EOPNOTSUPP/);
    if (roleOf(symptoms.program) === "server") {
      const udp = showing(symptoms, () => true, ["stays-on-tcp"]);
      return udp.length > 0 ? suspect(1, udp) : suspect(0.9, showing(symptoms, unsupported, ["starts-listening"]));
    }
    const byUdp: Sign = (transcript) => all(transcript, "connected").some(({ protocol }) => protocol === "udp");
    return suspect(1, showing(symptoms, byUdp, ["connects-where-asked"]));
  },
};

function ofUdp(symptoms: Symptoms): Diagnosis | undefined {
  const byTcp: Sign = (transcript) =>
    (last(transcript, "listening")?.sockets.every(({ protocol }) => protocol === "tcp") ?? false) ||
    all(transcript, "connected").some(({ protocol }) => protocol !== "udp");
  const seen = showing(symptoms, byTcp, ["binds-where-asked", "sends-where-asked"]);
  if (seen.length > 0) return suspect(1, seen);
  // recvfrom(2) of a TCP socket that was never connected.
  const unconnected = complains(/\[Errno 107\]|ENOTCONN|not connected/);
  // sendto(2) of one.
  const broken = showing(symptoms, complains(/\[Errno 32\]|EPIPE/), ["sends-where-asked"]);
  return suspect(0.9, [...showing(symptoms, unconnected, ["binds-where-asked"]), ...broken]);
}
