import { breaks } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { crashed } from "../signs/process.ts";
import { both } from "../signs/sign.ts";
import { complains } from "../signs/words.ts";
import { STARTS, showing, suspect } from "../symptoms.ts";

/** connect(2): ENETUNREACH; getaddrinfo(3): EAI_AGAIN. */
const reachesOut = complains(/Network is unreachable|ENETUNREACH|Temporary failure in name resolution|EAI_AGAIN/);

export const mistake: Mistake = {
  programs: ["tcp-server", "udp-server"],
  title: {
    en: "Does not start without a network",
    id: "Tidak bisa mulai tanpa jaringan",
  },
  explanation: {
    en: "Before it listened the program turned to another computer (a web page, or a name that has to be looked up), and ended because none could be reached. While it is graded it has a network of its own, in which nobody else is; a laptop in the train has none either. Who serves at 127.0.0.1 needs nothing of that: leave it out, or catch the error.",
    id: "Sebelum mulai mendengarkan, program menghubungi komputer lain (halaman web, atau nama yang harus dicari alamatnya), lalu berhenti karena tidak ada yang bisa dihubungi. Selama dinilai, program berada di jaringannya sendiri yang tidak berisi siapa-siapa; laptop di kereta pun tidak punya jaringan. Server di 127.0.0.1 tidak memerlukan semua itu: hapus saja, atau tangkap error-nya.",
  },
  lookUp: {
    en: "Loopback (127.0.0.1) on the lecture's slides: it works without any network; connect(2), ENETUNREACH; Python docs, OSError.",
    id: "Loopback (127.0.0.1) pada slide kuliah: bekerja tanpa jaringan apa pun; connect(2), ENETUNREACH; dokumentasi Python, OSError.",
  },
  wrong: {
    python: `# socket.gaierror: Temporary failure in name resolution
probe = socket.create_connection(("example.com", 80))
print("online")`,
    typescript: `// getaddrinfo EAI_AGAIN
const { address } = await lookup("example.com");
console.log("online", address);`,
  },
  repair: {
    python: `try:
    probe = socket.create_connection(("example.com", 80))
    print("online")
except OSError:
    print("no network: only this computer can connect")`,
    typescript: `const found = await lookup("example.com").catch(() => undefined);
console.log(found ? "online" : "only this computer can connect");`,
  },
  fault: breaks,
  diagnose: (symptoms) => suspect(0.96, showing(symptoms, both(crashed, reachesOut), STARTS)),
};
