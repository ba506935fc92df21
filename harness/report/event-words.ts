import type { Language, Text } from "../text.ts";
import type { EventOf, Measure, NotAchieved, NotListening, TranscriptEvent } from "../wire/transcript.ts";
import { harmless } from "./harmless.ts";
import { cut } from "./style.ts";

/** Events that are no arrow between the two ends: what the program did by itself, and what the kernel said of it. */
export type LoneEvent = Exclude<TranscriptEvent, { readonly peer: string }>;
export type ArrowEvent = Exclude<TranscriptEvent, LoneEvent | EventOf<"read-by-subject">>;

/** Columns; an argument or a line of output may hold a mebibyte. */
const LONGEST = 240;

/** An event without an arrow, in words; harmless, on one line, long words cut. */
export function eventWords(event: LoneEvent, language: Language): string {
  return cut(
    harmless(
      textOf(event)
        [language].slice(0, LONGEST + 1)
        .trimEnd(),
    ),
    LONGEST,
  );
}

function startLine({ command, env = {} }: EventOf<"started">): string {
  return [...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...command].join(" ");
}

function textOf(event: LoneEvent): Text {
  switch (event.type) {
    case "started":
      return { en: `starts: ${startLine(event)}`, id: `mulai: ${startLine(event)}` };
    case "asked":
      return {
        en: `is to use ${event.address.host}:${event.address.port}`,
        id: `diminta memakai ${event.address.host}:${event.address.port}`,
      };
    case "not-started":
      return event.problem;
    case "listening": {
      const where = event.sockets.map(({ host, port, protocol }) => `${host}:${port}/${protocol}`).join(", ");
      return { en: `listens on ${where}`, id: `mendengarkan di ${where}` };
    }
    case "not-listening":
      return withBlocked(NOT_LISTENING[event.why], event.blocked);
    case "silent":
      return silent(event);
    case "signalled":
      return { en: `gets ${event.signal}`, id: `menerima ${event.signal}` };
    case "input-ended":
      return { en: "its input ends (Ctrl-D)", id: "masukannya berakhir (Ctrl-D)" };
    case "typed":
      return { en: `is typed: ${event.text}`, id: `diketikkan: ${event.text}` };
    case "stdout":
      return { en: `prints: ${firstLine(event.text)}`, id: `mencetak: ${firstLine(event.text)}` };
    case "stderr":
      return { en: `stderr: ${firstLine(event.text)}`, id: `stderr: ${firstLine(event.text)}` };
    case "exited":
      return exited(event);
    case "measured":
      return MEASURED[event.what](event.value);
    case "not-achieved":
      return NOT_ACHIEVED[event.why];
  }
}

/** The rest is in the program's last words. */
function firstLine(text: string): string {
  const [first = "", ...more] = text.trim().split("\n");
  return more.length > 0 ? `${first} ...` : first;
}

function silent({ proved, goesOn, afterMs, blocked, connections }: EventOf<"silent">): Text {
  const ms = Math.round(afterMs);
  const slow: Text = { en: `still going on after ${ms} ms`, id: `masih berlangsung setelah ${ms} ms` };
  const late: Text = { en: `silent: nothing came for ${ms} ms`, id: `sunyi: ${ms} ms tanpa apa-apa` };
  const base: Text = proved
    ? { en: "silent (proved): nothing more will come", id: "sunyi (terbukti): tidak akan ada lagi yang datang" }
    : goesOn
      ? slow
      : late;
  const waits = withBlocked(base, blocked);
  const unread = connections.filter((connection) => connection.unread > 0);
  const not = connections.filter((connection) => !connection.accepted);
  return {
    en:
      waits.en +
      unread.map(({ peer, unread }) => `; ${unread} bytes from ${peer} not read`).join("") +
      not.map(({ peer }) => `; ${peer} not accepted`).join(""),
    id:
      waits.id +
      unread.map(({ peer, unread }) => `; ${unread} byte dari ${peer} belum dibaca`).join("") +
      not.map(({ peer }) => `; ${peer} belum di-accept`).join(""),
  };
}

function withBlocked(text: Text, blocked: EventOf<"silent">["blocked"]): Text {
  const calls = [...new Set(blocked.map(({ call }) => call))].join(", ");
  if (calls === "") return text;
  return { en: `${text.en}; the program waits in ${calls}`, id: `${text.id}; program menunggu di ${calls}` };
}

