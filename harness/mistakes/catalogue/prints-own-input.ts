import { asText, speaker } from "../../checks/client-reading.ts";
import { printed, receivedFrom } from "../../checks/reading.ts";
import type { Mistake } from "../mistake.ts";
import { showsOnlyNotation } from "../signs/client.ts";
import { both, not, type Sign } from "../signs/sign.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-client", "udp-client"],
  title: { en: "Prints its own message as the reply", id: "Mencetak pesannya sendiri sebagai balasan" },
  explanation: {
    en: "The server sent something else back, and the client still showed its own message: it prints the variable with what it sent, not the one that recv() filled. Such a client looks right with any server, even with a broken one, and so proves nothing.",
    id: "Server mengirim balasan yang berbeda, tetapi klien tetap menampilkan pesannya sendiri: yang dicetak adalah variabel berisi data yang dikirim, bukan hasil recv(). Klien seperti ini terlihat benar dengan server apa pun, bahkan yang rusak, sehingga tidak membuktikan apa-apa.",
  },
  lookUp: {
    en: "recv_data = socket_client.recv(buffer) on the lecture's slides: print recv_data; RFC 862.",
    id: "recv_data = socket_client.recv(buffer) pada slide kuliah: cetak recv_data; RFC 862.",
  },
  wrong: {
    python: `s.sendall(message)
s.recv(65535)
print(message.decode())`,
    typescript: `socket.on("data", () => console.log(message));`,
  },
  repair: {
    python: `s.sendall(message)
recv_data = s.recv(65535)
print(recv_data.decode())     # not print(message)`,
    typescript: `socket.on("data", (received) => {
  console.log(received.toString()); // not console.log(message)
});`,
  },
  inUdp: {
    explanation: {
      en: "The server sent something else back, and the client still showed its own message: it prints the variable with what it sent, not the one that recvfrom() filled. Such a client looks right with any server, even with a broken one, and so proves nothing.",
      id: "Server mengirim balasan yang berbeda, tetapi klien tetap menampilkan pesannya sendiri: yang dicetak adalah variabel berisi data yang dikirim, bukan hasil recvfrom(). Klien seperti ini terlihat benar dengan server apa pun, bahkan yang rusak, sehingga tidak membuktikan apa-apa.",
    },
    lookUp: {
      en: `recvfrom() and sendto() in the Python socket docs, and "UDP → SOCK_DGRAM" on the lecture's slides; Node docs, dgram, socket.send and the event 'message'; RFC 862: "the data from it is sent back in an answering datagram".`,
      id: `recvfrom() dan sendto() pada dokumentasi socket Python, dan "UDP → SOCK_DGRAM" pada slide kuliah; dokumentasi dgram Node, socket.send dan event 'message'; RFC 862: "the data from it is sent back in an answering datagram".`,
    },
    wrong: {
      python: `s.sendto(message, server)
s.recvfrom(65535)
print(message.decode())`,
      typescript: 'socket.on("message", () => console.log(message));',
    },
    repair: {
      python: `s.sendto(message, server)
recv_data, address = s.recvfrom(65535)
print(recv_data.decode())     # not print(message)`,
      typescript: `socket.on("message", (received) => {
  console.log(received.toString()); // not console.log(message)
});`,
    },
  },
  diagnose(symptoms) {
    const own: Sign = (transcript) => {
      const message = receivedFrom(transcript, speaker(transcript));
      return message.length > 0 && printed(transcript, "stdout").includes(asText(message));
    };
    const explains = showing(symptoms, both(own, not(showsOnlyNotation)), ["believes-the-wire"]);
    return suspect(
      0.95,
      explains.length > 0 ? [...explains, ...showing(symptoms, own, ["waits-for-a-late-server"])] : [],
    );
  },
};
