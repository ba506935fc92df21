import { protocolOf, roleOf } from "../../assignment/assignment.ts";
import { printed } from "../../checks/reading.ts";
import { sameFamily } from "../../kernel/address.ts";
import { addressed } from "../fault.ts";
import { askedOf, endpoint, wasPassed } from "../listening.ts";
import type { Mistake, Symptoms } from "../mistake.ts";
import { anyOf, both, not } from "../signs/sign.ts";
import { complains, isTurnedAway, says } from "../signs/words.ts";
import { anywhere, arrivesBy, PLACED, STARTS, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "Another address than the agreed one", id: "Alamat yang berbeda dari yang disepakati" },
  explanation: {
    en: "The program uses another host address than the assignment says. 127.0.0.1 is this computer, for programs on this computer. Another address may belong to another network card, as gethostname() gives it, or to no card at all, and then nobody who was told 127.0.0.1 finds the program.",
    id: "Program memakai alamat host yang berbeda dari tugas. 127.0.0.1 adalah komputer ini sendiri, untuk program di komputer ini. Alamat lain bisa milik kartu jaringan lain, seperti hasil gethostname(), atau bahkan bukan milik komputer ini, sehingga yang mencari di 127.0.0.1 tidak menemukan program Anda.",
  },
  lookUp: {
    en: "\"Koneksi ke server dengan alamat IP dan port yang sudah disepakati\" and bind(('127.0.0.1', 5000)) on the lecture's slides; Python socket docs, bind(), connect() and sendto(); Node docs, server.listen(port, host) of net and socket.bind(port, host) of dgram.",
    id: "\"Koneksi ke server dengan alamat IP dan port yang sudah disepakati\" dan bind(('127.0.0.1', 5000)) pada slide kuliah; dokumentasi socket Python, bind(), connect(), dan sendto(); dokumentasi Node, server.listen(port, host) pada net dan socket.bind(port, host) pada dgram.",
  },
  wrong: {
    python: `s.bind((socket.gethostname(), 5000))`,
    typescript: `server.listen(5000, "192.168.1.10");`,
  },
  repair: {
    python: `s.bind(("127.0.0.1", 5000))           # as agreed`,
    typescript: `server.listen(5000, "127.0.0.1"); // as agreed`,
  },
  inClient: {
    wrong: {
      python: `s.connect((socket.gethostname(), 5000))`,
      typescript: `const socket = connect(5000, "192.168.1.10");`,
    },
    repair: {
      python: `s.connect(("127.0.0.1", 5000))        # where the server listens`,
      typescript: `const socket = connect(5000, "127.0.0.1"); // where the server listens`,
    },
  },
  inUdp: {
    wrong: {
      python: "s.bind((socket.gethostname(), 5000))",
      typescript: 'server.bind(5000, "192.168.1.10");',
    },
    repair: {
      python: `s.bind(("127.0.0.1", 5000))           # as agreed`,
      typescript: `server.bind(5000, "127.0.0.1"); // as agreed`,
    },
  },
  inUdpClient: {
    wrong: {
      python: `s.sendto(message, (socket.gethostname(), 5000))`,
      typescript: `socket.send(message, 5000, "192.168.1.10");`,
    },
    repair: {
      python: `s.sendto(message, ("127.0.0.1", 5000))   # where the server is bound`,
      typescript: `socket.send(message, 5000, "127.0.0.1"); // where the server is bound`,
    },
  },
  fault: addressed,
  diagnose(symptoms) {
    if (roleOf(symptoms.program) === "client") {
      const lost = both(
        not(complains(OTHER_FAMILY)),
        says(
          /gaierror|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|unreachable|Name or service not known|getaddrinfo|ETIMEDOUT|No route to host|EADDRNOTAVAIL/,
        ),
      );
      // A connection that is not refused and not made either goes to somewhere else; a datagram is always only waited for.
      const unheard = both(says(/timed out/), not(isTurnedAway));
      const isLost = protocolOf(symptoms.program) === "tcp" ? anyOf(lost, unheard) : lost;
      const named = showing(symptoms, isLost, arrivesBy(symptoms));
      if (named.length > 0) return suspect(0.85, named);
      return suspect(otherHost(symptoms) ? 0.85 : 0.5, showing(symptoms, isTurnedAway, arrivesBy(symptoms)));
    }
    const otherFamily = complains(OTHER_FAMILY);
    const nowhere = both(
      complains(/EADDRNOTAVAIL|Cannot assign requested address|gaierror|ENOTFOUND/),
      not(otherFamily),
    );
    const [asked, found] = [askedOf(symptoms, PLACED), endpoint(symptoms, PLACED)];
    const samePort = asked !== undefined && found !== undefined && found.port === asked.port;
    const moved = samePort && found.host !== asked.host && sameFamily(found.host, asked.host);
    const elsewhere = moved ? showing(symptoms, not(wasPassed), PLACED) : [];
    return suspect(0.95, [...showing(symptoms, nowhere, STARTS), ...elsewhere]);
  },
};

/** `wrong-address-family` has a word on that. */
const OTHER_FAMILY = /Address family (for hostname )?not supported|EAFNOSUPPORT/;

/** The client's own error message names another host than the one that was agreed. */
function otherHost(symptoms: Symptoms): boolean {
  const asked = askedOf(symptoms, arrivesBy(symptoms));
  return anywhere(symptoms, (transcript) => {
    const [, host] = /ECONNREFUSED ([\d.]+):\d+/.exec(printed(transcript, "stderr")) ?? [];
    return host !== undefined && asked !== undefined && host !== asked.host && sameFamily(host, asked.host);
  });
}
