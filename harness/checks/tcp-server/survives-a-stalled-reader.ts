import { BodyExchange, PATTERN_BYTES } from "../../wire/body.ts";
import { byContract, RFC862, type ServerCheck } from "../check.ts";
import { judgeBody, stopwatch, taste } from "../large-body.ts";

const MIB = 1 << 20;
/** More than the kernel's buffers hold on loopback (some 8 MiB): an ordinary server blocks before the end. */
const AT_MOST = 32 * MIB;
/** A program that would need half a minute for all of it is not stalled. */
const SLOW_MS_A_MIB = 30_000 / (AT_MOST / MIB);

export const check: ServerCheck = {
  title: {
    en: "loses nothing when the client reads late",
    id: "tidak kehilangan apa pun saat klien terlambat membaca",
  },
  why: {
    en: "When the client does not read, buffers fill up. A server may wait then, but must not drop bytes.",
    id: "Jika klien tidak membaca, buffer akan penuh. Server boleh menunggu, tetapi tidak boleh membuang byte.",
  },
  requirement: "byte-stream",
  cites: [
    RFC862,
    {
      source: "RFC 9293 section 3.8.6",
      quote: "The window sent in each segment indicates the range of sequence numbers the sender of the window",
    },
  ],
  level: byContract({ stream: "must" }),
  after: ["accepts-the-next-client", "keeps-the-connection"],
  turn: 1,
  async stimulate({ connect, conversation, payload }) {
    const probe = await connect();
    const body = new BodyExchange(conversation, probe, payload.bytes(PATTERN_BYTES));
    const echo = async (total: number): Promise<void> => {
      await body.send(total);
      await body.receive();
    };
    const { msAMib } = await taste(echo, stopwatch(conversation.subject), SLOW_MS_A_MIB);
    if (msAMib < SLOW_MS_A_MIB) {
      probe.stall();
      await body.fill(AT_MOST);
      probe.drain();
    }
    await body.receive();
    probe.halfClose();
    await conversation.allSaid();
    body.finish();
    probe.close();
  },
  judge: (transcript) => judgeBody(transcript, "A"),
};
