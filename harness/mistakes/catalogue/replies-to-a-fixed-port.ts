import { sends } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { answersNobody } from "../signs/server.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["udp-server"],
  title: { en: "Replies to a port of its own choice", id: "Membalas ke port yang ditentukan sendiri" },
  explanation: {
    en: "The server sends its reply to a port that stands in the program. But a client did not choose its port: the operating system gave it a free one (an ephemeral port), another one each time, and the client waits there. Where the reply goes, nobody waits. recvfrom() tells the whole address of the sender, host and port: sendto() needs exactly that.",
    id: "Server mengirim balasannya ke port yang tertulis di program. Padahal klien tidak memilih portnya sendiri: sistem operasi memberinya port yang sedang bebas (ephemeral port), setiap kali berbeda, dan di situlah klien menunggu. Di port tujuan balasan tidak ada yang menunggu. recvfrom() memberikan alamat lengkap pengirim, host dan port: persis itulah yang diperlukan sendto().",
  },
  lookUp: {
    en: "Ports of server and clients on the lecture's slides; recvfrom() and sendto() in the Python socket docs; Node docs, dgram, rinfo of the event 'message'; ip(7) on the ephemeral port range; RFC 862.",
    id: "Port server dan klien pada slide kuliah; recvfrom() dan sendto() pada dokumentasi socket Python; dokumentasi dgram Node, rinfo dari event 'message'; ip(7) tentang rentang ephemeral port; RFC 862.",
  },
  wrong: {
    python: `data, (host, port) = s.recvfrom(65535)
s.sendto(data, (host, 5001))  # who says that it waits there?`,
    typescript: `server.on("message", (data, client) => {
  server.send(data, 5001, client.address); // who says so?
});`,
  },
  repair: {
    python: `data, address = s.recvfrom(65535)
s.sendto(data, address)       # host and port of the sender`,
    typescript: `server.on("message", (data, client) => {
  // host and port of the sender
  server.send(data, client.port, client.address);
});`,
  },
  fault: sends,
  diagnose: (symptoms) => suspect(0.96, showing(symptoms, answersNobody, ["echoes-a-datagram"])),
};
