import type { Mistake } from "../mistake.ts";
import { crashed } from "../signs/process.ts";
import { both, not } from "../signs/sign.ts";
import { saysTimeIsUp } from "../signs/words.ts";
import { passes, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-client"],
  title: { en: "Reports a failure although all went well", id: "Melaporkan gagal padahal semua berhasil" },
  explanation: {
    en: 'The whole reply came back, and still the program ended with an exit code other than 0. sys.exit("text") means failure, and so does an exception at the very end, for example on a socket that was closed twice. A program that succeeded ends with 0.',
    id: 'Seluruh balasan sudah kembali, tetapi program berhenti dengan kode selain 0. sys.exit("teks") berarti gagal, begitu juga exception di akhir program, misalnya pada socket yang ditutup dua kali. Program yang berhasil berhenti dengan kode 0.',
  },
  lookUp: {
    en: "The end of the lecture's client: s.close(), and nothing more; Python docs, sys.exit(): any object other than an integer is printed and the exit code is 1; Node docs, process.exitCode.",
    id: "Akhir klien pada kuliah: s.close(), itu saja; dokumentasi Python, sys.exit(): objek selain bilangan bulat dicetak dan kode keluarnya 1; dokumentasi Node, process.exitCode.",
  },
  wrong: {
    python: `print(reply.decode())
s.close()
sys.exit("done")              # a text means exit code 1`,
    typescript: `console.log(reply.toString());
process.exit(1);`,
  },
  repair: {
    python: `print(reply.decode())
s.close()
sys.exit(0)                   # not sys.exit("done")`,
    typescript: `console.log(reply.toString());
socket.end();
process.exitCode = 0;`,
  },
  diagnose: (symptoms) =>
    passes(symptoms, "reads-the-reply")
      ? suspect(0.92, showing(symptoms, both(crashed, not(saysTimeIsUp)), ["closes-its-socket"]))
      : undefined,
};
