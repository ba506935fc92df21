import { breaks } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { exited } from "../signs/process.ts";
import { both } from "../signs/sign.ts";
import { complains } from "../signs/words.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["udp-server"],
  title: {
    en: "Ends when a client has left before its reply",
    id: "Berhenti jika klien pergi sebelum balasannya tiba",
  },
  explanation: {
    en: "The reply met nobody, the system said so at the next call on the socket (ConnectionRefusedError, on Windows ConnectionResetError), and nothing in the program caught that. UDP clients come and go without a word; a server that serves others takes note and goes on.",
    id: "Balasan tidak menemukan siapa pun, sistem memberitahukannya pada panggilan berikutnya di socket itu (ConnectionRefusedError, di Windows ConnectionResetError), dan program tidak menangkapnya. Klien UDP datang dan pergi tanpa pemberitahuan; server yang melayani klien lain cukup mencatatnya lalu melanjutkan.",
  },
  lookUp: {
    en: "Python docs, exceptions ConnectionRefusedError and OSError; Node docs, dgram, the event 'error'; the man page udp(7) on errors.",
    id: "Dokumentasi Python, exception ConnectionRefusedError dan OSError; dokumentasi Node, dgram, event 'error'; halaman manual udp(7) tentang error.",
  },
  wrong: {
    python: `# ConnectionRefusedError ends the server
data, address = s.recvfrom(65535)
s.sendto(data, address)`,
    typescript: `// no 'error' listener
server.on("message", (data, client) => {
  server.send(data, client.port, client.address);
});`,
  },
  repair: {
    python: `try:
    data, address = s.recvfrom(65535)
    s.sendto(data, address)
except ConnectionError:
    continue                      # that client is gone; others are not`,
    typescript: `server.on("error", (error) => {
  console.error(error.message); // that client is gone; others are not
});`,
  },
  fault: breaks,
  diagnose(symptoms) {
    const refused = complains(/Connection(Refused|Reset)Error|ECONNREFUSED|ECONNRESET/);
    return suspect(0.95, showing(symptoms, both(exited, refused), ["survives-a-vanished-client"]));
  },
};
