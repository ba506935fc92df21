import { has } from "../../checks/reading.ts";
import { breaks } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { lacksArguments } from "../signs/arguments.ts";
import { crashed, exitedWithZero } from "../signs/process.ts";
import { anyOf, both, not } from "../signs/sign.ts";
import { complains, isTurnedAway, lacksPackage, stopsForAKnownReason } from "../signs/words.ts";
import { arrivesBy, STARTS, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "The program ends before it does anything", id: "Program berhenti sebelum melakukan apa pun" },
  explanation: {
    en: "The program ended with an error, or simply reached its last line, before it opened a connection: a mistyped name, a missing bracket or colon, a file of your own that is called socket.py. Its error message names the trouble and the line: Python's at its end, Node's at its beginning.",
    id: "Program berhenti dengan error, atau langsung mencapai baris terakhirnya, sebelum membuka koneksi: nama yang salah ketik, tanda kurung atau titik dua yang hilang, atau berkas Anda sendiri yang bernama socket.py. Pesan error menyebutkan masalah dan barisnya: di Python pada akhir pesan, di Node pada awalnya.",
  },
  lookUp: {
    en: 'Run the program yourself in a terminal and read the error from the bottom up; Python tutorial, "Errors and Exceptions"; the lecture\'s order socket(), bind, listen, accept, in a file that is not called socket.py.',
    id: 'Jalankan sendiri programnya di terminal dan baca error dari bawah ke atas; tutorial Python, "Errors and Exceptions"; urutan pada kuliah: socket(), bind, listen, accept, dalam berkas yang tidak bernama socket.py.',
  },
  wrong: {
    python: `import socket
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bnd(("127.0.0.1", 5000))    # AttributeError`,
    typescript: `// ReferenceError: no import
const server = createServer((socket) => socket.pipe(socket));
server.listen(5000, "127.0.0.1");`,
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
  inClient: {
    lookUp: {
      en: `Run the program yourself in a terminal and read the error from the bottom up; Python tutorial, "Errors and Exceptions"; the lecture's order socket(), connect, send, recv, close, in a file that is not called socket.py.`,
      id: `Jalankan sendiri programnya di terminal dan baca error dari bawah ke atas; tutorial Python, "Errors and Exceptions"; urutan pada kuliah: socket(), connect, send, recv, close, dalam berkas yang tidak bernama socket.py.`,
    },
    wrong: {
      python: `import socket
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.conect(("127.0.0.1", 5000))    # AttributeError`,
      typescript: `// ReferenceError: no import
const socket = connect(5000, "127.0.0.1");`,
    },
    repair: {
      python: `import socket
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect(("127.0.0.1", 5000))
s.sendall(b"Hello tcp ...")`,
      typescript: `import { connect } from "node:net";

const socket = connect(5000, "127.0.0.1");`,
    },
  },
  inUdp: {
    explanation: {
      en: "The program ended with an error, or simply reached its last line, before it sent or waited for a datagram: a mistyped name, a missing bracket or colon, a file of your own that is called socket.py. Its error message names the trouble and the line: Python's at its end, Node's at its beginning.",
      id: "Program berhenti dengan error, atau langsung mencapai baris terakhirnya, sebelum mengirim atau menunggu datagram: nama yang salah ketik, tanda kurung atau titik dua yang hilang, atau berkas Anda sendiri yang bernama socket.py. Pesan error menyebutkan masalah dan barisnya: di Python pada akhir pesan, di Node pada awalnya.",
    },
    lookUp: {
      en: 'Run the program yourself in a terminal and read the error from the bottom up; Python tutorial, "Errors and Exceptions"; the order of a UDP server: socket(), bind(), recvfrom(), sendto(), in a file that is not called socket.py.',
      id: 'Jalankan sendiri programnya di terminal dan baca error dari bawah ke atas; tutorial Python, "Errors and Exceptions"; urutan server UDP: socket(), bind(), recvfrom(), sendto(), dalam berkas yang tidak bernama socket.py.',
    },
    wrong: {
      python: `import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bnd(("127.0.0.1", 5000))    # AttributeError`,
      typescript: `// ReferenceError: no import
const server = createSocket("udp4");
server.bind(5000, "127.0.0.1");`,
    },
    repair: {
      python: `import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 5000))
while True:
    data, address = s.recvfrom(65535)
    s.sendto(data, address)`,
      typescript: `import { createSocket } from "node:dgram";

const server = createSocket("udp4");
server.bind(5000, "127.0.0.1");`,
    },
  },
  inUdpClient: {
    explanation: {
      en: "The program ended with an error, or simply reached its last line, before it sent a datagram: a mistyped name, a missing bracket or colon, a file of your own that is called socket.py. Its error message names the trouble and the line: Python's at its end, Node's at its beginning. In Node there may be no error at all: send() does its work later, and a close() right behind it comes first; call close() when the reply has come.",
      id: "Program berhenti dengan error, atau langsung mencapai baris terakhirnya, sebelum mengirim datagram: nama yang salah ketik, tanda kurung atau titik dua yang hilang, atau berkas Anda sendiri yang bernama socket.py. Pesan error menyebutkan masalah dan barisnya: di Python pada akhir pesan, di Node pada awalnya. Di Node bisa saja tidak ada error: send() bekerja belakangan, dan close() tepat di belakangnya mendahuluinya; panggil close() setelah balasan datang.",
    },
    lookUp: {
      en: `Run the program yourself in a terminal and read the error from the bottom up; Python tutorial, "Errors and Exceptions"; the order of a UDP client: socket(), sendto(), recvfrom(), close(), in a file that is not called socket.py.`,
      id: `Jalankan sendiri programnya di terminal dan baca error dari bawah ke atas; tutorial Python, "Errors and Exceptions"; urutan klien UDP: socket(), sendto(), recvfrom(), close(), dalam berkas yang tidak bernama socket.py.`,
    },
    wrong: {
      python: `import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sento(b"Hello udp ...", ("127.0.0.1", 5000))    # AttributeError`,
      typescript: `// ReferenceError: no import
const socket = createSocket("udp4");
socket.send("Hello udp ...", 5000, "127.0.0.1");`,
    },
    repair: {
      python: `import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(b"Hello udp ...", ("127.0.0.1", 5000))
data, address = s.recvfrom(65535)`,
      typescript: `import { createSocket } from "node:dgram";

const socket = createSocket("udp4");
socket.send("Hello udp ...", 5000, "127.0.0.1");`,
    },
  },
  fault: breaks,
  diagnose(symptoms) {
    const names = [...STARTS, ...arrivesBy(symptoms)];
    if (showing(symptoms, anyOf(stopsForAKnownReason, lacksArguments), names).length > 0) return undefined;
    const elsewhere = complains(
      /EADDRNOTAVAIL|EADDRINUSE|(listen|bind|connect) EACCES|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|gaierror|\[Errno \d+\](?! [^'\n]*: ')|bytes-like object is required, not '(str|int)'|'(str|float|NoneType)' object cannot be interpreted as an integer|port must be|ERR_SOCKET_BAD_PORT|Address family|TimeoutError|ERR_SOCKET_CLOSED|bind EINVAL/,
    );
    const written = complains(
      /SyntaxError|IndentationError|TabError|ImportError|NameError|ReferenceError|AttributeError|Cannot find (module|package)|ERR_MODULE_NOT_FOUND|Transform failed/,
    );
    const known = showing(
      symptoms,
      (transcript) => has(transcript, "not-started") || both(crashed, written, not(lacksPackage))(transcript),
      names,
    );
    if (known.length > 0) return suspect(0.97, known);
    // A client that reports by itself that nobody answers has started well.
    const uncaught = complains(/Error\b|Exception\b|Traceback/);
    const broken = showing(symptoms, both(crashed, uncaught, not(elsewhere), not(lacksPackage)), names);
    if (broken.length > 0) return suspect(0.9, broken);
    const endedUnheard = both(
      // Who ends with words of its own and another code has decided to.
      both(exitedWithZero, not(anyOf(elsewhere, isTurnedAway)), not(lacksPackage)),
      (transcript) => !has(transcript, "connected"),
    );
    return suspect(0.5, showing(symptoms, endedUnheard, names));
  },
};
