import { sends } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { losesAByte } from "../reply.ts";
import { anyExchange } from "../signs/sign.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "udp-server"],
  title: { en: "Loses a byte at one end", id: "Kehilangan satu byte di ujung" },
  explanation: {
    en: "Every answer is one byte shorter than the message: its last byte is missing, or its first. data[:-1] and slice(0, -1) take the last byte away whatever it is, and not only a line end; a loop that counts to length - 1, or from 1, leaves one out as well. An echo sends all that recv() gave.",
    id: "Setiap jawaban lebih pendek satu byte daripada pesannya: byte terakhirnya hilang, atau byte pertamanya. data[:-1] dan slice(0, -1) membuang byte terakhir apa pun isinya, bukan hanya akhir baris; perulangan yang menghitung sampai length - 1, atau mulai dari 1, juga melewatkan satu byte. Echo mengirim semua yang diberikan recv().",
  },
  lookUp: {
    en: "data = client_sock.recv(65535) and client_sock.send(data) in the lecture's example: the same variable, untouched; Python tutorial, slices of strings and bytes; MDN, slice(): a negative end counts from the back; RFC 862.",
    id: "data = client_sock.recv(65535) dan client_sock.send(data) pada contoh kuliah: variabel yang sama, tidak diubah; tutorial Python, slice pada string dan bytes; MDN, slice(): indeks akhir yang negatif dihitung dari belakang; RFC 862.",
  },
  wrong: {
    python: `client_sock.sendall(data[:-1])   # meant for "\\n", takes any byte`,
    typescript: `socket.write(data.subarray(0, -1)); // meant for "\\n", takes any byte`,
  },
  repair: {
    python: `client_sock.sendall(data)`,
    typescript: `socket.write(data);`,
  },
  inUdp: {
    wrong: {
      python: `s.sendto(data[:-1], address)     # meant for "\\n", takes any byte`,
      typescript: `server.on("message", (data, client) => {
  // meant for "\\n", takes any byte
  server.send(data.subarray(0, -1), client.port, client.address);
});`,
    },
    repair: {
      python: `s.sendto(data, address)`,
      typescript: `server.on("message", (data, client) => {
  server.send(data, client.port, client.address);
});`,
    },
  },
  fault: sends,
  diagnose: (symptoms) => suspect(0.96, showing(symptoms, anyExchange(losesAByte), WHOLE)),
};

/** Where a message is sent in one piece, and answered before another one. */
const WHOLE = ["echoes-a-message", "echoes-without-newline", "echoes-a-datagram"];
