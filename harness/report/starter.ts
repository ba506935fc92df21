import { type Contract, protocolOf, roleOf } from "../assignment/assignment.ts";
import type { Language, Text } from "../text.ts";
import type { ToWrite } from "./handout.ts";

/** The file a student begins with: comments that say what belongs there, in which order, and no code. */
export function starter({ program, file }: ToWrite, contract: Contract, language: Language): string {
  const steps = STEPS[protocolOf(program)][roleOf(program)](contract);
  const lines = [
    INTRODUCTION[language],
    "",
    ...steps.map((step, at) => `${at + 1}. ${step[language]}`),
    "",
    CHECK_IT[language],
  ];
  const mark = file.endsWith(".py") ? "#" : "//";
  return `${lines.map((line) => `${mark} ${line}`.trimEnd()).join("\n")}\n`;
}

function tcpServerSteps({ kind }: Contract): Text[] {
  return [
    {
      en: "Make a TCP socket, bind it to its address, and listen.",
      id: "Buat socket TCP, pasang (bind) ke alamatnya, lalu listen.",
    },
    { en: "Accept a client.", id: "Terima (accept) sebuah klien." },
    kind === "one-shot"
      ? {
          en: "Receive one message, send it back, close the connection.",
          id: "Terima satu pesan, kirim kembali, tutup koneksinya.",
        }
      : {
          en: "Receive and send back, until the client has finished. Close the connection.",
          id: "Terima dan kirim kembali, sampai klien selesai. Tutup koneksinya.",
        },
    { en: "Go on with the next client, until Ctrl-C.", id: "Lanjutkan dengan klien berikutnya, sampai Ctrl-C." },
  ];
}

function tcpClientSteps({ client }: Contract): Text[] {
  return [
    { en: "Make a TCP socket and connect to the server.", id: "Buat socket TCP dan hubungkan (connect) ke server." },
    { en: "Send the message as bytes.", id: "Kirim pesan sebagai byte." },
    {
      en: "Receive until the whole reply is there: it may come in pieces.",
      id: "Terima sampai seluruh balasan lengkap: balasan bisa datang terpotong-potong.",
    },
    ...(client.printsReply ? [SHOW] : []),
    CLOSE,
  ];
}

function udpServerSteps(): Text[] {
  return [
    {
      en: "Make a UDP socket and bind it to its address.",
      id: "Buat socket UDP dan pasang (bind) ke alamatnya.",
    },
    {
      en: "Receive a datagram, and the address that it came from.",
      id: "Terima sebuah datagram beserta alamat asalnya.",
    },
    { en: "Send the same bytes to that address.", id: "Kirim byte yang sama ke alamat itu." },
    { en: "Go on with the next datagram, until Ctrl-C.", id: "Lanjutkan dengan datagram berikutnya, sampai Ctrl-C." },
  ];
}

function udpClientSteps({ client }: Contract): Text[] {
  return [
    { en: "Make a UDP socket.", id: "Buat socket UDP." },
    { en: "Send the message to the server, as bytes.", id: "Kirim pesan ke server, sebagai byte." },
    { en: "Receive the reply.", id: "Terima balasannya." },
    ...(client.printsReply ? [SHOW] : []),
    CLOSE,
  ];
}

const SHOW: Text = { en: "Show what you received.", id: "Tampilkan apa yang diterima." };
const CLOSE: Text = { en: "Close the socket.", id: "Tutup socket-nya." };

const STEPS = {
  tcp: { server: tcpServerSteps, client: tcpClientSteps },
  udp: { server: udpServerSteps, client: udpClientSteps },
};

const INTRODUCTION: Text = {
  en: "Write your program here. README.md says what it has to do.",
  id: "Tulis program Anda di sini. README.md menjelaskan apa yang harus dikerjakan.",
};
const CHECK_IT: Text = { en: "Check it with: gema check", id: "Periksa dengan: gema check --lang id" };
