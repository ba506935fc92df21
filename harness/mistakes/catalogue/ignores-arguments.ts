import { roleOf } from "../../assignment/assignment.ts";
import { has } from "../../checks/reading.ts";
import { addressed } from "../fault.ts";
import { wasPassed } from "../listening.ts";
import type { Mistake } from "../mistake.ts";
import { lacksArguments } from "../signs/arguments.ts";
import { both, not, type Sign } from "../signs/sign.ts";
import { isTurnedAway, says } from "../signs/words.ts";
import { arrivesBy, PLACED, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "Does not use the address it is given", id: "Tidak memakai alamat yang diberikan" },
  explanation: {
    en: "The assignment passes host and port to the program when it is started, and the program uses a number of its own instead. It then works only as long as everybody happens to use that number. Read the values from where the assignment says: arguments, environment variables or the keyboard.",
    id: "Tugas memberikan host dan port kepada program saat dijalankan, tetapi program memakai angkanya sendiri. Program hanya bekerja selama semua orang kebetulan memakai angka itu. Ambil nilainya dari tempat yang disebutkan tugas: argumen, variabel lingkungan, atau keyboard.",
  },
  lookUp: {
    en: '"Alamat IP dan port yang sudah disepakati" on the lecture\'s slides; Python docs, sys.argv and argparse, os.environ; Node docs, process.argv and process.env. A port is a number: int() or Number().',
    id: '"Alamat IP dan port yang sudah disepakati" pada slide kuliah; dokumentasi Python, sys.argv dan argparse, os.environ; dokumentasi Node, process.argv dan process.env. Port adalah angka: int() atau Number().',
  },
  wrong: {
    python: `s.bind(("127.0.0.1", 5000))           # whatever sys.argv says`,
    typescript: `server.listen(5000, "127.0.0.1"); // whatever process.argv says`,
  },
  repair: {
    python: `import sys
host, port = sys.argv[1], int(sys.argv[2])
s.bind((host, port))`,
    typescript: `const [host, port] = process.argv.slice(2);
server.listen(Number(port), host);`,
  },
  inClient: {
    wrong: {
      python: `s.connect(("127.0.0.1", 5000))        # whatever sys.argv says`,
      typescript: `connect(5000, "127.0.0.1"); // whatever process.argv says`,
    },
    repair: {
      python: `import sys
host, port = sys.argv[1], int(sys.argv[2])
s.connect((host, port))`,
      typescript: `const [host, port] = process.argv.slice(2);
const socket = connect(Number(port), host);`,
    },
  },
  inUdp: {
    wrong: {
      python: 's.bind(("127.0.0.1", 5000))           # whatever sys.argv says',
      typescript: 'server.bind(5000, "127.0.0.1"); // whatever process.argv says',
    },
    repair: {
      python: `import sys
host, port = sys.argv[1], int(sys.argv[2])
s.bind((host, port))`,
      typescript: `const [host, port] = process.argv.slice(2);
server.bind(Number(port), host);`,
    },
  },
  inUdpClient: {
    wrong: {
      python: `s.sendto(message, ("127.0.0.1", 5000))   # whatever sys.argv says`,
      typescript: `socket.send(message, 5000, "127.0.0.1"); // whatever process.argv says`,
    },
    repair: {
      python: `import sys
host, port = sys.argv[1], int(sys.argv[2])
s.sendto(message, (host, port))`,
      typescript: `const [host, port] = process.argv.slice(2);
socket.send(message, Number(port), host);`,
    },
  },
  fault: addressed,
  diagnose(symptoms) {
    const names = [...PLACED, ...arrivesBy(symptoms)];
    const server = roleOf(symptoms.program) === "server";
    // A datagram that was never sent had no wrong place to go to.
    const wentElsewhere: Sign = (transcript) => symptoms.program !== "udp-client" || isTurnedAway(transcript);
    const given = showing(
      symptoms,
      both(
        wasPassed,
        not(lacksArguments),
        wentElsewhere,
        (transcript) => has(transcript, server ? "listening" : "connected") === server,
      ),
      names,
    );
    return suspect(0.9, [
      ...given,
      ...showing(symptoms, not(says(BOUND_HERE)), [
        "takes-its-address",
        "connects-to-another-host",
        "sends-to-another-host",
      ]),
    ]);
  },
};

/** What a socket that is bound to loopback says of an address elsewhere. */
const BOUND_HERE = /EINVAL|Invalid argument/;
