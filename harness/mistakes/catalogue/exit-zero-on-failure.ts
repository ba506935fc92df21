import { breaksOff, connectsInVain, either } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { exited } from "../signs/process.ts";
import { passes, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-client", "udp-client"],
  title: { en: "A failure ends like a success", id: "Kegagalan berakhir seperti keberhasilan" },
  explanation: {
    en: "The connection was refused or broke, or no reply came, and the client ended with exit code 0, or without a word. People look at the message, scripts look at the exit code: 0 means success, whatever was printed. Say what happened and end with 1.",
    id: "Koneksi ditolak atau terputus, atau balasan tidak datang, tetapi klien berhenti dengan kode 0 atau tanpa pesan. Orang melihat pesannya, skrip melihat kode keluarnya: 0 berarti berhasil, apa pun yang dicetak. Sampaikan apa yang terjadi dan berhentilah dengan kode 1.",
  },
  lookUp: {
    en: "connect on the lecture's slides: it may fail; Python docs, ConnectionRefusedError and sys.exit(); Node net docs, socket.on('error') and process.exitCode.",
    id: "connect pada slide kuliah: bisa gagal; dokumentasi Python, ConnectionRefusedError dan sys.exit(); dokumentasi net Node, socket.on('error') dan process.exitCode.",
  },
  wrong: {
    python: `try:
    s.connect(("127.0.0.1", 5000))
except OSError:
    pass`,
    typescript: `socket.on("error", () => process.exit(0));`,
  },
  repair: {
    python: `try:
    s.connect(("127.0.0.1", 5000))
except OSError as error:
    # message and exit code 1
    sys.exit(f"cannot reach the server: {error}")`,
    typescript: `socket.on("error", (error) => {
  console.error("cannot reach the server:", error.message);
  process.exitCode = 1;
});`,
  },
  inUdp: {
    explanation: {
      en: "No reply came, or the system reported an error, and the client ended with exit code 0 or without a word, as if all had gone well. People look at the message, scripts look at the exit code: 0 means success. Say what happened and end with 1.",
      id: "Balasan tidak datang, atau sistem melaporkan error, tetapi klien berhenti dengan kode 0 atau tanpa pesan, seolah-olah semua berjalan lancar. Orang melihat pesannya, skrip melihat kode keluarnya: 0 berarti berhasil. Sampaikan apa yang terjadi dan berhentilah dengan kode 1.",
    },
    lookUp: {
      en: "Python docs, socket.timeout (TimeoutError), ConnectionRefusedError and sys.exit(); Node docs, setTimeout, dgram's event 'error' and process.exitCode.",
      id: "Dokumentasi Python, socket.timeout (TimeoutError), ConnectionRefusedError, dan sys.exit(); dokumentasi Node, setTimeout, event 'error' pada dgram, dan process.exitCode.",
    },
    wrong: {
      python: `try:
    data, server = s.recvfrom(65535)
except OSError:               # a timeout, too
    pass`,
      typescript: "setTimeout(() => process.exit(0), 5000);",
    },
    repair: {
      python: `try:
    data, server = s.recvfrom(65535)
except OSError as error:
    # message and exit code 1
    sys.exit(f"no reply from the server: {error}")`,
      typescript: `setTimeout(() => {
  console.error("no reply from the server");
  process.exit(1);
}, 5000);`,
    },
  },
  fault: either(breaksOff, connectsInVain),
  diagnose(symptoms) {
    // Whoever never waits for a reply cannot know that it was lost.
    const waits = passes(symptoms, "shows-the-reply");
    const names = ["reports-a-refused-connection", "notices-a-reset", ...(waits ? ["survives-a-lost-reply"] : [])];
    return suspect(0.95, showing(symptoms, exited, names));
  },
};
