import type { DatagramProbe } from "../../wire/datagram-probe.ts";
import type { Transcript } from "../../wire/transcript.ts";
import { always, RFC862_UDP, type ServerCheck } from "../check.ts";
import { ask, judgeAll, whileStopped } from "../datagram-echo.ts";
import { peers } from "../reading.ts";

const CLIENTS = 10;
/** Bytes from the first client; each of the next says less, so that what was left of an earlier one would show. */
const LONGEST = 20;

export const check: ServerCheck = {
  title: { en: "answers the client that asked", id: "membalas klien yang bertanya" },
  why: {
    en: "One UDP socket hears all clients. Each datagram brings the address of its sender, and the reply goes there: not to an address from before.",
    id: "Satu socket UDP mendengar semua klien. Setiap datagram membawa alamat pengirimnya, dan balasan dikirim ke sana: bukan ke alamat yang disimpan sebelumnya.",
  },
  requirement: "udp-clients",
  cites: [
    RFC862_UDP,
    { source: "recvfrom(2)", quote: "that source address is placed in the buffer pointed to by src_addr" },
  ],
  level: always("must"),
  after: ["echoes-a-datagram"],
  async stimulate({ open, conversation, payload }) {
    const one = (): Buffer[] => [payload.nonce(8)];
    const inTurn: DatagramProbe[] = [];
    while (inTurn.length < CLIENTS) inTurn.push(await open());
    for (const [earlier, client] of inTurn.entries()) {
      if (!(await ask(conversation, client, () => [payload.nonce(LONGEST - earlier)]))) return;
    }
    const together = [await open(), await open()];
    await whileStopped(conversation, () => {
      for (const client of together) client.send(payload.nonce(8));
    });
    await conversation.until(() => together.every(({ received, over }) => received.length > 0 || over));
    for (const client of together) if (client.received.length === 0) await ask(conversation, client, one);
    await conversation.allSaid(); // what belongs to another client may still follow
  },
  judge: (transcript) => judgeAll(withoutRepeats(transcript), peers(transcript)),
};

/** No two datagrams are alike here. That one comes back once more, sooner or later, is for `echoes-a-datagram`. */
function withoutRepeats(transcript: Transcript): Transcript {
  const seen = new Set<string>();
  return transcript.filter((event) => {
    if (event.type !== "received") return true;
    const one = `${event.peer} ${Buffer.from(event.bytes).toString("hex")}`;
    return !seen.has(one) && seen.add(one);
  });
}
