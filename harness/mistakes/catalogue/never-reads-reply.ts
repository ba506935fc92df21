import { has } from "../../checks/reading.ts";
import { sends } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { crashed, exited } from "../signs/process.ts";
import { both, not, type Sign } from "../signs/sign.ts";
import { waitsFirst, waitsForKeyboard } from "../signs/waits.ts";
import { fails, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-client", "udp-client"],
  title: { en: "Sends and leaves without the reply", id: "Mengirim lalu pergi tanpa membaca balasan" },
  explanation: {
    en: "The client sends its message and leaves, or closes its side for good, before it has received anything. It cannot know whether its message arrived, and the server's answer is refused with a reset. An echo client has two halves: send, then receive until the whole message is back.",
    id: "Klien mengirim pesan lalu pergi, atau menutup koneksi sepenuhnya, sebelum menerima apa pun. Klien tidak tahu apakah pesannya sampai, dan jawaban server ditolak dengan reset. Klien echo terdiri dari dua bagian: kirim, lalu terima sampai seluruh pesan kembali.",
  },
  lookUp: {
    en: "recv_data = socket_client.recv(buffer) after send(data) on the lecture's slides; Python socket docs, recv(); Node net docs, the 'data' event.",
    id: "recv_data = socket_client.recv(buffer) setelah send(data) pada slide kuliah; dokumentasi socket Python, recv(); dokumentasi net Node, event 'data'.",
  },
  wrong: {
    python: `s.sendall(message)
s.close()`,
    typescript: `socket.end(message); // no 'data' listener`,
  },
  repair: {
    python: `s.sendall(message)
reply = b""
while len(reply) < len(message) and (data := s.recv(65535)):
    reply += data
print(reply.decode())
s.close()`,
    typescript: `socket.write(message);
let reply = Buffer.alloc(0);
socket.on("data", (data) => {
  reply = Buffer.concat([reply, data]);
  if (reply.length < message.length) return;
  console.log(reply.toString());
  socket.end(); // only now
});`,
  },
  inUdp: {
    explanation: {
      en: "The client sends its datagram and closes, and never calls recvfrom(). UDP does not say whether a datagram arrived: only the reply does, and it comes to a port that is closed by then. An echo client has two halves: send, then receive.",
      id: "Klien mengirim datagram lalu menutup socket tanpa memanggil recvfrom(). UDP tidak memberi tahu apakah datagram sampai: hanya balasan yang menunjukkannya, dan balasan itu tiba di port yang sudah ditutup. Klien echo terdiri dari dua bagian: kirim, lalu terima.",
    },
    lookUp: {
      en: `recvfrom() and sendto() in the Python socket docs, and "UDP → SOCK_DGRAM" on the lecture's slides; Node docs, dgram, socket.send and the event 'message'; RFC 862: "the data from it is sent back in an answering datagram".`,
      id: `recvfrom() dan sendto() pada dokumentasi socket Python, dan "UDP → SOCK_DGRAM" pada slide kuliah; dokumentasi dgram Node, socket.send dan event 'message'; RFC 862: "the data from it is sent back in an answering datagram".`,
    },
    wrong: {
      python: `s.sendto(message, ("127.0.0.1", 5000))
s.close()`,
      typescript: 'socket.send(message, 5000, "127.0.0.1", () => socket.close());',
    },
    repair: {
      python: `s.settimeout(5)               # the reply may be lost
s.sendto(message, ("127.0.0.1", 5000))
reply, server = s.recvfrom(65535)
print(reply.decode())
s.close()`,
      typescript: `socket.send(message, 5000, "127.0.0.1");
socket.once("message", (reply) => {
  console.log(reply.toString());
  socket.close(); // only now
});`,
    },
  },
  fault: sends,
  diagnose(symptoms) {
    const left: Sign = (transcript) => has(transcript, "received") && !has(transcript, "sent") && exited(transcript);
    const names = ["reads-the-reply", "shows-the-reply"];
    const early = showing(symptoms, both(left, not(crashed), not(waitsFirst)), names);
    if (early.length > 0) return suspect(0.95, early);
    const ignored: Sign = (transcript) => fails(symptoms, "reads-the-reply") && has(transcript, "received");
    return suspect(0.75, showing(symptoms, both(ignored, not(crashed), not(waitsForKeyboard), not(waitsFirst)), names));
  },
};
