import type { Limit } from "../launch/subject.ts";
import type { Text } from "../text.ts";
import type { Transcript, TranscriptEvent } from "../wire/transcript.ts";
import {
  all,
  fail,
  firstDifference,
  has,
  hungUp,
  inconclusive,
  isAnotherOrder,
  join,
  last,
  lastWords,
  PASS,
  plural,
  receivedFrom,
  sentTo,
  show,
} from "./reading.ts";
import type { Finding } from "./verdict.ts";

/**
 * Judges that client `peer` got back exactly the bytes it sent, in whatever segments.
 *
 * @param accept other replies that are right here too
 */
export function judgeEcho(
  transcript: Transcript,
  peer: string,
  accept: (sent: Buffer, received: Buffer) => boolean = () => false,
): Finding {
  const notAchieved = judgeAchieved(transcript);
  if (notAchieved) return notAchieved;
  const sent = sentTo(transcript, peer);
  const received = receivedFrom(transcript, peer);
  const expected: Text = {
    en: `Client ${peer} sends ${show(sent)} (${plural(sent.length, "byte")}) and gets exactly these bytes back.`,
    id: `Klien ${peer} mengirim ${show(sent)} (${sent.length} byte) dan menerima kembali byte yang sama persis.`,
  };
  if (!has(transcript, "connected", peer)) return fail(served(peer), describeRefusal(transcript, peer));
  if (sent.equals(received) || accept(sent, received)) return PASS;
  if (sent.subarray(0, received.length).equals(received) && isSlow(transcript)) return inconclusive(expected, SLOW);
  return fail(
    expected,
    join(describeReply(sent, received), describeEnd(transcript, peer)),
    firstDifference(sent, received),
  );
}

/** It was still at it when Gema waited no longer. */
export function isSlow(transcript: Transcript): boolean {
  return last(transcript, "silent")?.goesOn ?? false;
}

export const SLOW: Text = {
  en: "What came was right, but so slow that it was not waited for to the end.",
  id: "Yang diterima benar, tetapi begitu lambat sehingga tidak ditunggu sampai selesai.",
};

function served(peer: string): Text {
  return {
    en: `Client ${peer} connects and gets back exactly the bytes it sends.`,
    id: `Klien ${peer} terhubung dan menerima kembali byte yang persis sama dengan yang dikirimnya.`,
  };
}

/** `inconclusive` when the stimulus could not be given, with the reason. */
export function judgeAchieved(transcript: Transcript): Finding | undefined {
  const why = last(transcript, "not-achieved")?.why;
  if (!why) return undefined;
  const reasons: Record<typeof why, Text> = {
    "segmentation-not-seen": {
      en: "The system did not confirm that the program read each piece by itself.",
      id: "Sistem tidak memastikan bahwa program membaca setiap potongan sendiri-sendiri.",
    },
    "not-delivered": {
      en: "The bytes could not be handed over to the program's socket.",
      id: "Byte tidak dapat diserahkan ke socket program.",
    },
    "needs-linux": { en: "This can only be tried on Linux.", id: "Ini hanya dapat dicoba di Linux." },
    "port-not-free": { en: "The port could not be used for this test.", id: "Port tidak dapat dipakai untuk uji ini." },
  };
  return inconclusive(
    { en: "The situation could be brought about.", id: "Situasi uji dapat diciptakan." },
    reasons[why],
  );
}

export function describeRefusal(transcript: Transcript, peer: string): Text {
  const code = last(transcript, "not-connected", peer)?.code;
  const refusal: Text =
    code === "ECONNREFUSED"
      ? {
          en: `Client ${peer} could not connect: nobody listens on the port any more (ECONNREFUSED).`,
          id: `Klien ${peer} tidak bisa terhubung: tidak ada lagi yang listen di port itu (ECONNREFUSED).`,
        }
      : {
          en: `Client ${peer} could not connect (${code ?? "no answer"}).`,
          id: `Klien ${peer} tidak bisa terhubung (${code ?? "tidak ada jawaban"}).`,
        };
  return join(refusal, describeExit(transcript));
}

/** Whoever is answered sooner did not wait for a time limit to end another client's connection. */
const WAITED_MS = 100;

/** Client `waiting` was answered only when the program had ended the connection of `other`, which had not finished. */
export function isAnsweredAfterEndOf(transcript: Transcript, other: string, waiting: string): boolean {
  const at = (type: TranscriptEvent["type"], name: string): number =>
    transcript.findIndex((event) => event.type === type && "peer" in event && event.peer === name);
  const [asked, over, answered] = [at("sent", waiting), at("ended", other), at("received", waiting)];
  const waitedMs = (transcript[answered]?.atMs ?? 0) - (transcript[asked]?.atMs ?? 0);
  return hungUp(transcript, other) && asked >= 0 && asked < over && over < answered && waitedMs > WAITED_MS;
}

