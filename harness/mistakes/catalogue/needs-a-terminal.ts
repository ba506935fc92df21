import { breaks } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { needsTerminal } from "../signs/words.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "Works only at a terminal", id: "Hanya bekerja di terminal" },
  explanation: {
    en: "The program asked its terminal for something (its width, who is logged in, to clear a line), and ended, because there is none here. Whoever starts it from another program, sends its output to a file or grades it gives it pipes instead. Where that is only for looks, ask first whether there is a terminal, or do without.",
    id: "Program meminta sesuatu dari terminalnya (lebarnya, siapa yang login, menghapus satu baris), lalu berhenti karena di sini tidak ada terminal. Jika program dijalankan oleh program lain, keluarannya disimpan ke berkas, atau dinilai, yang diberikan adalah pipe. Jika itu hanya untuk tampilan, periksa dulu apakah ada terminal, atau jangan dipakai.",
  },
  lookUp: {
    en: "Python docs, shutil.get_terminal_size(), sys.stdout.isatty() and getpass.getuser(); Node docs, tty, process.stdout.isTTY; isatty(3), ENOTTY.",
    id: "Dokumentasi Python, shutil.get_terminal_size(), sys.stdout.isatty(), dan getpass.getuser(); dokumentasi Node, tty, process.stdout.isTTY; isatty(3), ENOTTY.",
  },
  wrong: {
    python: `width = os.get_terminal_size().columns    # OSError
print("=" * width)`,
    typescript: `process.stdout.clearLine(0); // TypeError: not a function
process.stdout.write("waiting ...");`,
  },
  repair: {
    python: `width = shutil.get_terminal_size().columns    # 80 if there is none
print("=" * width)`,
    typescript: `if (process.stdout.isTTY) process.stdout.clearLine(0);
process.stdout.write("waiting ...");`,
  },
  fault: breaks,
  diagnose: (symptoms) => suspect(0.97, showing(symptoms, needsTerminal)),
};
