import { sendsLast } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { isTwice } from "../reply.ts";
import { anyExchange } from "../signs/sign.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "udp-server"],
  title: { en: "Sends everything back twice", id: "Mengirim balik semuanya dua kali" },
  explanation: {
    en: "Each message comes back, and then once more. Two lines send it: two calls one after the other, two listeners for 'data', or pipe(), which sends back by itself, beside write(). In TCP the client cannot tell where the first echo ends; it takes the second one for the answer to its next message. One of the two lines is enough. Where the same bytes come again and again, recv() stands outside of the loop that sends.",
    id: "Setiap pesan kembali, lalu kembali sekali lagi. Ada dua baris yang mengirimnya: dua panggilan berturut-turut, dua listener untuk 'data', atau pipe(), yang sudah mengirim balik sendiri, di samping write(). Pada TCP, klien tidak tahu di mana echo pertama berakhir; echo kedua dianggap jawaban untuk pesan berikutnya. Satu dari dua baris itu sudah cukup. Jika byte yang sama datang terus-menerus, recv() berada di luar loop yang mengirim.",
  },
  lookUp: {
    en: 'recv and send on the lecture\'s slides: one of each; Node docs, stream, readable.pipe(), and events, emitter.on(): each call adds a listener; RFC 862: "any data received is sent back".',
    id: 'recv dan send pada slide kuliah: masing-masing satu; dokumentasi Node, stream, readable.pipe(), dan events, emitter.on(): setiap panggilan menambah listener; RFC 862: "any data received is sent back".',
  },
  wrong: {
    python: `client_sock.send(data)
client_sock.sendall(data)     # once more`,
    typescript: `socket.pipe(socket);
socket.on("data", (data) => socket.write(data)); // once more`,
  },
  repair: {
    python: `client_sock.sendall(data)     # this one alone`,
    typescript: `socket.pipe(socket); // this one alone`,
  },
  inUdp: {
    explanation: {
      en: "For each datagram two come back, or one that holds the message twice. Two lines send it, or one line that runs twice: two calls of sendto(), two listeners for 'message', an echo that is repeated in case it gets lost, or when recvfrom() has given up and nothing new has come. The client takes the second one for the answer to its next message. One datagram, one answer.",
      id: "Untuk setiap datagram ada dua yang kembali, atau satu yang berisi pesannya dua kali. Ada dua baris yang mengirimnya, atau satu baris yang berjalan dua kali: dua panggilan sendto(), dua listener untuk 'message', echo yang diulang kalau-kalau hilang, atau ketika recvfrom() menyerah padahal tidak ada yang baru. Klien menganggap yang kedua sebagai jawaban untuk pesan berikutnya. Satu datagram, satu jawaban.",
    },
    lookUp: {
      en: `recvfrom() and sendto() in the Python socket docs, and "UDP → SOCK_DGRAM" on the lecture's slides; Node docs, dgram, socket.send and the event 'message'; RFC 862: "the data from it is sent back in an answering datagram".`,
      id: `recvfrom() dan sendto() pada dokumentasi socket Python, dan "UDP → SOCK_DGRAM" pada slide kuliah; dokumentasi dgram Node, socket.send dan event 'message'; RFC 862: "the data from it is sent back in an answering datagram".`,
    },
    wrong: {
      python: `s.sendto(data, address)
s.sendto(data, address)       # once more`,
      typescript: `server.on("message", (data, client) => {
  server.send(data, client.port, client.address);
  // once more
  server.send(data, client.port, client.address);
});`,
    },
    repair: {
      python: `s.sendto(data, address)       # once`,
      typescript: `server.on("message", (data, client) => {
  server.send(data, client.port, client.address);
});`,
    },
  },
  fault: sendsLast,
  diagnose: (symptoms) => suspect(0.97, showing(symptoms, anyExchange(isTwice))),
};
