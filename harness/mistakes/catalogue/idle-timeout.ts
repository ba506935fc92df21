import { setsTimeout } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { isCut } from "../reply.ts";
import { crashed, exited } from "../signs/process.ts";
import { anyExchange, both, not } from "../signs/sign.ts";
import { complains, meetsBadValue, slips } from "../signs/words.ts";
import { fails, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Throws out a client that pauses", id: "Mengeluarkan klien yang berhenti sejenak" },
  explanation: {
    en: "A time limit ends the connection of a client that is quiet for a moment. People think before they type, and networks are slow. The assignment asks for no limit; if you want one, make it minutes, and mind the unit: Python counts in seconds, Node in milliseconds.",
    id: "Sebuah batas waktu memutus koneksi klien yang diam sejenak. Orang berpikir sebelum mengetik, dan jaringan bisa lambat. Tugas ini tidak meminta batas waktu; jika ingin memakainya, pakailah hitungan menit, dan perhatikan satuannya: Python memakai detik, Node memakai milidetik.",
  },
  lookUp: {
    en: "recv on the lecture's slides, which waits as long as it takes; Python socket docs, settimeout() (seconds); Node net docs, socket.setTimeout() (milliseconds).",
    id: "recv pada slide kuliah, yang menunggu selama diperlukan; dokumentasi socket Python, settimeout() (detik); dokumentasi net Node, socket.setTimeout() (milidetik).",
  },
  wrong: {
    python: `client_sock, client_addr = s.accept()
client_sock.settimeout(1)             # a pause of a second is the end
data = client_sock.recv(65535)`,
    typescript: `// a pause of a second is the end
socket.setTimeout(1000, () => socket.destroy());`,
  },
  repair: {
    python: `client_sock, client_addr = s.accept()
client_sock.settimeout(None)          # wait as long as it takes
data = client_sock.recv(65535)`,
    typescript: `// no limit; otherwise milliseconds: 10 * 60 * 1000 is ten minutes
socket.setTimeout(0);`,
  },
  fault: setsTimeout,
  diagnose(symptoms) {
    // Whoever gives up where nobody is connected has set the limit elsewhere.
    if (fails(symptoms, "keeps-the-connection") || fails(symptoms, "goes-on-waiting", exited)) return undefined;
    const cut = anyExchange(
      ({ hungUp, received, receivedBytes, sent, sentBytes }) =>
        // Some say goodbye.
        hungUp &&
        receivedBytes > 0 &&
        (receivedBytes <= sentBytes || (sent.length > 0 && received.indexOf(sent) === 0)),
    );
    const quiet = both(not(complains(/Error: \[Errno|Unicode/)), not(slips), not(meetsBadValue), not(exited));
    const paused = ["survives-a-slow-client", "does-not-wait-for-a-silent-client"];
    const uncaught = showing(symptoms, both(crashed, complains(/^TimeoutError: timed out/m)));
    if (uncaught.length > 0) return suspect(0.97, uncaught);
    if (showing(symptoms, both(cut, quiet), paused).length === 0) return undefined;
    const explains = showing(symptoms, both(cut, quiet), [...paused, "serves-many-clients"]);
    // Whoever reads slowly is quiet, too.
    const stalled = anyExchange((exchange) => exchange.hungUp && isCut(exchange));
    return suspect(0.96, [
      ...explains,
      ...showing(symptoms, both(stalled, quiet), ["echoes-a-large-body", "survives-a-stalled-reader"]),
    ]);
  },
};
