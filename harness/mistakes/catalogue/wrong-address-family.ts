import { has, last, printed } from "../../checks/reading.ts";
import { sameFamily } from "../../kernel/address.ts";
import { addressed } from "../fault.ts";
import { askedOf, endpoint } from "../listening.ts";
import type { Mistake, Symptoms } from "../mistake.ts";
import type { Sign } from "../signs/sign.ts";
import { complains } from "../signs/words.ts";
import { anywhere, arrivesBy, PLACED, STARTS, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server"],
  title: { en: "The other kind of IP address (IPv4 or IPv6)", id: "Jenis alamat IP yang lain (IPv4 atau IPv6)" },
  explanation: {
    en: "There are two kinds of IP addresses: IPv4, like 127.0.0.1, and IPv6, like ::1. A socket is made for one of them: AF_INET for IPv4, AF_INET6 for IPv6. They do not meet, even at the same port on the same computer: whoever connects to ::1 is refused by a server that listens on 127.0.0.1 or 0.0.0.0. A socket of IPv6 on :: can take IPv4 as well, if it is not told otherwise: Python's create_server() wants dualstack_ipv6=True for that.",
    id: "Ada dua jenis alamat IP: IPv4, seperti 127.0.0.1, dan IPv6, seperti ::1. Sebuah socket dibuat untuk salah satunya: AF_INET untuk IPv4, AF_INET6 untuk IPv6. Keduanya tidak bertemu, walaupun port dan komputernya sama: koneksi ke ::1 ditolak jika server listen di 127.0.0.1 atau 0.0.0.0. Socket IPv6 di :: juga bisa menerima IPv4 selama tidak dilarang: create_server() di Python memerlukan dualstack_ipv6=True untuk itu.",
  },
  lookUp: {
    en: '"Tipe Alamat" on the lecture\'s slides; Python socket docs, AF_INET, AF_INET6 and create_server(); Node net docs, server.listen() and its option ipv6Only; ipv6(7).',
    id: '"Tipe Alamat" pada slide kuliah; dokumentasi socket Python, AF_INET, AF_INET6, dan create_server(); dokumentasi net Node, server.listen() dan opsi ipv6Only; ipv6(7).',
  },
  wrong: {
    python: `# The assignment asks for ::1.
s = socket.create_server(("127.0.0.1", 5000))`,
    typescript: `server.listen(5000, "127.0.0.1"); // the assignment asks for ::1`,
  },
  repair: {
    python: `# IPv6 and IPv4 at once:
s = socket.create_server(("::", 5000), family=socket.AF_INET6,
                         dualstack_ipv6=True)
# IPv6 alone:
s = socket.create_server(("::1", 5000), family=socket.AF_INET6)`,
    typescript: `server.listen(5000, "::"); // IPv6 and IPv4 at once
server.listen(5000, "::1"); // IPv6 alone`,
  },
  inClient: {
    wrong: {
      python: `# The assignment asks for ::1.
s = socket.create_connection(("127.0.0.1", 5000))`,
      typescript: `connect(5000, "127.0.0.1"); // the assignment asks for ::1`,
    },
    repair: {
      python: `# makes a socket of the right kind by itself:
s = socket.create_connection(("::1", 5000))
# the same by hand:
s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
s.connect(("::1", 5000))`,
      typescript: `connect(5000, "::1"); // makes a socket of the right kind`,
    },
  },
  inUdp: {
    explanation: {
      en: "There are two kinds of IP addresses: IPv4, like 127.0.0.1, and IPv6, like ::1. A socket is made for one of them: AF_INET (in Node udp4) for IPv4, AF_INET6 (udp6) for IPv6. An address of the other kind cannot be bound to it; and a datagram to 127.0.0.1 never arrives at a socket on ::1, even at the same port on the same computer.",
      id: "Ada dua jenis alamat IP: IPv4, seperti 127.0.0.1, dan IPv6, seperti ::1. Sebuah socket dibuat untuk salah satunya: AF_INET (di Node udp4) untuk IPv4, AF_INET6 (udp6) untuk IPv6. Alamat jenis lain tidak bisa di-bind padanya; dan datagram ke 127.0.0.1 tidak pernah sampai pada socket di ::1, walaupun port dan komputernya sama.",
    },
    lookUp: {
      en: '"Tipe Alamat" on the lecture\'s slides; Python socket docs, AF_INET and AF_INET6; Node docs, dgram.createSocket() and its types udp4 and udp6; ipv6(7).',
      id: '"Tipe Alamat" pada slide kuliah; dokumentasi socket Python, AF_INET dan AF_INET6; dokumentasi Node, dgram.createSocket() dan jenis udp4 serta udp6; ipv6(7).',
    },
    wrong: {
      python: `# The assignment asks for 127.0.0.1.
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.bind(("::1", 5000))`,
      typescript: `const server = createSocket("udp6");
server.bind(5000, "127.0.0.1"); // EINVAL`,
    },
    repair: {
      python: `s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 5000))`,
      typescript: `const server = createSocket("udp4");
server.bind(5000, "127.0.0.1");`,
    },
  },
  fault: addressed,
  diagnose(symptoms) {
    // The last is Node's udp4 or udp6 with an address of the other kind.
    const unreadable = complains(/Address family (for hostname )?not supported|EAFNOSUPPORT|bind EINVAL [\d.:a-f]+/);
    if (symptoms.program === "tcp-client") {
      const named = showing(symptoms, unreadable, arrivesBy(symptoms));
      if (named.length > 0) return suspect(0.97, named);
      return suspect(0.95, otherFamilyTried(symptoms) ? showing(symptoms, () => true, arrivesBy(symptoms)) : []);
    }
    const [asked, found] = [askedOf(symptoms, PLACED), endpoint(symptoms, PLACED)];
    const moved = asked && found && found.port === asked.port && !sameFamily(found.host, asked.host);
    return suspect(0.97, [
      ...showing(symptoms, unreadable, STARTS),
      ...(moved ? showing(symptoms, () => true, PLACED) : []),
      ...(found?.host === "::" ? showing(symptoms, refusedOverIpv4, ["says-nothing-first"]) : []),
      ...showing(symptoms, refused, ["answers-on-ipv6"]),
    ]);
  },
};

const refused: Sign = (transcript) => has(transcript, "not-connected");

const refusedOverIpv4: Sign = (transcript) =>
  refused(transcript) && sameFamily(last(transcript, "asked")?.address.host ?? "", "0.0.0.0");

/** The client's own error message names a host of the other kind. */
function otherFamilyTried(symptoms: Symptoms): boolean {
  const asked = askedOf(symptoms, arrivesBy(symptoms));
  return anywhere(symptoms, (transcript) => {
    const [, host] = /ECONNREFUSED ([\d.]+|[\da-f:]*::?[\da-f]+):\d+/.exec(printed(transcript, "stderr")) ?? [];
    return host !== undefined && asked !== undefined && !sameFamily(host, asked.host);
  });
}
