import { receivesTheEnd } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { unansweredAtItsEnd } from "../signs/process.ts";
import { both, not, type Sign } from "../signs/sign.ts";
import { complains } from "../signs/words.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["udp-server"],
  title: { en: "Takes an empty datagram for the end", id: "Menganggap datagram kosong sebagai tanda selesai" },
  explanation: {
    en: "The server does not answer a datagram without bytes, or even ends at it: `if not data: break` is right for TCP, where b'' means that the client has finished. UDP has no connection that could end; an empty datagram is a message like any other, and anybody can send one.",
    id: "Server tidak membalas datagram tanpa isi, atau bahkan berhenti karenanya: `if not data: break` benar untuk TCP, di mana b'' berarti klien sudah selesai. UDP tidak memiliki koneksi yang bisa selesai; datagram kosong adalah pesan seperti yang lain, dan siapa pun bisa mengirimnya.",
  },
  lookUp: {
    en: "The man page recv(2) on zero-length datagrams; RFC 768: the length field may say 8, the header alone. Where a library does it (asyncio up to Python 3.12), nothing is wrong with your code.",
    id: "Halaman manual recv(2) tentang datagram kosong; RFC 768: isian length boleh 8, yaitu header saja. Jika penyebabnya pustaka (asyncio sampai Python 3.12), tidak ada yang salah dengan kode Anda.",
  },
  wrong: {
    python: `data, address = s.recvfrom(65535)
if not data:
    break                     # somebody sent an empty datagram`,
    typescript: `server.on("message", (data) => {
  if (data.length === 0) server.close();
});`,
  },
  repair: {
    python: `while True:
    data, address = s.recvfrom(65535)
    s.sendto(data, address)       # b"" too: no if, no break`,
    typescript: `server.on("message", (data, client) => {
  // also when data.length is 0
  server.send(data, client.port, client.address);
});`,
  },
  fault: receivesTheEnd,
  diagnose(symptoms) {
    const calmly = not(complains(/Error\b/));
    const unanswered = showing(symptoms, calmly, ["echoes-an-empty-datagram"]);
    if (unanswered.length === 0) return undefined;
    return suspect(0.92, [...unanswered, ...showing(symptoms, both(calmly, endedAtNothing), ["survives-bad-input"])]);
  },
};

/** The empty datagram was the last that was sent before it ended, or stopped answering. */
const endedAtNothing: Sign = (transcript) => unansweredAtItsEnd(transcript)?.length === 0;
