import { roleOf } from "../../assignment/assignment.ts";
import { asText, shown, showsBeginning, showsNotation, showsText, speaker } from "../../checks/client-reading.ts";
import { receivedFrom, sentTo } from "../../checks/reading.ts";
import { inServer, sends } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { isHttp, isReencoded, isTransformed, isUnrelated } from "../reply.ts";
import { showsWhatItWasTold } from "../signs/client.ts";
import { anyExchange, anyOf, both, not, type Sign } from "../signs/sign.ts";
import { forgetsAwait, showsAFunction } from "../signs/words.ts";
import { allExchanges, passes, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "Gives its own answer instead of the message", id: "Memberi jawaban sendiri, bukan pesannya" },
  explanation: {
    en: "Whatever is said, the same words of the program's own come out. That shows only that something arrived; an echo shows what arrived: the very bytes that recv() gave.",
    id: "Apa pun yang dikirim, yang keluar selalu kata-kata program itu sendiri. Itu hanya menunjukkan bahwa ada yang tiba; echo menunjukkan apa yang tiba: byte yang persis sama dengan hasil recv().",
  },
  lookUp: {
    en: "recv_data = socket_client.recv(buffer) and send(data) on the lecture's slides: use the variable that recv() filled; RFC 862.",
    id: "recv_data = socket_client.recv(buffer) dan send(data) pada slide kuliah: pakai variabel hasil recv(); RFC 862.",
  },
  wrong: {
    python: `data = client_sock.recv(65535)
client_sock.sendall(b"message received")`,
    typescript: `socket.on("data", () => socket.write("message received"));`,
  },
  repair: {
    python: `data = client_sock.recv(65535)
client_sock.sendall(data)     # not b"message received"`,
    typescript: `socket.on("data", (data) => {
  socket.write(data); // not "message received"
});`,
  },
  inClient: {
    title: { en: "Prints words of its own, not the reply", id: "Mencetak kata-katanya sendiri, bukan balasan" },
    explanation: {
      en: "What the client prints are words or figures of its own, and the reply is not among them. Whoever runs it cannot see what came back. Print the bytes that recv() gave, as text.",
      id: "Yang dicetak klien adalah kata-kata atau angka miliknya sendiri, dan balasannya tidak ada di situ. Yang menjalankannya tidak bisa melihat apa yang kembali. Cetak byte hasil recv() sebagai teks.",
    },
    wrong: {
      python: `data = s.recv(65535)
print("message received")`,
      typescript: `socket.on("data", () => console.log("message received"));`,
    },
    repair: {
      python: `data = s.recv(65535)
print(data.decode())          # not "message received"`,
      typescript: `socket.on("data", (data) => {
  console.log(data.toString()); // not "message received"
});`,
    },
  },
  inUdp: {
    explanation: {
      en: "Whatever is said, the same words of the program's own come out. That shows only that something arrived; an echo shows what arrived: the very bytes that recvfrom() gave.",
      id: "Apa pun yang dikirim, yang keluar selalu kata-kata program itu sendiri. Itu hanya menunjukkan bahwa ada yang tiba; echo menunjukkan apa yang tiba: byte yang persis sama dengan hasil recvfrom().",
    },
    lookUp: {
      en: `recvfrom() and sendto() in the Python socket docs, and "UDP → SOCK_DGRAM" on the lecture's slides; Node docs, dgram, socket.send and the event 'message'; RFC 862: "the data from it is sent back in an answering datagram".`,
      id: `recvfrom() dan sendto() pada dokumentasi socket Python, dan "UDP → SOCK_DGRAM" pada slide kuliah; dokumentasi dgram Node, socket.send dan event 'message'; RFC 862: "the data from it is sent back in an answering datagram".`,
    },
    wrong: {
      python: `data, address = s.recvfrom(65535)
s.sendto(b"message received", address)`,
      typescript: `server.on("message", (data, client) => {
  server.send("message received", client.port, client.address);
});`,
    },
    repair: {
      python: `data, address = s.recvfrom(65535)
s.sendto(data, address)       # not b"message received"`,
      typescript: `server.on("message", (data, client) => {
  // data, not "message received"
  server.send(data, client.port, client.address);
});`,
    },
  },
  inUdpClient: {
    title: { en: "Prints words of its own, not the reply", id: "Mencetak kata-katanya sendiri, bukan balasan" },
    explanation: {
      en: "What the client prints are words or figures of its own, and the reply is not among them. Whoever runs it cannot see what came back. Print the bytes that recvfrom() gave, as text.",
      id: "Yang dicetak klien adalah kata-kata atau angka miliknya sendiri, dan balasannya tidak ada di situ. Yang menjalankannya tidak bisa melihat apa yang kembali. Cetak byte hasil recvfrom() sebagai teks.",
    },
    wrong: {
      python: `data, address = s.recvfrom(65535)
print("message received")`,
      typescript: `socket.on("message", () => console.log("message received"));`,
    },
    repair: {
      python: `data, address = s.recvfrom(65535)
print(data.decode())          # not "message received"`,
      typescript: `socket.on("message", (data) => {
  console.log(data.toString()); // not "message received"
});`,
    },
  },
  fault: inServer(sends),
  diagnose(symptoms) {
    if (roleOf(symptoms.program) === "client") {
      const own: Sign = (transcript) => {
        const peer = speaker(transcript);
        const output = shown(transcript);
        const [reply, message] = [sentTo(transcript, peer), receivedFrom(transcript, peer)];
        const says =
          output.trim() !== "" &&
          !showsText(output, reply) &&
          !showsText(output, message) &&
          !showsNotation(output, reply);
        const inOtherLetters = output.toLowerCase().includes(asText(reply).toLowerCase());
        return reply.length > 0 && says && !inOtherLetters && !showsBeginning(output, reply);
      };
      return suspect(
        0.8,
        showing(symptoms, both(own, not(anyOf(forgetsAwait, showsAFunction, showsWhatItWasTold))), [
          "shows-the-reply",
          "believes-the-wire",
        ]),
      );
    }
    // A reply that was right once is no fixed one.
    if (["echoes-a-message", "echoes-a-datagram"].some((name) => passes(symptoms, name))) return undefined;
    const unrelated = showing(
      symptoms,
      both(
        anyExchange(
          (exchange) =>
            isUnrelated(exchange) && !isReencoded(exchange) && !isTransformed(exchange) && !isHttp(exchange),
        ),
        not(forgetsAwait),
      ),
    );
    const replies = allExchanges(symptoms).filter(isUnrelated);
    const same = replies.some((one) =>
      replies.some((other) => !one.sent.equals(other.sent) && one.received.equals(other.received)),
    );
    return suspect(same ? 0.95 : 0.6, unrelated);
  },
};
