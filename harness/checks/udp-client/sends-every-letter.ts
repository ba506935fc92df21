import type { ClientCheck } from "../check.ts";
import { whereChosen } from "../client-reading.ts";
import { serve } from "../datagram-talk.ts";
import { judgeLetters, letters } from "../tcp-client/sends-every-letter.ts";

export const check: ClientCheck = {
  title: { en: "sends spaces, and letters beyond ASCII", id: "mengirim spasi, dan huruf di luar ASCII" },
  why: {
    en: "Names and words hold letters such as é, which takes two bytes in UTF-8. encode('ascii') refuses it or drops it, and a datagram of as many bytes as the text has letters (Node: text.length) leaves out the end.",
    id: "Nama dan kata bisa mengandung huruf seperti é, yang memakai dua byte dalam UTF-8. encode('ascii') menolak atau membuangnya, dan datagram sebanyak jumlah huruf teksnya (Node: text.length) kehilangan bagian akhirnya.",
  },
  requirement: "udp-client-sends",
  cites: [
    { source: "Python documentation, str.encode", quote: "encoding defaults to 'utf-8'" },
    {
      source: "Node.js documentation, dgram, socket.send()",
      quote: "offset and length will be calculated with respect to byte length",
    },
  ],
  level: whereChosen("should"),
  after: ["sends-its-message"],
  async stimulate(scene) {
    const message = letters(scene.payload);
    await scene.serveDatagrams(() => {});
    await serve(
      { ...scene, run: () => scene.run(message) },
      (bytes) => bytes,
      () => message,
    );
  },
  judge: judgeLetters,
};