export function describeReply(sent: Buffer, received: Buffer): Text {
  if (received.length === 0) return { en: "Nothing came back.", id: "Tidak ada yang kembali." };
  if (sent.subarray(0, received.length).equals(received)) {
    return {
      en: `Only the first ${received.length.toLocaleString("en-US")} of ${plural(sent.length, "byte")} came back: ${show(received)}.`,
      id: `Hanya ${received.length} byte pertama dari ${sent.length} byte yang kembali: ${show(received)}.`,
    };
  }
  if (isAnotherOrder(sent, received)) {
    return {
      en: `All bytes came back, but in another order: ${show(received)} (${plural(received.length, "byte")}).`,
      id: `Semua byte kembali, tetapi urutannya lain: ${show(received)} (${received.length} byte).`,
    };
  }
  return {
    en: `What came back is different: ${show(received)} (${plural(received.length, "byte")}).`,
    id: `Yang kembali berbeda: ${show(received)} (${received.length} byte).`,
  };
}

/** How the connection, or the waiting, came to its end. */
export function describeEnd(transcript: Transcript, peer: string): Text | undefined {
  if (has(transcript, "exited")) return describeExit(transcript);
  if (has(transcript, "unreachable", peer)) {
    return {
      en: "No socket waits at that address any more (ICMP port unreachable).",
      id: "Tidak ada lagi socket yang menunggu di alamat itu (ICMP port unreachable).",
    };
  }
  if (has(transcript, "reset", peer)) return { en: "The connection was reset (RST).", id: "Koneksi di-reset (RST)." };
  if (has(transcript, "ended", peer))
    return { en: "Then the program closed the connection.", id: "Lalu program menutup koneksi." };
  const silence = all(transcript, "silent").at(-1);
  if (!silence) return undefined;
  if (!silence.proved) {
    return {
      en: `Nothing more came within ${(silence.afterMs / 1000).toFixed(1)} s.`,
      id: `Tidak ada lagi yang datang dalam ${(silence.afterMs / 1000).toFixed(1)} detik.`,
    };
  }
  const mine = silence.connections.find((connection) => connection.peer === peer);
  if (mine && !mine.accepted) {
    return {
      en: "The program has not accepted this connection, and is waiting for something else.",
      id: "Program belum melakukan accept untuk koneksi ini, dan sedang menunggu hal lain.",
    };
  }
  if (mine && mine.unread > 0) {
    return {
      en: `${plural(mine.unread, "byte lies", "bytes lie")} unread in its socket: the program waits and does not receive.`,
      id: `${mine.unread} byte belum dibaca di socket-nya: program menunggu dan tidak melakukan receive.`,
    };
  }
  return {
    en: "The program has read everything and now waits for more.",
    id: "Program sudah membaca semuanya dan kini menunggu data berikutnya.",
  };
}

const ENDED_FOR: Readonly<Record<Limit, Text>> = {
  memory: {
    en: "Gema ended the program: it used more memory than any echo program needs.",
    id: "Gema menghentikan program: memori yang dipakai jauh melebihi kebutuhan program echo.",
  },
  output: {
    en: "Gema ended the program: what it printed had no end.",
    id: "Gema menghentikan program: yang dicetaknya tidak ada habisnya.",
  },
};

export function describeExit(transcript: Transcript): Text | undefined {
  const exit = last(transcript, "exited")?.exit;
  if (!exit) return undefined;
  if (exit.limit) return ENDED_FOR[exit.limit];
  const words = lastWords(transcript);
  const how = exit.signal ?? `exit code ${exit.code}`;
  return {
    en: `The program ended (${how})${words === "" ? "." : `; its last words: ${words}`}`,
    id: `Program berhenti (${how})${words === "" ? "." : `; kata-kata terakhirnya: ${words}`}`,
  };
}

/** Judges that client `peer` got every answer, and that the connection lasted for all that it had to say. */
export function judgeTalk(transcript: Transcript, peer: string, sends: number): Finding {
  const echo = judgeEcho(transcript, peer);
  const said = all(transcript, "sent", peer).length;
  if (echo.outcome !== "pass" || said >= sends) return echo;
  const expected: Text = {
    en: `Client ${peer} sends ${sends} times on one connection and is answered each time.`,
    id: `Klien ${peer} mengirim ${sends} kali dalam satu koneksi dan setiap kali dijawab.`,
  };
  const observed: Text = {
    en: `After ${said} of ${sends} the connection was over.`,
    id: `Setelah ${said} dari ${sends} koneksi sudah berakhir.`,
  };
  return fail(expected, join(observed, describeEnd(transcript, peer)));
}

/** Judges that the server ended this connection, after our FIN and its whole echo. */
export function judgeClosed(transcript: Transcript, peer: string): Finding {
  if (has(transcript, "ended", peer) || has(transcript, "reset", peer)) return PASS;
  return fail(
    {
      en: "When the client has finished, the server closes the connection too.",
      id: "Ketika klien selesai, server juga menutup koneksi.",
    },
    join(
      {
        en: "All bytes came back, but the server keeps the connection open.",
        id: "Semua byte kembali, tetapi server membiarkan koneksi terbuka.",
      },
      describeEnd(transcript, peer),
    ),
  );
}

/** Judges several connections; the first that is wrong decides. */
export function judgeEchoes(transcript: Transcript, names: readonly string[]): Finding {
  for (const peer of names) {
    const finding = judgeEcho(transcript, peer);
    if (finding.outcome !== "pass") return finding;
  }
  return PASS;
}

/** Of a client that came after another one: when it was not served, what was before says more than its own bytes. */
export function judgeNext(finding: Finding, transcript: Transcript, before: Text): Finding {
  if (finding.outcome === "pass") return finding;
  return { ...finding, observed: join(before, describeExit(transcript) ?? finding.observed) };
}
