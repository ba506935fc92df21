import type { Contract } from "../../assignment/assignment.ts";
import { always, MUST_ECHO, RFC862, type ServerCheck } from "../check.ts";
import { judgeEcho } from "../echo.ts";
import { PASS, peers } from "../reading.ts";

/** Around the sizes that people give to recv(). */
const SIZES = [1023, 1024, 1025, 4095, 4096, 4097, 65535, 65536, 65537];
/** Multiples of all the usual sizes: who goes on receiving as long as the buffer is full finds it full to the end. */
const MULTIPLES = [50_000, 61_440];
/**
 * The loopback segment: what one write is surely delivered as, and so what one receive surely finds (MTU 65536). Of more, a
 * server that receives once may close before the rest arrives, and that RST takes its answer away.
 */
const ONE_SEGMENT = 65_483;

/** Of a server that takes a second for each piece the larger ones would take minutes. */
const SIZES_FOR_MS = 10_000;

function sizes(contract: Contract): number[] {
  if (contract.kind === "stream") return [...SIZES, ...MULTIPLES];
  const inOnePiece = new Set(SIZES.map((size) => Math.min(size, ONE_SEGMENT)));
  return [...inOnePiece].filter((size) => size <= contract.bufferBytes);
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
    const { subject } = conversation;
    const began = performance.now();
    for (const size of sizes(contract)) {
      const probe = await connect();
      // All of it lies there before the program reads, and a full buffer is no matter of luck.
      if (process.platform !== "win32") await subject.pause();
      probe.send(payload.nonce(size));
      if (process.platform !== "win32") subject.resume();
      await conversation.receive(probe, size);
      probe.close();
      if (probe.received < size || performance.now() - began > SIZES_FOR_MS) return;
    }
  },
  judge(transcript) {
    for (const peer of peers(transcript)) {
      const finding = judgeEcho(transcript, peer);
      if (finding.outcome !== "pass") return finding;
    }
    return PASS;
  },
};
