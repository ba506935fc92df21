import type { Mistake } from "../mistake.ts";
import { leavesTheRest, showsOnlyNotation } from "../signs/client.ts";
import { both, not } from "../signs/sign.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-client", "udp-client"],
  title: { en: "Prints b'...' instead of the text", id: "Mencetak b'...', bukan teksnya" },
  explanation: {
    en: "A socket gives bytes, and print() shows bytes in the notation of the programming language: b'halo' in Python, <Buffer 68 61 ...> in Node. Whoever runs the client wants to read the reply. Turn the bytes into text first, once all of them are there.",
    id: "Socket memberikan byte, dan print() menampilkan byte dalam notasi bahasa pemrograman: b'halo' di Python, <Buffer 68 61 ...> di Node. Yang menjalankan klien ingin membaca balasannya. Ubah dulu byte menjadi teks, setelah semuanya tiba.",
  },
  lookUp: {
    en: '"Data bertipe byte" on the lecture\'s slides; Python docs, bytes.decode(); Node docs, buf.toString().',
    id: '"Data bertipe byte" pada slide kuliah; dokumentasi Python, bytes.decode(); dokumentasi Node, buf.toString().',
  },
  wrong: {
    python: `data = s.recv(65535)
print(data)                   # b'Hello'`,
    typescript: `socket.on("data", (data) => console.log(data)); // <Buffer 48 65 ...>`,
  },
  repair: {
    python: `data = s.recv(65535)
print(data.decode())          # not print(data)`,
    typescript: `socket.on("data", (data) => {
  console.log(data.toString()); // not console.log(data)
});`,
  },
  inUdp: {
    wrong: {
      python: `data, server = s.recvfrom(65535)
print(data)                   # b'Hello'`,
      typescript: `// <Buffer 48 65 ...>
socket.on("message", (data) => console.log(data));`,
    },
    repair: {
      python: `data, server = s.recvfrom(65535)
print(data.decode())          # not print(data)`,
      typescript: `socket.on("message", (data) => {
  console.log(data.toString()); // not console.log(data)
});`,
    },
  },
  diagnose(symptoms) {
    const explains = showing(symptoms, showsOnlyNotation, ["shows-the-reply", "believes-the-wire"]);
    if (explains.length === 0) return undefined;
    const names = ["waits-for-a-late-server", "reads-a-fragmented-reply", "reads-a-split-character"];
    return suspect(0.97, [...explains, ...showing(symptoms, both(showsOnlyNotation, not(leavesTheRest)), names)]);
  },
};
