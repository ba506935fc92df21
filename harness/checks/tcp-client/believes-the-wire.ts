import type { ClientCheck } from "../check.ts";
import {
  asText,
  describeNotation,
  exitOf,
  shown,
  showsNotation,
  showsText,
  speaker,
  whereShown,
} from "../client-reading.ts";
import { answer, hear, seeOff, untilRead } from "../client-talk.ts";
import { fail, has, PASS, printed, receivedFrom, sentTo, show, since } from "../reading.ts";

/** Words by which a client tells that the reply is not what it sent. */
const MISMATCH =
  /differ|mismatch|match|wrong|unexpected|invalid|corrupt|fail|error|not |beda|tidak|bukan|salah|gagal|keliru/i;

export const check: ClientCheck = {
  title: { en: "shows what came back, not what it sent", id: "menampilkan yang kembali, bukan yang dikirim" },
  why: {
    en: "A client that prints its own message as the reply would look right with any server. Print the variable that recv() filled.",
    id: "Klien yang mencetak pesannya sendiri sebagai balasan akan terlihat benar dengan server apa pun. Cetaklah variabel hasil recv().",
  },
  requirement: "client-receives",
  cites: [{ source: "lecture", quote: "data = s.recv(65535)" }],
  level: whereShown("must"),
  after: ["shows-the-reply"],
  async stimulate(scene) {
    await scene.serve(() => {});
    const probe = await hear(scene);
    let reply: Buffer | undefined;
    if (probe) {
      // As long as the message, its line end included, so that a client which counts bytes is content.
      const lineEnd = /\r?\n$/.exec(probe.bytes.toString("latin1"))?.[0] ?? "";
      reply = Buffer.concat([scene.payload.nonce(probe.received - lineEnd.length), Buffer.from(lineEnd)]);
      answer(scene.contract.kind, probe, reply);
      await untilRead(scene, probe);
    }
    await seeOff(scene, { shows: reply });
  },
  judge(transcript) {
    const peer = speaker(transcript);
    const [message, reply] = [receivedFrom(transcript, peer), sentTo(transcript, peer)];
    const output = shown(transcript);
    if (!has(transcript, "sent", peer) || showsText(output, reply)) return PASS;
    const expected = {
      en: `The server sends ${show(reply)} back instead of ${show(message)}: the client shows that, or says that they differ.`,
      id: `Server mengirim ${show(reply)}, bukan ${show(message)}: klien menampilkannya, atau mengatakan bahwa keduanya berbeda.`,
    };
    const code = exitOf(transcript)?.code;
    if (code === 0 && output.trim() === "") return fail(expected, WITHOUT_A_WORD);
    if (!showsText(output, message)) return PASS;
    const failed = code !== undefined && code !== 0;
    const said = MISMATCH.test(output.replaceAll(asText(message), ""));
    if (failed || said || printed(since(transcript, "sent"), "stderr").trim() !== "") return PASS;
    if (showsNotation(output, reply)) return fail(expected, describeNotation(output));
    return fail(expected, {
      en: `The client printed ${show(Buffer.from(output.trim()))}: its own message, not what it received.`,
      id: `Klien mencetak ${show(Buffer.from(output.trim()))}: pesannya sendiri, bukan yang diterimanya.`,
    });
  },
};

const WITHOUT_A_WORD = {
  en: "It printed nothing and ended with exit code 0, as if all were well.",
  id: "Klien tidak mencetak apa pun dan berakhir dengan exit code 0, seolah-olah semuanya baik.",
};
