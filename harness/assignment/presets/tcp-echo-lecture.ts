import type { AssignmentFile } from "../schema.ts";
import { tcpEcho } from "./tcp-echo.ts";

/** Where the lecture's programs differ from `tcp-echo`: one message a connection, and a client that prints nothing. */
const LECTURE_TEXTS: Readonly<Record<string, { readonly en: string; readonly id: string }>> = {
  echoes: {
    en: "The server receives a message, sends exactly the same bytes back and closes that connection.",
    id: "Server menerima satu pesan, mengirim kembali byte yang persis sama, lalu menutup koneksi itu.",
  },
  "byte-stream": {
    en: "A message of any size up to the buffer of 65535 bytes comes back complete.",
    id: "Pesan dengan ukuran berapa pun sampai sebesar buffer 65535 byte kembali dengan lengkap.",
  },
  clients: {
    en: "The server serves many clients, one after another, and each gets its own echo only.",
    id: "Server melayani banyak klien satu per satu, dan setiap klien hanya menerima balasannya sendiri.",
  },
  "client-receives": {
    en: "The client receives the reply.",
    id: "Klien menerima balasan.",
  },
};

/** The programs of the lecture: accept, receive once, send it back, close; everything hard-coded. */
export const tcpEchoLecture = {
  ...tcpEcho,
  name: "tcp-echo-lecture",
  title: { en: "TCP echo server and client of the lecture", id: "Server dan klien echo TCP dari kuliah" },
  contract: "one-shot",
  bufferBytes: 65535,
  client: { message: "fixed", printsReply: false },
  requirements: tcpEcho.requirements.map((one) => ({ ...one, text: LECTURE_TEXTS[one.id] ?? one.text })),
} satisfies AssignmentFile;
