import { formatAddress } from "../../kernel/address.ts";
import type { Text } from "../../text.ts";
import type { Transcript } from "../../wire/transcript.ts";
import { always, type ClientCheck } from "../check.ts";
import { describeKnocks, describeStay, exitOf } from "../client-reading.ts";
import { talk } from "../client-talk.ts";
import { all, before, fail, has, join, last, lastWords, PASS, printed } from "../reading.ts";

export const check: ClientCheck = {
  title: { en: "connects to the agreed address", id: "terhubung ke alamat yang disepakati" },
  why: {
    en: "connect() needs the server's address and port, and a TCP socket. With any other the client talks to nobody, or to somebody else.",
    id: "connect() memerlukan alamat dan port milik server, serta socket TCP. Dengan yang lain, klien berbicara dengan yang salah atau tidak dengan siapa pun.",
  },
  requirement: "client-connects",
  cites: [{ source: "lecture", quote: "Koneksi ke server dengan alamat IP dan port yang sudah disepakati" }],
  level: always("must"),
  stimulate: talk,
  judge(transcript) {
    const expected: Text = {
      en: "One TCP connection arrives where the server listens, and another one only after its answer.",
      id: "Satu koneksi TCP tiba di tempat server melakukan listen, dan koneksi lain hanya sesudah koneksi itu dijawab.",
    };
    const connected = all(transcript, "connected").filter(({ protocol }) => protocol !== "udp");
    if (connected.length === 0) {
      if (has(transcript, "connected")) return fail(expected, UDP);
      const maybe = triedElsewhere(transcript) ? ELSEWHERE : undefined;
      const elsewhere = describeKnocks(transcript) ?? maybe;
      return fail(expected, join(nobodyCame(transcript), elsewhere, describeStay(transcript)));
    }
    // A connection that carries nothing may be a look whether the server is up.
    const talking = connected.flatMap(({ peer }) => (has(transcript, "received", peer) ? peer : []));
    if (oneAfterAnother(transcript, talking)) return PASS;
    return fail(
      expected,
      join(
        {
          en: `${connected.length} connections arrived, and ${talking.length} of them brought a message, before one of these was answered.`,
          id: `${connected.length} koneksi tiba, dan ${talking.length} di antaranya membawa pesan, sebelum salah satunya dijawab.`,
        },
        ONE_CLIENT,
      ),
    );
  },
};

/** Each was made once the one before had its answer: a connection for every message. */
function oneAfterAnother(transcript: Transcript, names: readonly string[]): boolean {
  return names.every((name, nth) => {
    const earlier = before(transcript, "connected", name);
    return names.slice(0, nth).every((one) => has(earlier, "sent", one));
  });
}

function nobodyCame(transcript: Transcript): Text {
  const asked = last(transcript, "asked")?.address;
  const where: Text = asked
    ? { en: ` at ${formatAddress(asked)}`, id: ` di ${formatAddress(asked)}` }
    : { en: "", id: "" };
  return { en: `No TCP connection arrived${where.en}.`, id: `Tidak ada koneksi TCP yang tiba${where.id}.` };
}

/** A program that failed before it came to connect is told its own last words only. */
function triedElsewhere(transcript: Transcript): boolean {
  if (has(transcript, "not-started")) return false;
  const failed = (exitOf(transcript)?.code ?? 0) !== 0 && lastWords(transcript) !== "";
  return !failed || /refuse|econn|unreach|time|errno/i.test(printed(transcript, "stderr"));
}

const ONE_CLIENT: Text = {
  en: "This program is to be one client; whoever wants several at once starts it several times.",
  id: "Program ini seharusnya satu klien saja; untuk beberapa klien sekaligus, jalankan programnya beberapa kali.",
};

const ELSEWHERE: Text = {
  en: "It may have used another address or port.",
  id: "Mungkin alamat atau port-nya lain.",
};

const UDP: Text = {
  en: "A UDP datagram (SOCK_DGRAM) arrived instead. TCP and UDP have separate ports, even with the same number.",
  id: "Yang tiba adalah datagram UDP (SOCK_DGRAM). TCP dan UDP memiliki port yang terpisah, walaupun nomornya sama.",
};
