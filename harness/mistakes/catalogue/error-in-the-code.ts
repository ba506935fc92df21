import { roleOf } from "../../assignment/assignment.ts";
import { breaks } from "../fault.ts";
import type { Diagnosis, Mistake, Symptoms } from "../mistake.ts";
import { misreadsArguments } from "../signs/arguments.ts";
import { anyOf, both, not, type Sign } from "../signs/sign.ts";
import {
  givesTextToSend,
  meetsBadValue,
  sendsAFunction,
  sendsNothing,
  showsAFunction,
  slips,
  stopsForAKnownReason,
} from "../signs/words.ts";
import { arrivesBy, fails, STARTS, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "An error in the code stops it on its way", id: "Kesalahan pada kode menghentikannya di tengah jalan" },
  explanation: {
    en: "The program had begun well, and then came to a line that cannot be carried out: a mistyped name, a method that does not exist, a function that was given too few values, a value that it cannot work with. It gave up there, or the thread that serves this client did. The error message names the trouble and the line: Python's at its end, Node's at its beginning. Such a line goes unnoticed until a client makes the program come to it.",
    id: "Program sudah berjalan, lalu sampai di baris yang tidak bisa dijalankan: nama yang salah ketik, method yang tidak ada, fungsi yang diberi terlalu sedikit nilai, nilai yang tidak bisa diolah. Di situ program berhenti, atau thread yang melayani klien ini berhenti. Pesan error menyebutkan masalah dan barisnya: di Python pada akhir pesan, di Node pada awalnya. Baris seperti itu tidak ketahuan sampai ada klien yang membuat program melewatinya.",
  },
  lookUp: {
    en: 'Run the program and the client yourself, each in a terminal, and read the error from the bottom up; Python tutorial, "Errors and Exceptions"; Python docs, socket objects, for the right names.',
    id: 'Jalankan sendiri program dan kliennya, masing-masing di satu terminal, lalu baca error dari bawah ke atas; tutorial Python, "Errors and Exceptions"; dokumentasi Python, socket objects, untuk nama yang benar.',
  },
  wrong: {
    python: `client_sock, client_addr = s.accpet()         # AttributeError
thread = threading.Thread(target=serve, args=(client_sock))
thread.start()                # TypeError in the thread`,
    typescript: `socket.on("data", (data) => {
  socket.write(message); // ReferenceError: no such name
});`,
  },
  repair: {
    python: `client_sock, client_addr = s.accept()   # accept, not accpet
# args is a tuple: mind the comma
thread = threading.Thread(target=serve, args=(client_sock,))
thread.start()`,
    typescript: `socket.on("data", (data) => {
  socket.write(data); // data, the name that stands in the brackets above
});`,
  },
  inClient: {
    explanation: {
      en: `The program had begun well, and then came to a line that cannot be carried out: a mistyped name, a method that does not exist, a function that was given too few values, a value that it cannot work with. It gave up there. The error message names the trouble and the line: Python's at its end, Node's at its beginning. Such a line goes unnoticed until the conversation comes to it.`,
      id: `Program sudah berjalan, lalu sampai di baris yang tidak bisa dijalankan: nama yang salah ketik, method yang tidak ada, fungsi yang diberi terlalu sedikit nilai, nilai yang tidak bisa diolah. Di situ program berhenti. Pesan error menyebutkan masalah dan barisnya: di Python pada akhir pesan, di Node pada awalnya. Baris seperti itu tidak ketahuan sampai percakapan melewatinya.`,
    },
    lookUp: {
      en: `Run a server and your client yourself, each in a terminal, and read the error from the bottom up; Python tutorial, "Errors and Exceptions"; Python docs, socket objects, for the right names.`,
      id: `Jalankan sendiri server dan klien Anda, masing-masing di satu terminal, lalu baca error dari bawah ke atas; tutorial Python, "Errors and Exceptions"; dokumentasi Python, socket objects, untuk nama yang benar.`,
    },
    wrong: {
      python: `data = s.recv(65535)
print(data.decdoe())           # AttributeError
s.close                       # no brackets: it is not called`,
      typescript: `socket.on("data", (data) => {
  console.log(reply.toString()); // ReferenceError: no such name
});`,
    },
    repair: {
      python: `data = s.recv(65535)
print(data.decode())           # decode, not decdoe
s.close()                     # the brackets call it`,
      typescript: `socket.on("data", (data) => {
  // data, the name that stands in the brackets above
  console.log(data.toString());
});`,
    },
  },
  inUdp: {
    wrong: {
      python: `data, address = s.recvform(65535)     # AttributeError
thread = threading.Thread(target=answer, args=(data))
thread.start()                # TypeError in the thread`,
      typescript: `server.on("message", (data, client) => {
  // ReferenceError: no such name
  server.send(message, client.port, client.address);
});`,
    },
    repair: {
      python: `data, address = s.recvfrom(65535)   # recvfrom, not recvform
# args is a tuple of all that answer() takes
thread = threading.Thread(target=answer, args=(data, address))
thread.start()`,
      typescript: `server.on("message", (data, client) => {
  // data, the name that stands in the brackets above
  server.send(data, client.port, client.address);
});`,
    },
  },
  inUdpClient: {
    wrong: {
      python: `s.sendto(message, ("127.0.0.1", 5000))
data, address = s.recvform(65535)   # AttributeError`,
      typescript: `socket.on("message", (data) => {
  console.log(reply.toString()); // ReferenceError: no such name
});`,
    },
    repair: {
      python: `s.sendto(message, ("127.0.0.1", 5000))
data, address = s.recvfrom(65535)   # recvfrom, not recvform`,
      typescript: `socket.on("message", (data) => {
  // data, the name that stands in the brackets above
  console.log(data.toString());
});`,
    },
  },
  fault: breaks,
  diagnose(symptoms) {
    // A server may print one for its user: among the sockets that are ready, say.
    const isServer = roleOf(symptoms.program) === "server";
    const shown = onItsWay(symptoms, isServer ? sendsAFunction : showsAFunction, 0.96);
    if (shown) return shown;
    const slip = onItsWay(symptoms, anyOf(slips, sendsNothing), 0.93);
    // Other mistakes make a program meet such values, too: b'' has no first byte.
    if (slip || fails(symptoms, "survives-an-empty-connection", meetsBadValue)) return slip;
    return onItsWay(symptoms, meetsBadValue, 0.7);
  },
};

function onItsWay(symptoms: Symptoms, error: Sign, confidence: number): Diagnosis | undefined {
  const atStart = showing(symptoms, error, [...STARTS, ...arrivesBy(symptoms)]);
  const explains = showing(
    symptoms,
    both(error, not(givesTextToSend), not(misreadsArguments), not(stopsForAKnownReason)),
  );
  return suspect(
    confidence,
    explains.filter((check) => !atStart.includes(check)),
  );
}
