import { has } from "../../checks/reading.ts";
import type { Mistake } from "../mistake.ts";
import { ARRIVES, both, complains, crashed, exited, not, STARTS, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "The program ends before it does anything", id: "Program berhenti sebelum melakukan apa pun" },
  explanation: {
    en: "The program ended with an error, or simply reached its last line, before it opened a connection: a mistyped name, a missing bracket or colon, a module that is not there, a file of your own that is called socket.py. The last line of its error message names the trouble, and the line above it says where.",
    id: "Program berhenti dengan error, atau langsung mencapai baris terakhirnya, sebelum membuka koneksi: nama yang salah ketik, tanda kurung atau titik dua yang hilang, modul yang tidak ada, atau berkas Anda sendiri yang bernama socket.py. Baris terakhir pesan error menyebutkan masalahnya, dan baris di atasnya menunjukkan tempatnya.",
  },
  lookUp: {
    en: 'Run the program yourself in a terminal and read the error from the bottom up; Python tutorial, "Errors and Exceptions"; the lecture\'s order socket(), bind, listen, accept, in a file that is not called socket.py.',
    id: 'Jalankan sendiri programnya di terminal dan baca error dari bawah ke atas; tutorial Python, "Errors and Exceptions"; urutan pada kuliah: socket(), bind, listen, accept, dalam berkas yang tidak bernama socket.py.',
  },
  repair: {
    python: `import socket
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind(("127.0.0.1", 5000))
s.listen(1)
while True:
    client_sock, client_addr = s.accept()`,
    typescript: `import { createServer } from "node:net";

const server = createServer((socket) => socket.pipe(socket));
server.listen(5000, "127.0.0.1");`,
  },
  diagnose(symptoms) {
    const names = [...STARTS, ...ARRIVES];
    const elsewhere = complains(
      /EADDRNOTAVAIL|EADDRINUSE|EACCES|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|gaierror|\[Errno \d+\]|bytes-like|TimeoutError/,
    );
    const written = complains(
      /SyntaxError|IndentationError|TabError|ImportError|ModuleNotFoundError|NameError|ReferenceError|AttributeError|Cannot find (module|package)|ERR_MODULE_NOT_FOUND|Transform failed/,
    );
    const known = showing(
      symptoms,
      (transcript) => has(transcript, "not-started") || both(crashed, written)(transcript),
      names,
    );
    if (known.length > 0) return suspect(0.97, known);
    // A client that reports by itself that nobody answers has started well.
    const uncaught = complains(/Error\b|Exception\b|Traceback/);
    const broken = showing(symptoms, both(crashed, uncaught, not(elsewhere)), names);
    if (broken.length > 0) return suspect(0.9, broken);
    const endedUnheard = both(both(exited, not(elsewhere)), (transcript) => !has(transcript, "connected"));
    return suspect(0.5, showing(symptoms, endedUnheard, names));
  },
};
