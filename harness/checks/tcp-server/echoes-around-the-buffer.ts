import type { Contract } from "../../assignment/assignment.ts";
import { always, MUST_ECHO, RFC862, type ServerCheck } from "../check.ts";
import { judgeEcho } from "../echo.ts";
import { PASS, peers } from "../reading.ts";

/** Around the sizes that people give to recv(). */
const SIZES = [1023, 1024, 1025, 4095, 4096, 4097, 65535, 65536, 65537];
/** The loopback segment: what one write is surely delivered as, and so what one receive surely finds (MTU 65536). */
const ONE_SEGMENT = 65_483;

function sizes(contract: Contract): number[] {
  return contract.kind === "stream" ? SIZES : SIZES.filter((size) => size <= contract.bufferBytes);
}

export const check: ServerCheck = {
  title: {
    en: "sends back messages of any size around usual buffer sizes",
    id: "mengirim balik pesan berukuran di sekitar ukuran buffer yang umum",
  },
  why: {
    en: "recv(1024) takes at most 1024 bytes; what is longer waits for the next recv(). Nothing may be lost.",
    id: "recv(1024) mengambil paling banyak 1024 byte; sisanya menunggu recv() berikutnya. Tidak boleh ada yang hilang.",
  },
  requirement: "byte-stream",
  cites: [RFC862, { source: "lecture", quote: "menerima data sebesar buffer yang ditentukan (65535)" }],
  level: always("must"),
  after: [...MUST_ECHO, "accepts-the-next-client"],
  async stimulate({ connect, conversation, payload, contract }) {
    for (const size of sizes(contract)) {
      const probe = await connect();
      probe.send(payload.nonce(size));
      await conversation.receive(probe, size);
      const complete = probe.received === size;
      probe.close();
      if (!complete && size < ONE_SEGMENT) return;
    }
  },
  judge(transcript, { kind }) {
    const enough = (sent: Buffer, received: Buffer): boolean =>
      kind === "one-shot" &&
      received.length >= Math.min(sent.length, ONE_SEGMENT) &&
      sent.subarray(0, received.length).equals(received);
    for (const peer of peers(transcript)) {
      const finding = judgeEcho(transcript, peer, enough);
      if (finding.outcome !== "pass") return finding;
    }
    return PASS;
  },
};
