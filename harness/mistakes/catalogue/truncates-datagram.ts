import { shown, showsBeginning, showsText, speaker } from "../../checks/client-reading.ts";
import { all, sentTo } from "../../checks/reading.ts";
import { either, inServer, receives, receivesAFullBuffer, sends } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { losesAByte } from "../reply.ts";
import { anyExchange, both, not, type Sign } from "../signs/sign.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["udp-server", "udp-client"],
  title: { en: "Cuts long datagrams", id: "Memotong datagram yang panjang" },
  explanation: {
    en: "recvfrom(n) gives at most n bytes of a datagram and throws the rest away, without an error; a buffer of a fixed size does the same. With TCP the rest would come with the next recv(): with UDP it is gone. The buffer must hold the largest message that is agreed: 65535 is always enough.",
    id: "recvfrom(n) memberikan paling banyak n byte dari sebuah datagram dan membuang sisanya, tanpa error; buffer berukuran tetap juga begitu. Pada TCP sisanya datang lewat recv() berikutnya: pada UDP sisanya hilang. Buffer harus cukup untuk pesan terbesar yang disepakati: 65535 selalu cukup.",
  },
  lookUp: {
    en: '"recv: menerima data sebesar buffer yang ditentukan (65535)" on the lecture\'s slides; the man page recv(2) on messages that are too long; Python docs, socketserver, max_packet_size.',
    id: '"recv: menerima data sebesar buffer yang ditentukan (65535)" pada slide kuliah; halaman manual recv(2) tentang pesan yang terlalu panjang; dokumentasi Python, socketserver, max_packet_size.',
  },
  wrong: {
    python: `data, address = s.recvfrom(1024)      # the rest of the datagram is lost
s.sendto(data, address)`,
    typescript: `server.on("message", (data, client) => {
  server.send(data.subarray(0, 1024), client.port, client.address);
});`,
  },
  repair: {
    python: `data, address = s.recvfrom(65535)   # not 1024: what does not fit is lost
s.sendto(data, address)`,
    typescript: `server.on("message", (data, client) => {
  // all of data: no slice(), no buffer of a fixed size
  server.send(data, client.port, client.address);
});`,
  },
  inClient: {
    wrong: {
      python: `data, address = s.recvfrom(1024)      # the rest of the datagram is lost
print(data.decode())`,
      typescript: `socket.on("message", (data) => {
  console.log(data.subarray(0, 1024).toString());
});`,
    },
    repair: {
      python: `data, address = s.recvfrom(65535)   # not 1024: what does not fit is lost
print(data.decode())`,
      typescript: `socket.on("message", (data) => {
  console.log(data.toString()); // all of data: no slice()
});`,
    },
  },
  fault: either(receivesAFullBuffer, inServer(sends), receives),
  diagnose: (symptoms) =>
    suspect(0.95, [
      ...showing(symptoms, both(cut, not(anyExchange(losesAByte))), [
        "echoes-a-datagram",
        "answers-the-right-client",
        "echoes-any-size",
        "echoes-the-largest-datagram",
      ]),
      ...showing(symptoms, shownCut, ["shows-the-reply", "reads-a-long-reply"]),
    ]),
};

/** A datagram came back as its own beginning. */
const cut: Sign = (transcript) =>
  all(transcript, "received").some(({ peer, bytes }) =>
    all(transcript, "sent", peer).some(
      (sent) => bytes.length > 0 && bytes.length < sent.bytes.length && Buffer.from(sent.bytes).indexOf(bytes) === 0,
    ),
  );

/** The reply's beginning stands on the client's screen, and not its end. */
const shownCut: Sign = (transcript) => {
  const [reply, output] = [sentTo(transcript, speaker(transcript)), shown(transcript)];
  return !showsText(output, reply) && showsBeginning(output, reply);
};
