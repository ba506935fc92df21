import { roleOf } from "../../assignment/assignment.ts";
import { isFromAnother } from "../exchange.ts";
import { sends } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { addedBefore, isHttp, repeatsEarlier } from "../reply.ts";
import { putsWordsBefore } from "../signs/client.ts";
import { collectsDatagrams } from "../signs/server.ts";
import { anyExchange } from "../signs/sign.ts";
import { anywhere, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "Puts words before the echo", id: "Menambahkan kata di depan echo" },
  explanation: {
    en: 'Something stands before the bytes that come back, "Echo: " for example. It looks friendly to a person, but a client that compares what it sent with what it got finds them different. An echo is the bytes, nothing added and nothing missing. Print such words on the screen instead.',
    id: 'Ada tambahan di depan byte yang kembali, misalnya "Echo: ". Bagi manusia terlihat ramah, tetapi klien yang membandingkan data yang dikirim dengan yang diterima akan menemukan perbedaan. Echo adalah byte itu sendiri, tanpa tambahan dan tanpa kekurangan. Cetak kata-kata seperti itu di layar saja.',
  },
  lookUp: {
    en: 'The lecture\'s example: client_sock.send(data), with the data that recv() gave; RFC 862: "any data received is sent back".',
    id: 'Contoh kuliah: client_sock.send(data), dengan data hasil recv(); RFC 862: "any data received is sent back".',
  },
  wrong: {
    python: `data = client_sock.recv(65535)
client_sock.sendall(b"Echo: " + data)`,
    typescript: `socket.on("data", (data) => socket.write(\`Echo: \${data}\`));`,
  },
  repair: {
    python: `data = client_sock.recv(65535)
print("echo:", data)          # for the screen
client_sock.sendall(data)     # for the client: the bytes alone`,
    typescript: `socket.on("data", (data) => {
  console.log("echo:", data); // for the screen
  socket.write(data);         // for the client: the bytes alone
});`,
  },
  inUdp: {
    lookUp: {
      en: `recvfrom() and sendto() in the Python socket docs, and "UDP → SOCK_DGRAM" on the lecture's slides; Node docs, dgram, socket.send and the event 'message'; RFC 862: "the data from it is sent back in an answering datagram".`,
      id: `recvfrom() dan sendto() pada dokumentasi socket Python, dan "UDP → SOCK_DGRAM" pada slide kuliah; dokumentasi dgram Node, socket.send dan event 'message'; RFC 862: "the data from it is sent back in an answering datagram".`,
    },
    wrong: {
      python: `data, address = s.recvfrom(65535)
s.sendto(b"Echo: " + data, address)`,
      typescript: `server.on("message", (data, client) => {
  server.send(\`Echo: \${data}\`, client.port, client.address);
});`,
    },
    repair: {
      python: `data, address = s.recvfrom(65535)
print("echo:", data)          # for the screen
s.sendto(data, address)       # for the client: the bytes alone`,
      typescript: `server.on("message", (data, client) => {
  console.log("echo:", data); // for the screen
  // for the client: the bytes alone
  server.send(data, client.port, client.address);
});`,
    },
  },
  inClient: {
    title: { en: "Puts words before the message", id: "Menambahkan kata-kata sebelum pesan" },
    explanation: {
      en: 'The client sends something before the bytes that it was given: a name, "Message: ", a greeting of its own. On the wire nothing tells where such words end and the message begins, and the other side takes all of it for the message. Print them on your own screen instead.',
      id: 'Klien mengirim sesuatu sebelum byte yang harus dikirimnya: nama, "Pesan: ", atau salam. Di jaringan tidak terlihat di mana kata-kata itu berakhir dan pesannya dimulai, sehingga pihak lain menganggap semuanya sebagai pesan. Tampilkan kata-kata itu di layar Anda sendiri saja.',
    },
    wrong: {
      python: `s.sendall(b"Message: " + message)`,
      typescript: `socket.write("Message: " + message);`,
    },
    repair: {
      python: `print("Message:", message)    # for whoever sits here
s.sendall(message)            # for the server: the bytes alone`,
      typescript: `console.log("Message:", message); // for whoever sits here
socket.write(message); // for the server: the bytes alone`,
    },
  },
  inUdpClient: {
    wrong: {
      python: `s.sendto(b"Message: " + message, ("127.0.0.1", 5000))`,
      typescript: `socket.send("Message: " + message, 5000, "127.0.0.1");`,
    },
    repair: {
      python: `print("Message:", message)    # for whoever sits here
s.sendto(message, ("127.0.0.1", 5000))`,
      typescript: `console.log("Message:", message); // for whoever sits here
socket.send(message, 5000, "127.0.0.1");`,
    },
  },
  fault: sends,
  diagnose(symptoms) {
    if (roleOf(symptoms.program) === "client") {
      const prefixed = putsWordsBefore(symptoms);
      return suspect(0.95, prefixed ? showing(symptoms, () => true, ["sends-its-message", "sends-every-letter"]) : []);
    }
    if (anywhere(symptoms, collectsDatagrams)) return undefined;
    const prefixed = anyExchange((exchange, transcript) => {
      const added = addedBefore(exchange);
      const inAnswer = exchange.turns[0]?.sent.length !== 0;
      const isNew = added !== undefined && !isFromAnother(transcript, exchange.peer, added);
      return isNew && inAnswer && !repeatsEarlier(exchange) && !isHttp(exchange);
    });
    return suspect(0.95, showing(symptoms, prefixed));
  },
};
