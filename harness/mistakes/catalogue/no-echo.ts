import { receives } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { holdsWordsOf, isNothing } from "../reply.ts";
import { printsAtOnce } from "../signs/client.ts";
import { exitedEarly } from "../signs/process.ts";
import { answersNobody } from "../signs/server.ts";
import { anyExchange, anyOf, both, not } from "../signs/sign.ts";
import { waitsForKeyboard } from "../signs/waits.ts";
import { forgetsAwait, givesTextToSend, meetsBadValue, slips, usesAClosedSocket } from "../signs/words.ts";
import { anywhere, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "udp-server"],
  title: { en: "Sends nothing back", id: "Tidak mengirim apa pun kembali" },
  explanation: {
    en: "The connection is made and the message arrives, but no byte comes back. A server that prints what it received has done half of the work; or it listens and never calls accept(), and then it is only the operating system that greets the client. After recv() comes send().",
    id: "Koneksi terjadi dan pesan sampai, tetapi tidak ada byte yang kembali. Server yang hanya mencetak data baru mengerjakan separuh tugas; atau server melakukan listen tetapi tidak pernah memanggil accept(), sehingga hanya sistem operasi yang menyambut klien. Setelah recv() harus ada send().",
  },
  lookUp: {
    en: '"Menerima Data Klien dan Mengirimkannya Kembali" on the lecture\'s slides: accept, recv, send, close; Python socket docs, sendall(); Node net docs, socket.write().',
    id: '"Menerima Data Klien dan Mengirimkannya Kembali" pada slide kuliah: accept, recv, send, close; dokumentasi socket Python, sendall(); dokumentasi net Node, socket.write().',
  },
  wrong: {
    python: `data = client_sock.recv(65535)
print(data)`,
    typescript: `socket.on("data", (data) => console.log(data));`,
  },
  repair: {
    python: `client_sock, client_addr = s.accept()
data = client_sock.recv(65535)
print(data)                   # for the screen
client_sock.sendall(data)     # for the client`,
    typescript: `socket.on("data", (data) => {
  console.log(data);  // for the screen
  socket.write(data); // for the client
});`,
  },
  inUdp: {
    explanation: {
      en: "The datagram arrives, but nothing comes back. A server that prints what it received has done half of the work. After recvfrom() comes sendto(), to the address that recvfrom() gave.",
      id: "Datagram sampai, tetapi tidak ada yang kembali. Server yang hanya mencetak data baru mengerjakan separuh tugas. Setelah recvfrom() harus ada sendto(), ke alamat yang diberikan recvfrom().",
    },
    lookUp: {
      en: `recvfrom() and sendto() in the Python socket docs, and "UDP → SOCK_DGRAM" on the lecture's slides; Node docs, dgram, socket.send and the event 'message'; RFC 862: "the data from it is sent back in an answering datagram".`,
      id: `recvfrom() dan sendto() pada dokumentasi socket Python, dan "UDP → SOCK_DGRAM" pada slide kuliah; dokumentasi dgram Node, socket.send dan event 'message'; RFC 862: "the data from it is sent back in an answering datagram".`,
    },
    wrong: {
      python: `data, address = s.recvfrom(65535)
print(data)`,
      typescript: 'server.on("message", (data) => console.log(data));',
    },
    repair: {
      python: `data, address = s.recvfrom(65535)
print(data)                   # for the screen
s.sendto(data, address)       # for the client`,
      typescript: `server.on("message", (data, client) => {
  console.log(data); // for the screen
  // for the client
  server.send(data, client.port, client.address);
});`,
    },
  },
  fault: receives,
  diagnose(symptoms) {
    if (anywhere(symptoms, anyOf(forgetsAwait, givesTextToSend, meetsBadValue, slips, usesAClosedSocket)))
      return undefined;
    const untouched = not((transcript) => exitedEarly(transcript) || waitsForKeyboard(transcript));
    const neverAccepted = anyExchange(
      (exchange) => isNothing(exchange) && exchange.accepted === false && exchange.end === undefined,
    );
    const silent = anyExchange(
      (exchange) => isNothing(exchange) && (exchange.unread === 0 || exchange.end !== undefined),
    );
    if (
      anywhere(
        symptoms,
        anyExchange(({ afterOurFin }) => afterOurFin.length > 0),
      )
    )
      return undefined;
    // Late, or in words of its own, but it answers.
    const answers = anyExchange(({ sent, received }) => holdsWordsOf(sent, received));
    if (showing(symptoms, answers).length > 0) return undefined;
    const names = ["echoes-a-message", "echoes-a-datagram"];
    if (showing(symptoms, answersNobody, names).length > 0) return undefined;
    const unaccepted = showing(symptoms, both(neverAccepted, untouched), names);
    if (unaccepted.length > 0) return suspect(0.9, unaccepted);
    const knows =
      anywhere(
        symptoms,
        anyExchange(({ end, hungUp }) => hungUp && end !== undefined),
      ) || anywhere(symptoms, printsAtOnce);
    const askedOn = anyExchange((exchange) => isNothing(exchange) && exchange.halfClosed);
    const confidence = knows ? 0.9 : anywhere(symptoms, askedOn) ? 0.8 : 0.6;
    return suspect(confidence, showing(symptoms, both(silent, untouched), names));
  },
};
