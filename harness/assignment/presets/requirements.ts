import { PAIRS, type Pair, PROGRAMS, type Program, type Requirement, withPairs } from "../assignment.ts";

/** What a handout asks of a server under the `stream` contract: 65 points. */
export const SERVER_REQUIREMENTS: readonly Requirement[] = [
  {
    id: "listens",
    points: 8,
    text: {
      en: "The server is a TCP server that listens at the agreed address and port.",
      id: "Server adalah server TCP yang mendengarkan (listen) di alamat dan port yang sudah disepakati.",
    },
  },
  {
    id: "echoes",
    points: 14,
    text: {
      en: "The server sends back exactly what it receives, adding and leaving out nothing, until the client has finished.",
      id: "Server mengirim kembali persis apa yang diterimanya, tanpa tambahan dan tanpa kekurangan, sampai klien selesai.",
    },
  },
  {
    id: "any-bytes",
    points: 8,
    text: {
      en: "A message may hold any bytes, not only text.",
      id: "Pesan boleh berisi byte apa pun, tidak hanya teks.",
    },
  },
  {
    id: "byte-stream",
    points: 10,
    text: {
      en: "TCP is a stream of bytes: the echo is complete however the message was cut, joined or sized on its way.",
      id: "TCP adalah aliran byte: balasan tetap lengkap bagaimanapun pesan terpotong, tergabung, atau berapa pun ukurannya.",
    },
  },
  {
    id: "clients",
    points: 10,
    text: {
      en: "The server serves many clients, and each gets its own echo only.",
      id: "Server melayani banyak klien, dan setiap klien hanya menerima balasannya sendiri.",
    },
  },
  {
    id: "endures",
    points: 6,
    text: {
      en: "The server goes on after a client that misbehaves: one that sends nothing, leaves early or resets its connection.",
      id: "Server tetap berjalan setelah ada klien yang bermasalah: tidak mengirim apa-apa, pergi lebih awal, atau memutus paksa (reset) koneksinya.",
    },
  },
  {
    id: "tidy",
    points: 4,
    text: {
      en: "The server closes what it no longer needs, and uses no processor time while nobody talks to it.",
      id: "Server menutup socket yang tidak dipakai lagi, dan tidak membebani prosesor selagi tidak ada yang berbicara dengannya.",
    },
  },
  {
    id: "stops",
    points: 5,
    text: {
      en: "The server ends cleanly on Ctrl-C and can be started again.",
      id: "Server berhenti dengan baik saat Ctrl-C ditekan dan dapat dijalankan kembali.",
    },
  },
];

/** What a handout asks of a client that shows the reply: 30 points. */
export const CLIENT_REQUIREMENTS: readonly Requirement[] = [
  {
    id: "client-connects",
    points: 6,
    text: {
      en: "The client connects to the server at the agreed address and port with TCP.",
      id: "Klien terhubung ke server di alamat dan port yang sudah disepakati dengan TCP.",
    },
  },
  {
    id: "client-sends",
    points: 6,
    text: {
      en: "The client sends its message as bytes, complete and unchanged.",
      id: "Klien mengirim pesannya sebagai byte, lengkap dan tanpa perubahan.",
    },
  },
  {
    id: "client-receives",
    points: 9,
    text: {
      en: "The client receives the whole reply and shows what it received.",
      id: "Klien menerima seluruh balasan dan menampilkan apa yang diterimanya.",
    },
  },
  {
    id: "client-endures",
    points: 4,
    text: {
      en: "The client says so when the server cannot be reached or leaves early, and does not hang.",
      id: "Klien memberi tahu jika server tidak dapat dihubungi atau memutus lebih awal, dan tidak menggantung (hang).",
    },
  },
  {
    id: "client-ends",
    points: 5,
    text: {
      en: "When the client has its reply, it closes its socket and ends by itself.",
      id: "Setelah menerima balasan, klien menutup socket-nya dan berhenti sendiri.",
    },
  },
];

/** What a handout asks of both programs together: 5 points. */
export const PAIR_REQUIREMENTS: readonly Requirement[] = [
  {
    id: "pair",
    points: 5,
    text: {
      en: "Your client works with your server, also several clients at once.",
      id: "Klien Anda bekerja dengan server Anda, juga jika ada beberapa klien sekaligus.",
    },
  },
];

