import type { Contract } from "../../assignment/assignment.ts";
import type { Text } from "../../text.ts";
import type { Transcript } from "../../wire/transcript.ts";
import type { ClientCheck } from "../check.ts";
import { describeStay, whereChosen } from "../client-reading.ts";
import { hasEnded, seeOff, untilItSpeaks } from "../client-talk.ts";
import { LockstepEcho } from "../lockstep-echo.ts";
import { fail, has, join, last, measured, PASS, plural } from "../reading.ts";
import type { Finding } from "../verdict.ts";

/** Linux allows 128 KiB for one argument of a program; a loopback connection buffers at least 2 MiB by default. */
const LONG_BYTES = 100_000;

export const check: ClientCheck = {
  title: { en: "sends a long message completely", id: "mengirim pesan panjang dengan lengkap" },
  why: {
    en: "send() may take only a part and returns how much; sendall() goes on until all is sent. And a client that only sends while its reply fills the buffers can block for ever.",
    id: "send() bisa mengirim sebagian saja dan mengembalikan jumlahnya; sendall() meneruskan sampai semua terkirim. Klien yang hanya mengirim sementara balasan memenuhi buffer bisa macet selamanya.",
  },
  requirement: "client-sends",
  cites: [
    {
      source: "Python documentation, socket.send",
      quote: "Applications are responsible for checking that all data has been sent",
    },
    { source: "RFC 862", quote: "any data received is sent back" },
  ],
  level: whereChosen("should"),
  after: ["sends-its-message", "reads-the-reply"],
  async stimulate(scene) {
    const { conversation, payload } = scene;
    const message = payload.nonce(lengthFor(scene.contract));
    const echoes: LockstepEcho[] = [];
    await scene.serve((probe) => echoes.push(new LockstepEcho(scene, probe)));
    await scene.run(message);
    const speaking = (): LockstepEcho | undefined => echoes.find(({ begun }) => begun);
    await untilItSpeaks(scene, () => speaking() !== undefined || hasEnded(scene));
    await speaking()?.run(message);
    if (hasEnded(scene) || conversation.probes.some(({ over }) => over)) await seeOff(scene);
  },
  judge(transcript) {
    const bytes = judgeBytes(transcript);
    // With a reset goes what was still on its way.
    return bytes.outcome === "fail" && !bytes.difference && has(transcript, "reset") ? PASS : bytes;
  },
};

/** What arrived of the message. */
export function judgeBytes(transcript: Transcript): Finding {
  const length = measured(transcript, "body-bytes") ?? LONG_BYTES;
  const heard = last(transcript, "body-received");
  const returned = last(transcript, "body-sent")?.length ?? 0;
  const expected: Text = {
    en: `All ${plural(length, "byte")} of the message arrive, unchanged.`,
    id: `Semua ${length} byte pesan sampai tanpa perubahan.`,
  };
  if (heard?.difference) {
    const { at } = heard.difference;
    const different = { en: `Byte ${at} is different from the message.`, id: `Byte ke-${at} berbeda dari pesan.` };
    return fail(expected, different, heard.difference);
  }
  const received = heard?.length ?? 0;
  if (!heard) return fail(expected, join(NOTHING, describeStay(transcript)));
  // A client that leaves while its echo is under way reads too little; what it sent was right as far as it came.
  const leftEarly = transcript.some(({ type }) => type === "reset" || type === "exited") && returned < received;
  if (received >= length || leftEarly) return PASS;
  const short = { en: `Only ${plural(received, "byte")} arrived.`, id: `Hanya ${received} byte yang sampai.` };
  return fail(expected, join(short, describeStay(transcript)));
}

const NOTHING: Text = { en: "Nothing arrived.", id: "Tidak ada yang sampai." };

/** Bytes of a message that is long under this contract. */
export function lengthFor({ kind, bufferBytes }: Contract): number {
  return kind === "one-shot" ? Math.min(LONG_BYTES, bufferBytes) : LONG_BYTES;
}
