import { has } from "../../checks/reading.ts";
import type { Mistake } from "../mistake.ts";
import { endsAtOurFin, staysAfterShowing } from "../signs/client.ts";
import type { Sign } from "../signs/sign.ts";
import { waitsForKeyboard } from "../signs/waits.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-client", "udp-client"],
  title: { en: "The client never ends", id: "Klien tidak pernah berhenti" },
  explanation: {
    en: "The client has its reply and stays: it waits for a key, asks for the next message again and again, or sleeps in a loop without a way out. A client of this assignment closes its socket after the reply and ends by itself; one that asks for more must end when its input ends.",
    id: "Klien sudah menerima balasan tetapi tidak berhenti: menunggu tombol ditekan, meminta pesan berikutnya terus-menerus, atau berputar dalam loop tanpa jalan keluar. Klien pada tugas ini menutup socket-nya setelah balasan dan berhenti sendiri; klien yang meminta pesan lagi harus berhenti ketika masukannya habis.",
  },
  lookUp: {
    en: "The lecture's client: connect, send, recv, close, and the program is over; Python docs, input() and EOFError; Node docs, readline 'close' event and socket.end().",
    id: "Klien pada kuliah: connect, send, recv, close, lalu program selesai; dokumentasi Python, input() dan EOFError; dokumentasi Node, event 'close' pada readline dan socket.end().",
  },
  wrong: {
    python: `s.sendall(message)
print(s.recv(65535).decode())
input("press Enter to quit")`,
    typescript: `// and the socket stays open
socket.on("data", (data) => console.log(data.toString()));`,
  },
  repair: {
    python: `s.sendall(message)
reply = b""
while len(reply) < len(message) and (data := s.recv(65535)):
    reply += data
print(reply.decode())
s.close()                     # and the program ends here`,
    typescript: `let reply = Buffer.alloc(0);
socket.on("data", (data) => {
  reply = Buffer.concat([reply, data]);
  if (reply.length < message.length) return;
  console.log(reply.toString());
  socket.end(); // nothing is left to do, so Node ends the program
});`,
  },
  inUdp: {
    lookUp: {
      en: "A UDP client sends, receives and closes, and the program is over; Python docs, input() and EOFError; Node docs, readline 'close' event and dgram, socket.close(): an open socket keeps Node alive.",
      id: "Klien UDP mengirim, menerima, lalu menutup socket, dan program selesai; dokumentasi Python, input() dan EOFError; dokumentasi Node, event 'close' pada readline dan dgram, socket.close(): socket yang terbuka membuat Node tetap berjalan.",
    },
    wrong: {
      python: `s.sendto(message, server)
print(s.recvfrom(65535)[0].decode())
input("press Enter to quit")`,
      typescript: `// and the socket stays open
socket.on("message", (data) => console.log(data.toString()));`,
    },
    repair: {
      python: `s.sendto(message, server)
data, address = s.recvfrom(65535)
print(data.decode())
s.close()                     # and the program ends here`,
      typescript: `socket.once("message", (data) => {
  console.log(data.toString());
  socket.close(); // nothing is left to do, so Node ends the program
});`,
    },
  },
  diagnose(symptoms) {
    const stays: Sign = (transcript) =>
      waitsForKeyboard(transcript) ||
      (has(transcript, "sent") && (!endsAtOurFin(transcript) || staysAfterShowing(transcript)));
    return suspect(0.93, showing(symptoms, stays, ["ends-on-its-own"]));
  },
};