function exited({ exit }: EventOf<"exited">): Text {
  if (exit.limit)
    return { en: `ended by Gema: too much ${exit.limit}`, id: `dihentikan Gema: terlalu banyak ${exit.limit}` };
  if (exit.signal !== null) return { en: `ended by ${exit.signal}`, id: `dihentikan oleh ${exit.signal}` };
  return { en: `exits with code ${exit.code}`, id: `selesai dengan kode ${exit.code}` };
}

const MEASURED: Readonly<Record<Measure, (value: number) => Text>> = {
  "cpu-busiest-share": (share) => ({
    en: `wants ${percent(share)} of a processor while nobody talks to it`,
    id: `meminta ${percent(share)} prosesor saat tidak ada yang mengirim apa pun`,
  }),
  "idle-output-characters": (count) => ({
    en: `prints ${count} characters while nobody talks to it`,
    id: `mencetak ${count} karakter saat tidak ada yang mengirim apa pun`,
  }),
  "open-sockets-before": (count) => ({
    en: `sockets open before the clients come: ${count}`,
    id: `socket terbuka sebelum klien datang: ${count}`,
  }),
  "open-sockets-after": (count) => ({
    en: `sockets open after the clients have left: ${count}`,
    id: `socket terbuka setelah klien pergi: ${count}`,
  }),
  "conversations-held": (count) => ({
    en: `conversations held before: ${count}`,
    id: `percakapan yang dilakukan sebelumnya: ${count}`,
  }),
  "contacts-made": (count) => ({
    en: `connections or datagrams while the clients ran: ${count}`,
    id: `koneksi atau datagram selama klien berjalan: ${count}`,
  }),
  "resident-before-bytes": (size) => ({
    en: `memory before: ${mebibytes(size)}`,
    id: `memori sebelum: ${mebibytes(size)}`,
  }),
  "resident-peak-bytes": (size) => ({
    en: `memory at its most: ${mebibytes(size)}`,
    id: `memori paling banyak: ${mebibytes(size)}`,
  }),
  "body-bytes": (size) => ({ en: `is to get ${size} bytes`, id: `akan menerima ${size} byte` }),
  "stopped-in-send": (seen) =>
    seen === 0
      ? { en: "was not seen waiting in send", id: "tidak terlihat menunggu di send" }
      : { en: "was stopped in its send and continued", id: "dihentikan di tengah send lalu dilanjutkan" },
  "catches-interrupt": (catches) =>
    catches === 0
      ? { en: "does not catch SIGINT", id: "tidak menangkap SIGINT" }
      : { en: "catches SIGINT", id: "menangkap SIGINT" },
  "bytes-before-echo": (size) => ({
    en: `had sent ${size} bytes before any echo`,
    id: `sudah mengirim ${size} byte sebelum ada echo`,
  }),
  "left-in-order": (inOrder) =>
    inOrder === 0
      ? { en: "its connection ended by RST", id: "koneksinya berakhir dengan RST" }
      : { en: "its connection ended in order", id: "koneksinya berakhir dengan tertib" },
  "datagrams-astray": (count) => ({
    en: `datagrams to ports where nobody waits: ${count}`,
    id: `datagram ke port yang tidak ditunggu siapa pun: ${count}`,
  }),
  "knocks-in-vain": (count) => ({
    en: `attempts to reach an address where nobody listens: ${count}`,
    id: `percobaan ke alamat yang tidak ada servernya: ${count}`,
  }),
};

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

const NOT_LISTENING: Readonly<Record<NotListening, Text>> = {
  exited: { en: "ended before it listened", id: "selesai sebelum mendengarkan" },
  blocked: { en: "will never listen (proved)", id: "tidak akan pernah mendengarkan (terbukti)" },
  deadline: { en: "did not listen in time", id: "tidak mendengarkan pada waktunya" },
};

const NOT_ACHIEVED: Readonly<Record<NotAchieved, Text>> = {
  "segmentation-not-seen": {
    en: "could not make sure that each piece was read on its own",
    id: "tidak bisa dipastikan bahwa tiap potong dibaca sendiri-sendiri",
  },
  "not-delivered": { en: "could not deliver what was to be sent", id: "yang harus dikirim tidak bisa disampaikan" },
  "needs-linux": { en: "this can only be tried on Linux", id: "ini hanya bisa dicoba di Linux" },
  "port-not-free": { en: "the port was not free", id: "port sedang dipakai" },
};
