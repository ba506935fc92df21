import { roleOf } from "../../assignment/assignment.ts";
import { addressed } from "../fault.ts";
import { askedOf, endpoint, wasPassed } from "../listening.ts";
import type { Mistake } from "../mistake.ts";
import { both, not } from "../signs/sign.ts";
import { complains, isTurnedAway } from "../signs/words.ts";
import { arrivesBy, PLACED, STARTS, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "Another port than the agreed one", id: "Port yang berbeda dari yang disepakati" },
  explanation: {
    en: "The program uses another port number than the assignment says. The port is how a client finds one program among all on that computer: server and client have to name the same one. Ports below 1024 are reserved and often need special rights.",
    id: "Program memakai nomor port yang berbeda dari tugas. Dengan nomor port, klien menemukan satu program di antara semua program di komputer itu: server dan klien harus menyebut nomor yang sama. Port di bawah 1024 dicadangkan dan sering memerlukan hak khusus.",
  },
  lookUp: {
    en: "\"Port server: 5000\" on the lecture's slides; a client's own port (45576 in the drawing) is chosen by the system; Python socket docs, bind(), connect() and sendto(); Node docs, server.listen(port, host) of net and socket.bind(port, host) of dgram.",
    id: '"Port server: 5000" pada slide kuliah; port milik klien sendiri (45576 pada gambar) dipilih oleh sistem; dokumentasi socket Python, bind(), connect(), dan sendto(); dokumentasi Node, server.listen(port, host) pada net dan socket.bind(port, host) pada dgram.',
  },
  wrong: {
    python: `s.bind(("127.0.0.1", 5001))`,
    typescript: `server.listen(5001, "127.0.0.1");`,
  },
  repair: {
    python: `PORT = 5000                   # the same number in server and client
s.bind(("127.0.0.1", PORT))`,
    typescript: `const PORT = 5000; // the same number in server and client
server.listen(PORT, "127.0.0.1");`,
  },
  inClient: {
    wrong: { python: `s.connect(("127.0.0.1", 5001))`, typescript: `const socket = connect(5001, "127.0.0.1");` },
    repair: {
      python: `PORT = 5000                   # the same number in server and client
s.connect(("127.0.0.1", PORT))`,
      typescript: `const PORT = 5000; // the same number in server and client
const socket = connect(PORT, "127.0.0.1");`,
    },
  },
  inUdp: {
    wrong: {
      python: 's.bind(("127.0.0.1", 5001))',
      typescript: 'server.bind(5001, "127.0.0.1");',
    },
    repair: {
      python: `PORT = 5000                   # the same number in server and client
s.bind(("127.0.0.1", PORT))`,
      typescript: `const PORT = 5000; // the same number in server and client
server.bind(PORT, "127.0.0.1");`,
    },
  },
  inUdpClient: {
    wrong: { python: `s.sendto(message, ("127.0.0.1", 5001))`, typescript: `socket.send(message, 5001, "127.0.0.1");` },
    repair: {
      python: `PORT = 5000                   # the same number in server and client
s.sendto(message, ("127.0.0.1", PORT))`,
      typescript: `const PORT = 5000; // the same number in server and client
socket.send(message, PORT, "127.0.0.1");`,
    },
  },
  fault: addressed,
  diagnose(symptoms) {
    if (roleOf(symptoms.program) === "client") {
      const refused = showing(symptoms, both(isTurnedAway, not(wasPassed)), arrivesBy(symptoms));
      return suspect(0.7, refused);
    }
    const [asked, found] = [askedOf(symptoms, PLACED), endpoint(symptoms, PLACED)];
    const moved = asked !== undefined && found !== undefined && found.port !== asked.port;
    const elsewhere = moved ? showing(symptoms, not(wasPassed), PLACED) : [];
    const forbidden = showing(
      symptoms,
      complains(/(listen|bind) EACCES|PermissionError: \[Errno 13\](?! [^'\n]*: ')/),
      STARTS,
    );
    return suspect(0.95, [...elsewhere, ...forbidden]);
  },
};
