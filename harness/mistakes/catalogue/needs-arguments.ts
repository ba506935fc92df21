import { has } from "../../checks/reading.ts";
import { breaks } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { lacksArguments, misreadsArguments } from "../signs/arguments.ts";
import { both, not } from "../signs/sign.ts";
import { arrivesBy, STARTS, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: {
    en: "Wants other arguments than it is started with",
    id: "Meminta argumen lain dari yang diberikan saat dijalankan",
  },
  explanation: {
    en: "The program takes its port, or something else, from the command line (sys.argv or argparse in Python, process.argv in Node), and it was started with other arguments than it wants, or with none. So it ended before it had begun. In JavaScript a value that is missing becomes NaN, which is no port. Whoever starts your program does it as the assignment says. Where the assignment names the address, write it in the program, or take it when no argument comes.",
    id: "Program mengambil port, atau nilai lain, dari baris perintah (sys.argv atau argparse di Python, process.argv di Node), padahal program dijalankan dengan argumen yang lain dari yang dimintanya, atau tanpa argumen. Karena itu program berhenti sebelum mulai. Di JavaScript, nilai yang tidak ada menjadi NaN, dan itu bukan port. Orang lain menjalankan program Anda seperti yang tertulis di tugas. Kalau tugas menyebutkan alamatnya, tulis alamat itu di program, atau pakai alamat itu bila tidak ada argumen.",
  },
  lookUp: {
    en: '"Alamat IP dan port yang sudah disepakati" on the lecture\'s slides; Python docs, sys.argv, and argparse, nargs="?" and default; Node docs, process.argv.',
    id: '"Alamat IP dan port yang sudah disepakati" pada slide kuliah; dokumentasi Python, sys.argv, serta argparse, nargs="?" dan default; dokumentasi Node, process.argv.',
  },
  wrong: {
    python: `port = int(sys.argv[1])       # IndexError without one`,
    typescript: `const port = Number(process.argv[2]); // NaN without one`,
  },
  repair: {
    python: `port = int(sys.argv[1]) if len(sys.argv) > 1 else 5000`,
    typescript: `const port = Number(process.argv[2] ?? 5000);`,
  },
  fault: breaks,
  diagnose(symptoms) {
    const idle = not((transcript) => has(transcript, "connected"));
    const before = showing(symptoms, both(lacksArguments, idle), [...STARTS, ...arrivesBy(symptoms)]);
    return suspect(0.99, [...new Set([...before, ...showing(symptoms, misreadsArguments)])]);
  },
};
