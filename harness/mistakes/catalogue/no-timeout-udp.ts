import { all } from "../../checks/reading.ts";
import { waitsToReceive } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { exited } from "../signs/process.ts";
import { both, not, type Sign } from "../signs/sign.ts";
import { waitsForKeyboard } from "../signs/waits.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["udp-client"],
  title: { en: "Waits for ever for a reply that was lost", id: "Menunggu selamanya balasan yang hilang" },
  explanation: {
    en: "UDP promises nothing: the message or its reply may be lost on the way, and nobody tells. recvfrom() without a time limit then never returns, and the client hangs. Give the wait a limit; when it is over, send again or tell the user and end with an exit code other than 0.",
    id: "UDP tidak menjanjikan apa pun: pesan atau balasannya bisa hilang di jalan tanpa pemberitahuan. recvfrom() tanpa batas waktu tidak akan pernah kembali, dan klien menggantung. Batasi waktu tunggunya; jika habis, kirim lagi atau beri tahu pengguna lalu berhenti dengan kode selain 0.",
  },
  lookUp: {
    en: 'Python socket docs, settimeout() and the exception TimeoutError; Node docs, setTimeout(); RFC 768: "delivery and duplicate protection are not guaranteed".',
    id: 'Dokumentasi socket Python, settimeout() dan exception TimeoutError; dokumentasi Node, setTimeout(); RFC 768: "delivery and duplicate protection are not guaranteed".',
  },
  wrong: {
    python: `s.sendto(message, (host, port))
data, address = s.recvfrom(65535)     # never returns when the reply is lost`,
    typescript: `socket.send(message, port, host);
// never called when it is lost
socket.once("message", () => socket.close());`,
  },
  repair: {
    python: `s.settimeout(2)
try:
    data, address = s.recvfrom(65535)
except TimeoutError:
    sys.exit("no reply within 2 seconds")`,
    typescript: `const timer = setTimeout(() => {
  console.error("no reply within 2 seconds");
  process.exit(1);
}, 2000);
socket.once("message", () => clearTimeout(timer));`,
  },
  fault: waitsToReceive,
  diagnose(symptoms) {
    // Who sends again has noticed.
    const once: Sign = (transcript) => all(transcript, "received").length === 1;
    const waits = both(not(exited), not(waitsForKeyboard), once);
    return suspect(0.95, showing(symptoms, waits, ["survives-a-lost-reply"]));
  },
};
