import { before, last } from "../../checks/reading.ts";
import type { Transcript } from "../../wire/transcript.ts";
import { type Exchange, exchanges, type Turn } from "../exchange.ts";
import type { Diagnosis, Mistake, Symptoms } from "../mistake.ts";
import { holdsWordsOf } from "../reply.ts";
import { exitedWithZero, unansweredAtItsEnd } from "../signs/process.ts";
import { anyExchange, anyOf, both, not, type Sign } from "../signs/sign.ts";
import { complains } from "../signs/words.ts";
import { fails, passes, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "udp-server"],
  title: { en: "Certain words end the connection", id: "Kata tertentu memutus koneksi" },
  explanation: {
    en: "The program looks into the message and hangs up, or ends, when it finds a word such as exit, quit or the letter q. For an echo server these are bytes like any others. The client says that it has finished by closing its connection; recv() then returns b''.",
    id: "Program memeriksa isi pesan dan memutus koneksi, atau berhenti, ketika menemukan kata seperti exit, quit, atau huruf q. Bagi server echo itu hanya byte seperti yang lain. Klien menyatakan selesai dengan menutup koneksinya; saat itu recv() mengembalikan b''.",
  },
  lookUp: {
    en: "close() on the lecture's slides: that is how a conversation ends; the man page recv(2), return value 0; Node net docs, the 'end' event; RFC 862.",
    id: "close() pada slide kuliah: begitulah percakapan berakhir; halaman manual recv(2), nilai kembali 0; dokumentasi net Node, event 'end'; RFC 862.",
  },
  wrong: {
    python: `data = client_sock.recv(65535)
if data == b"quit":
    client_sock.close()`,
    typescript: `socket.on("data", (data) => {
  if (data.toString() === "quit") socket.end();
  else socket.write(data);
});`,
  },
  repair: {
    python: `while True:
    data = client_sock.recv(65535)
    if not data:              # the only way a client says goodbye
        break
    client_sock.sendall(data)`,
    typescript: `socket.on("data", (data) => socket.write(data)); // whatever it says
// the only way a client says goodbye
socket.on("end", () => socket.end());`,
  },
  inUdp: {
    title: {
      en: "Certain words stop the server",
      id: "Kata tertentu menghentikan server",
    },
    explanation: {
      en: "The program looks into the datagram and ends, or does not answer, when it finds a word such as exit, quit or the letter q. For an echo server these are bytes like any others, and one client must not be able to stop what serves all. A UDP client that has finished simply sends no more.",
      id: "Program memeriksa isi datagram dan berhenti, atau tidak membalas, ketika menemukan kata seperti exit, quit, atau huruf q. Bagi server echo itu hanya byte seperti yang lain, dan satu klien tidak boleh bisa menghentikan server milik semua klien. Klien UDP yang selesai cukup tidak mengirim lagi.",
    },
    lookUp: {
      en: `recvfrom() and sendto() in the Python socket docs, and "UDP → SOCK_DGRAM" on the lecture's slides; Node docs, dgram, socket.send and the event 'message'; RFC 862: "the data from it is sent back in an answering datagram".`,
      id: `recvfrom() dan sendto() pada dokumentasi socket Python, dan "UDP → SOCK_DGRAM" pada slide kuliah; dokumentasi dgram Node, socket.send dan event 'message'; RFC 862: "the data from it is sent back in an answering datagram".`,
    },
    wrong: {
      python: `data, address = s.recvfrom(65535)
if data == b"quit":
    break
s.sendto(data, address)`,
      typescript: `server.on("message", (data, client) => {
  if (data.toString() === "quit") server.close();
  else server.send(data, client.port, client.address);
});`,
    },
    repair: {
      python: `data, address = s.recvfrom(65535)
s.sendto(data, address)       # whatever it says`,
      typescript: `server.on("message", (data, client) => {
  // whatever it says
  server.send(data, client.port, client.address);
});`,
    },
  },
  diagnose(symptoms) {
    if (symptoms.program === "udp-server") return ofDatagrams(symptoms);
    if (passes(symptoms, "echoes-a-quit-word")) return undefined;
    // Ordinary words end a connection, too.
    if (fails(symptoms, "accepts-the-next-client")) return undefined;
    // It may leave the loop and forget to close: any other message would have been answered.
    const answersOthers = passes(symptoms, "keeps-the-connection");
    const parts = ({ hungUp }: Exchange, transcript: Transcript) => hungUp || exitedWithZero(transcript);
    const calmly = anyOf(not(complains(/Error/)), writesAfterItsEnd);
    const unanswered = anyExchange((exchange, transcript) => {
      const turn = exchange.turns.at(-1);
      return isWord(turn) && turn?.received.length === 0 && (answersOthers || parts(exchange, transcript));
    });
    // It says goodbye before it goes: what follows the word is not answered, as it is elsewhere.
    const answered = anyExchange((exchange, transcript) => {
      const [word] = exchange.turns;
      const unlikeOthers = !isEchoed(word) || !partsAnyway(transcript) || exitedWithZero(transcript);
      return isWord(word) && parts(exchange, transcript) && unlikeOthers;
    });
    const explains = [
      ...showing(symptoms, both(answered, calmly), ["echoes-a-quit-word"]),
      ...(answersOthers ? showing(symptoms, both(unanswered, calmly), ["echoes-a-quit-word"]) : []),
      ...showing(symptoms, both(unanswered, calmly), ["echoes-every-byte"]),
    ];
    if (explains.length === 0) return undefined;
    const isSure = explains.some((check) => check.endsWith("/echoes-a-quit-word"));
    // Random bytes hold every letter.
    const hungUp = anyExchange((exchange) => exchange.hungUp);
    const inBody = explains.some((check) => check.endsWith("/echoes-every-byte"))
      ? showing(symptoms, both(hungUp, calmly), ["echoes-a-large-body", "survives-a-stalled-reader"])
      : [];
    return suspect(isSure ? 0.95 : 0.75, [...new Set([...explains, ...inBody])]);
  },
};

/** What follows the word finds its side of the connection finished. */
const writesAfterItsEnd = complains(/ERR_STREAM_WRITE_AFTER_END/);

function isWord(turn: Turn | undefined): boolean {
  return WORDS.test(turn?.sent.toString("latin1") ?? "");
}

/** It came back, at least in part, whatever was made of its line end. */
function isEchoed(turn: Turn | undefined): boolean {
  if (turn === undefined || turn.received.length === 0) return false;
  return turn.sent.includes(turn.received) || holdsWordsOf(turn.sent, turn.received);
}

/** The first client, who says no such word, has one message answered and no more. */
function partsAnyway(transcript: Transcript): boolean {
  const [ordinary] = exchanges(transcript);
  return ordinary === undefined || ordinary.hungUp || ordinary.turns.length < 2;
}

function ofDatagrams(symptoms: Symptoms): Diagnosis | undefined {
  const atAWord = both(exitedWithZero, endedAtAWord, not(complains(/Error/)));
  return suspect(0.85, showing(symptoms, atAWord, ["survives-bad-input"]));
}

/** What it did not answer any more before it ended, or answered last, was a word. */
const endedAtAWord: Sign = (transcript) => {
  const word = unansweredAtItsEnd(transcript) ?? last(before(transcript, "exited"), "sent")?.bytes;
  return word !== undefined && /^[a-z]+\s*$/i.test(Buffer.from(word).toString("latin1"));
};

const WORDS = /exit|quit|bye|close|stop|end|q|disconnect|keluar|selesai/i;
