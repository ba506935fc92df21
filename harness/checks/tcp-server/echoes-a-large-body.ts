import { ranCpuMs, residentBytes } from "../../kernel/processes.ts";
import { BodyExchange, PATTERN_BYTES } from "../../wire/body.ts";
import { byContract, RFC862, type ServerCheck } from "../check.ts";
import { judgeBody, stopwatch, taste } from "../large-body.ts";

const MIB = 1 << 20;
const BODY = 16 * MIB;
/** A program that takes longer than this for a MiB is steady but slow: a pause after each piece. */
const SLOW_MS_A_MIB = 2_000;
/** One byte at a time costs Python 900 ms of processor time a MiB, 16 bytes at a time 50 ms. */
const SLOW_CPU_MS_A_MIB = 400;
/** Growth that could still be ordinary buffers and garbage of a body of 16 MiB. */
const SUSPICIOUS_GROWTH = 8 * MIB;
/** Long enough that garbage not yet collected (Node: some 64 MiB) is told from a program that keeps everything. */
const LONG_BODY = 160 * MIB;

export const check: ServerCheck = {
  title: { en: "sends back a large body of data", id: "mengirim balik data yang besar" },
  why: {
    en: "Large data arrives in many pieces while the answer is already going out. Nothing may be lost or swapped.",
    id: "Data besar datang dalam banyak potongan sementara jawaban sudah mulai dikirim. Tidak boleh ada yang hilang atau tertukar.",
  },
  requirement: "byte-stream",
  cites: [RFC862],
  level: byContract({ stream: "must" }),
  after: ["survives-a-stalled-reader"],
  // After the quick checks: for some seconds after a large body V8 keeps a timer, and its silence cannot be proved.
  turn: 1,
  async stimulate({ connect, conversation, payload }) {
    const { recorder, subject } = conversation;
    const probe = await connect();
    const body = new BodyExchange(conversation, probe, payload.bytes(PATTERN_BYTES));
    const ran = (): number => ranCpuMs(subject.processes());
    const resident = (): number => residentBytes(subject.processes());
    const [elapsed, ranBefore] = [stopwatch(subject), ran()];
    const step = async (total: number): Promise<boolean> =>
      (await body.send(total)) === "met" && (await body.receive()) === "met" && !probe.over;

    const outputBefore = recorder.outputLength;
    let going = true;
    const echo = async (total: number): Promise<void> => {
      going &&= await step(total);
    };
    const { bytes, msAMib } = await taste(echo, elapsed, SLOW_MS_A_MIB);
    const printsAll = recorder.outputLength - outputBefore > bytes / 4;
    const cpuMsAMib = (ran() - ranBefore) * (MIB / bytes);
    const slow = msAMib > SLOW_MS_A_MIB || cpuMsAMib > SLOW_CPU_MS_A_MIB;
    if (!slow) going &&= await step(MIB);
    const before = resident();
    let peak = before;
    if (!slow) {
      for (let total = 4 * MIB; going && total <= BODY; total += 4 * MIB) {
        going = await step(total);
        peak = Math.max(peak, resident());
      }
      const keepsMuch = (total: number): boolean => peak - before > Math.max(SUSPICIOUS_GROWTH, total / 2);
      // What is to be printed lies in memory, too, until somebody has read it.
      for (let total = BODY; going && !printsAll && keepsMuch(total) && total < LONG_BODY; ) {
        total += 16 * MIB;
        going = await step(total);
        peak = Math.max(peak, resident());
      }
    }
    probe.halfClose();
    if (going) await conversation.allSaid();
    body.finish();
    recorder.add({ type: "measured", what: "resident-before-bytes", value: before });
    recorder.add({ type: "measured", what: "resident-peak-bytes", value: peak });
    probe.close();
  },
  judge: (transcript) => judgeBody(transcript, "A"),
};
