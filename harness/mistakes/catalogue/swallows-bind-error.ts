import { binds } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { exited } from "../signs/process.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: {
    en: "Ends as if all were well when the port is taken",
    id: "Berakhir seolah-olah baik ketika port sudah terpakai",
  },
  explanation: {
    en: "Another program already had the port. The server could not listen, but it ended with exit code 0 or without a word, as if all were well. Whoever started it now looks for the fault in the wrong place. Report the error and end with an exit code other than 0.",
    id: "Port sudah dipakai program lain. Server tidak bisa melakukan listen, tetapi berhenti dengan kode 0 atau tanpa pesan, seolah-olah semua baik-baik saja. Yang menjalankannya akan mencari kesalahan di tempat yang salah. Laporkan error itu dan berhentilah dengan kode selain 0.",
  },
  lookUp: {
    en: "bind and listen on the lecture's slides: both may fail; Python docs, OSError and errno.EADDRINUSE; Node net docs, server.on('error').",
    id: "bind dan listen pada slide kuliah: keduanya bisa gagal; dokumentasi Python, OSError dan errno.EADDRINUSE; dokumentasi net Node, server.on('error').",
  },
  wrong: {
    python: `try:
    s.bind(("127.0.0.1", 5000))
except OSError:
    pass`,
    typescript: `server.on("error", () => process.exit(0));`,
  },
  repair: {
    python: `try:
    s.bind(("127.0.0.1", 5000))
except OSError as error:
    # message and exit code 1
    sys.exit(f"cannot listen on port 5000: {error}")`,
    typescript: `server.on("error", (error) => {
  console.error("cannot listen on port 5000:", error.message);
  process.exit(1);
});`,
  },
  fault: binds,
  diagnose: (symptoms) => suspect(0.95, showing(symptoms, exited, ["refuses-a-taken-port"])),
};
