import { connects } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { not } from "../signs/sign.ts";
import { complains } from "../signs/words.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-client"],
  title: { en: "A refused connection ends in a traceback", id: "Koneksi yang ditolak berakhir dengan traceback" },
  explanation: {
    en: "Nobody listened at the address, and the client ended with the interpreter's own error report. The exit code is right, but a user needs one sentence: which address could not be reached, and why. Catch the error of connect and say it.",
    id: "Tidak ada yang listen di alamat itu, dan klien berhenti dengan laporan error milik interpreter. Kode keluarnya benar, tetapi pengguna memerlukan satu kalimat: alamat mana yang tidak dapat dihubungi, dan mengapa. Tangkap error dari connect lalu sampaikan.",
  },
  lookUp: {
    en: "connect on the lecture's slides; Python tutorial, \"Handling Exceptions\", and ConnectionRefusedError; Node net docs, the 'error' event.",
    id: "connect pada slide kuliah; tutorial Python, \"Handling Exceptions\", dan ConnectionRefusedError; dokumentasi net Node, event 'error'.",
  },
  wrong: {
    python: `s.connect((host, port))       # an exception when nobody listens`,
    typescript: `const socket = connect(port, host); // no 'error' listener`,
  },
  repair: {
    python: `try:
    s.connect((host, port))
except OSError as error:
    sys.exit(f"cannot reach {host}:{port}: {error}")`,
    typescript: `socket.on("error", (error) => {
  console.error("cannot reach the server:", error.message);
  process.exit(1);
});`,
  },
  fault: connects,
  diagnose: (symptoms) =>
    suspect(0.8, showing(symptoms, not(complains(/Unhandled 'error' event/)), ["explains-a-refused-connection"])),
};
