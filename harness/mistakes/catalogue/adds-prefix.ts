import { roleOf } from "../../assignment/assignment.ts";
import { isFromAnother } from "../exchange.ts";
import type { Mistake } from "../mistake.ts";
import { addedBefore } from "../reply.ts";
import { anyExchange, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "udp-server"],
  title: { en: "Puts words before the echo", id: "Menambahkan kata di depan echo" },
  explanation: {
    en: 'Something stands before the bytes that come back, "Echo: " for example. It looks friendly to a person, but a client that compares what it sent with what it got finds them different. An echo is the bytes, nothing added and nothing missing. Print such words on the screen instead.',
    id: 'Ada tambahan di depan byte yang kembali, misalnya "Echo: ". Bagi manusia terlihat ramah, tetapi klien yang membandingkan data yang dikirim dengan yang diterima akan menemukan perbedaan. Echo adalah byte itu sendiri, tanpa tambahan dan tanpa kekurangan. Cetak kata-kata seperti itu di layar saja.',
  },
  lookUp: {
    en: 'The lecture\'s example: client_sock.send(data), with the data that recv() gave; RFC 862: "any data received is sent back".',
    id: 'Contoh kuliah: client_sock.send(data), dengan data hasil recv(); RFC 862: "any data received is sent back".',
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
  diagnose(symptoms) {
    if (roleOf(symptoms.program) === "client") return undefined;
    const prefixed = anyExchange((exchange, transcript) => {
      const added = addedBefore(exchange);
      const inAnswer = exchange.turns[0]?.sent.length !== 0;
      return added !== undefined && inAnswer && !isFromAnother(transcript, exchange.peer, added);
    });
    return suspect(0.95, showing(symptoms, prefixed));
  },
};
