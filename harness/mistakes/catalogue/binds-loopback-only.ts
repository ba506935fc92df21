import { protocolOf } from "../../assignment/assignment.ts";
import { socketsOf } from "../../checks/server-launch.ts";
import { isLoopback } from "../../kernel/address.ts";
import { binds } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import type { Sign } from "../signs/sign.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "udp-server"],
  title: { en: "Can be reached from its own computer only", id: "Hanya terjangkau dari komputernya sendiri" },
  explanation: {
    en: "The server is bound to 127.0.0.1 (or localhost, or ::1), the loopback address. Every computer has it and means itself by it: what is sent there never gets onto a cable or into the air. A client on another computer must talk to the server's address in the network, for example 192.168.1.7, and there nobody waits. Bound to 0.0.0.0 (every IPv4 address of the computer), :: (IPv6 and IPv4) or to that address itself, the server is found by clients on its own computer and on others.",
    id: "Server melakukan bind ke 127.0.0.1 (atau localhost, atau ::1), yaitu alamat loopback. Setiap komputer memilikinya dan memakainya untuk menyebut dirinya sendiri: data ke alamat itu tidak pernah keluar ke kabel atau Wi-Fi. Klien di komputer lain harus menghubungi alamat server di jaringan, misalnya 192.168.1.7, dan di sana tidak ada yang menunggu. Dengan bind ke 0.0.0.0 (semua alamat IPv4 komputer itu), :: (IPv6 dan IPv4), atau alamat jaringan itu sendiri, server ditemukan oleh klien di komputer yang sama maupun di komputer lain.",
  },
  lookUp: {
    en: "\"Bisa berjalan pada host yang sama atau berbeda\" on the lecture's slides; ip addr (Linux) or ipconfig (Windows) shows a computer's addresses; Python socket docs, bind() and the address ''; Node docs, server.listen(port, host) of net and socket.bind(port, host) of dgram.",
    id: "\"Bisa berjalan pada host yang sama atau berbeda\" pada slide kuliah; ip addr (Linux) atau ipconfig (Windows) menampilkan alamat komputer; dokumentasi socket Python, bind() dan alamat ''; dokumentasi Node, server.listen(port, host) pada net dan socket.bind(port, host) pada dgram.",
  },
  wrong: {
    python: `s.bind(("127.0.0.1", 5000))`,
    typescript: `server.listen(5000, "127.0.0.1");`,
  },
  repair: {
    python: `s.bind(("0.0.0.0", 5000))             # not "127.0.0.1": for other computers`,
    typescript: `server.listen(5000, "0.0.0.0"); // not "127.0.0.1": for other computers`,
  },
  inUdp: {
    wrong: {
      python: 's.bind(("127.0.0.1", 5000))',
      typescript: 'server.bind(5000, "127.0.0.1");',
    },
    repair: {
      python: 's.bind(("0.0.0.0", 5000))             # not "127.0.0.1": for other computers',
      typescript: 'server.bind(5000, "0.0.0.0"); // not "127.0.0.1": for other computers',
    },
  },
  fault: binds,
  diagnose(symptoms) {
    const loopbackOnly: Sign = (transcript) => {
      const sockets = socketsOf(transcript, protocolOf(symptoms.program));
      return sockets.length > 0 && sockets.every(({ host }) => isLoopback(host));
    };
    return suspect(1, showing(symptoms, loopbackOnly, ["answers-another-host"]));
  },
};