/** What a handout asks of a UDP server: 65 points. */
export const UDP_SERVER_REQUIREMENTS: readonly Requirement[] = [
  {
    id: "udp-binds",
    points: 8,
    text: {
      en: "The UDP server waits for datagrams at the agreed address and port.",
      id: "Server UDP menunggu datagram di alamat dan port yang sudah disepakati.",
    },
  },
  {
    id: "udp-echoes",
    points: 20,
    text: {
      en: "The UDP server answers every datagram with one datagram that holds exactly the same bytes.",
      id: "Server UDP membalas setiap datagram dengan satu datagram yang berisi byte yang sama persis.",
    },
  },
  {
    id: "udp-any-bytes",
    points: 14,
    text: {
      en: "A datagram to the UDP server may hold any bytes, and as many as the assignment allows.",
      id: "Datagram ke server UDP boleh berisi byte apa pun, sebanyak yang diizinkan tugas.",
    },
  },
  {
    id: "udp-clients",
    points: 12,
    text: {
      en: "The UDP server answers whoever sent the datagram, however many clients there are.",
      id: "Server UDP membalas kepada pengirim datagram itu, berapa pun jumlah kliennya.",
    },
  },
  {
    id: "udp-endures",
    points: 6,
    text: {
      en: "The UDP server goes on after clients that leave early or send something odd.",
      id: "Server UDP tetap berjalan setelah ada klien yang pergi lebih awal atau mengirim data yang aneh.",
    },
  },
  {
    id: "udp-tidy",
    points: 5,
    text: {
      en: "The UDP server uses no processor time while nobody talks to it, and ends cleanly on Ctrl-C.",
      id: "Server UDP tidak membebani prosesor selagi tidak ada yang berbicara dengannya, dan berhenti dengan baik saat Ctrl-C ditekan.",
    },
  },
];

/** What a handout asks of a UDP client that shows the reply: 30 points. */
export const UDP_CLIENT_REQUIREMENTS: readonly Requirement[] = [
  {
    id: "udp-client-sends",
    points: 12,
    text: {
      en: "The UDP client sends its message as one datagram, complete and unchanged, to the agreed address and port.",
      id: "Klien UDP mengirim pesannya sebagai satu datagram, lengkap dan tanpa perubahan, ke alamat dan port yang sudah disepakati.",
    },
  },
  {
    id: "udp-client-receives",
    points: 9,
    text: {
      en: "The UDP client receives the reply and shows what it received.",
      id: "Klien UDP menerima balasan dan menampilkan apa yang diterimanya.",
    },
  },
  {
    id: "udp-client-endures",
    points: 4,
    text: {
      en: "The UDP client does not wait for ever when a datagram is lost.",
      id: "Klien UDP tidak menunggu selamanya jika ada datagram yang hilang.",
    },
  },
  {
    id: "udp-client-ends",
    points: 5,
    text: {
      en: "When the UDP client has its reply, it ends by itself.",
      id: "Setelah menerima balasan, klien UDP berhenti sendiri.",
    },
  },
];

/** What a handout asks of both UDP programs together: 5 points. */
export const UDP_PAIR_REQUIREMENTS: readonly Requirement[] = [
  {
    id: "udp-pair",
    points: 5,
    text: {
      en: "Your UDP client works with your UDP server, also several clients at once.",
      id: "Klien UDP Anda bekerja dengan server UDP Anda, juga jika ada beberapa klien sekaligus.",
    },
  },
];

const ABOUT: Readonly<Record<Program | Pair, readonly Requirement[]>> = {
  "tcp-server": SERVER_REQUIREMENTS,
  "tcp-client": CLIENT_REQUIREMENTS,
  pair: PAIR_REQUIREMENTS,
  "udp-server": UDP_SERVER_REQUIREMENTS,
  "udp-client": UDP_CLIENT_REQUIREMENTS,
  "udp-pair": UDP_PAIR_REQUIREMENTS,
};

/** Leaves out the requirements above that are about a program that is not asked for. */
export function onlyAbout(programs: readonly Program[], requirements: readonly Requirement[]): Requirement[] {
  const asked = withPairs(programs);
  const others = [...PROGRAMS, ...PAIRS].filter((one) => !asked.includes(one));
  const out = others.flatMap((one) => ABOUT[one].map(({ id }) => id));
  return requirements.filter(({ id }) => !out.includes(id));
}
