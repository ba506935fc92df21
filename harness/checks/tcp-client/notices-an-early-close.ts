import type { Text } from "../../text.ts";
import type { Transcript } from "../../wire/transcript.ts";
import { always, type ClientCheck, type ClientScene } from "../check.ts";
import {
  asText,
  describeStay,
  exitOf,
  launches,
  shown,
  showsText,
  speaker,
  waitedForInput,
} from "../client-reading.ts";
import { hasEnded, hear, seeOff } from "../client-talk.ts";
import { measureCpu } from "../cpu.ts";
import { fail, has, join, last, PASS, peers, printed, receivedFrom, sentTo, show, since } from "../reading.ts";
import type { Finding } from "../verdict.ts";

export const check: ClientCheck = {
  title: { en: "notices a server that closes too early", id: "menyadari server yang menutup koneksi terlalu awal" },
  why: {
    en: "recv() returns b'' when the server has closed: nothing more will ever come. Asking again gives b'' for ever, and half a reply is no success.",
    id: "recv() mengembalikan b'' jika server sudah menutup koneksi: tidak akan ada data lagi. Memanggilnya lagi selalu menghasilkan b'', dan setengah balasan bukan keberhasilan.",
  },
  requirement: "client-endures",
  cites: [
    {
      source: "recv(2)",
      quote: "When a stream socket peer has performed an orderly shutdown, the return value will be 0",
    },
    {
      source: "Python documentation, Socket Programming HOWTO",
      quote:
        "When a recv returns 0 bytes, it means the other side has closed (or is in the process of closing) the connection.",
    },
  ],
  level: always("should"),
  after: ["reads-the-reply", "ends-on-its-own"],
  async stimulate(scene) {
    await scene.serve(() => {});
    await leaveEarly(scene, 0.5);
    if (hasEnded(scene)) await leaveEarly(scene, 0);
  },
  judge(transcript, { client }) {
    for (const launch of launches(transcript)) {
      const finding = judgeOne(launch, client.printsReply);
      if (finding.outcome !== "pass") return finding;
    }
    return PASS;
  },
};

/** Starts the client and closes after this share of its reply. */
async function leaveEarly(scene: ClientScene, share: number): Promise<void> {
  const probe = await hear(scene);
  if (probe) {
    probe.send(probe.bytes.subarray(0, Math.floor(probe.received * share)));
    probe.halfClose();
  }
  await seeOff(scene);
  if (last(scene.conversation.recorder.events, "silent")?.proved === false) await measureCpu(scene.conversation);
}

function judgeOne(transcript: Transcript, printsReply: boolean): Finding {
  const part = sentTo(transcript, speaker(transcript));
  const sent: Text =
    part.length > 0
      ? {
          en: `The server sends ${show(part)}, half of the reply, and closes.`,
          id: `Server mengirim ${show(part)}, setengah balasan, lalu menutup koneksi.`,
        }
      : { en: "The server closes without a reply.", id: "Server menutup koneksi tanpa membalas." };
  if (!has(transcript, "exited") && !waitedForInput(transcript)) {
    return fail(
      join(sent, { en: "The client notices and ends.", id: "Klien menyadarinya dan berhenti." }),
      describeStay(transcript),
    );
  }
  const output = shown(transcript);
  const claims = printsReply && part.length > 0 && exitOf(transcript)?.code === 0 && showsText(output, part);
  if (
    !claims ||
    cameAgain(transcript) ||
    TROUBLE.test(output.replaceAll(asText(part), "")) ||
    printed(since(transcript, "sent"), "stderr").trim() !== ""
  )
    return PASS;
  return fail(
    join(sent, { en: "The client says that something is missing.", id: "Klien memberi tahu bahwa ada yang kurang." }),
    {
      en: `The client printed ${show(Buffer.from(output.trim()))} like a complete reply and ended with exit code 0.`,
      id: `Klien mencetak ${show(Buffer.from(output.trim()))} seperti balasan lengkap dan berhenti dengan kode 0.`,
    },
  );
}

/** It connected once more and was given a whole reply there. */
function cameAgain(transcript: Transcript): boolean {
  const [, ...later] = peers(transcript).filter((peer) => has(transcript, "received", peer));
  return later.some((peer) => sentTo(transcript, peer).length >= receivedFrom(transcript, peer).length);
}

/** Words by which a client tells that something went wrong. */
const TROUBLE =
  /incomplete|partial|truncat|short|missing|lost|only|early|clos|disconnect|reset|error|fail|warn|not |differ|mismatch|false|\beof\b|\bended\b|\bno\b|\d+ ?(of|dari|\/) ?\d+|[❌✗✘✖]|tidak|belum|kurang|hanya|utus|otong|utup|awal|gagal|salah|hilang|beda|peringatan|sebagian|separuh|setengah|parsial|utuh|henti/i;
