import { roleOf } from "../../assignment/assignment.ts";
import { printed } from "../../checks/reading.ts";
import { askedOf, endpoint, wasPassed } from "../listening.ts";
import type { Mistake, Symptoms } from "../mistake.ts";
import { ARRIVES, anywhere, complains, not, PLACED, REFUSED, STARTS, says, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "Another address than the agreed one", id: "Alamat yang berbeda dari yang disepakati" },
  explanation: {
    en: "The program uses another host address than the assignment says. 127.0.0.1 is this computer, for programs on this computer. Another address may belong to another network card, as gethostname() gives it, or to no card at all, and then nobody who was told 127.0.0.1 finds the program.",
    id: "Program memakai alamat host yang berbeda dari tugas. 127.0.0.1 adalah komputer ini sendiri, untuk program di komputer ini. Alamat lain bisa milik kartu jaringan lain, seperti hasil gethostname(), atau bahkan bukan milik komputer ini, sehingga yang mencari di 127.0.0.1 tidak menemukan program Anda.",
  },
  lookUp: {
    en: "\"Koneksi ke server dengan alamat IP dan port yang sudah disepakati\" and bind(('127.0.0.1', 5000)) on the lecture's slides; Python socket docs, bind() and connect(); Node net docs, server.listen(port, host).",
    id: "\"Koneksi ke server dengan alamat IP dan port yang sudah disepakati\" dan bind(('127.0.0.1', 5000)) pada slide kuliah; dokumentasi socket Python, bind() dan connect(); dokumentasi net Node, server.listen(port, host).",
  },
  repair: {
    python: `s.bind(("127.0.0.1", 5000))           # a server
# s.connect(("127.0.0.1", 5000))      # a client`,
    typescript: `server.listen(5000, "127.0.0.1"); // a server
// connect(5000, "127.0.0.1");    // a client`,
  },
  diagnose(symptoms) {
    if (roleOf(symptoms.program) === "client") {
      const lost = says(
        /gaierror|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|unreachable|Name or service not known|getaddrinfo|ETIMEDOUT|No route to host|timed out|EADDRNOTAVAIL/,
      );
      const named = showing(symptoms, lost, ARRIVES);
      if (named.length > 0) return suspect(0.85, named);
      return suspect(otherHost(symptoms) ? 0.85 : 0.5, showing(symptoms, says(REFUSED), ARRIVES));
    }
    const nowhere = complains(/EADDRNOTAVAIL|Cannot assign requested address|gaierror|ENOTFOUND/);
    const [asked, found] = [askedOf(symptoms, PLACED), endpoint(symptoms, PLACED)];
    const moved = asked !== undefined && found !== undefined && found.host !== asked.host && found.port === asked.port;
    const elsewhere = moved ? showing(symptoms, not(wasPassed), PLACED) : [];
    return suspect(0.95, [...showing(symptoms, nowhere, STARTS), ...elsewhere]);
  },
};

/** The client's own error message names another host than the one that was agreed. */
function otherHost(symptoms: Symptoms): boolean {
  const asked = askedOf(symptoms, ARRIVES);
  return anywhere(symptoms, (transcript) => {
    const [, host] = /ECONNREFUSED ([\d.]+):\d+/.exec(printed(transcript, "stderr")) ?? [];
    return host !== undefined && asked !== undefined && host !== asked.host;
  });
}
