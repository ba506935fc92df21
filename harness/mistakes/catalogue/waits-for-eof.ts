import { roleOf } from "../../assignment/assignment.ts";
import { isPerhapsSlow } from "../../checks/reading.ts";
import { either, receives, waitsToReceive } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { holdsWordsOf, isUnanswered } from "../reply.ts";
import { endsAtOurFin, printsAtOnce, sendsOnlyAPart, staysAfterShowing } from "../signs/client.ts";
import { crashed, exited } from "../signs/process.ts";
import { anyExchange, both, not, type Sign } from "../signs/sign.ts";
import { waitsForKeyboard } from "../signs/waits.ts";
import { saysTimeIsUp } from "../signs/words.ts";
import { alwaysFails, anywhere, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client"],
  title: {
    en: "Answers, or ends, only when the other side has closed",
    id: "Baru menjawab atau selesai setelah pihak lain menutup",
  },
  explanation: {
    en: "The program collects everything until the other side has finished, and only then goes on; or it writes its answer into a buffer (makefile(), wfile) that is sent only when it is full, flushed or closed. But the other side waits for an answer, or keeps its connection open, before it finishes: both wait for each other for ever. A server sends back each piece as it comes, and calls flush() where there is a buffer; a client stops reading once as many bytes have come back as it sent.",
    id: "Program mengumpulkan semuanya sampai pihak lain selesai, baru melanjutkan; atau menulis jawabannya ke buffer (makefile(), wfile) yang baru dikirim setelah penuh, di-flush(), atau ditutup. Padahal pihak lain menunggu jawaban, atau membiarkan koneksinya terbuka: keduanya saling menunggu selamanya. Server mengirim kembali setiap potongan begitu tiba, dan memanggil flush() jika ada buffer; klien berhenti membaca setelah jumlah byte yang kembali sama dengan yang dikirim.",
  },
  lookUp: {
    en: "The order connect, send, recv, close on the lecture's slides; the man page recv(2), return value 0; Python docs, socket.makefile() and flush(); Node net docs, 'data' and 'end'; RFC 862.",
    id: "Urutan connect, send, recv, close pada slide kuliah; halaman manual recv(2), nilai kembali 0; dokumentasi Python, socket.makefile() dan flush(); dokumentasi net Node, 'data' dan 'end'; RFC 862.",
  },
  wrong: {
    python: `data = b""
# until the client closes, if it ever does
while part := client_sock.recv(65535):
    data += part
client_sock.sendall(data)             # too late`,
    typescript: `socket.on("data", (data) => pieces.push(data));
socket.on("end", () => socket.end(Buffer.concat(pieces))); // too late`,
  },
  repair: {
    python: `while part := client_sock.recv(65535):
    client_sock.sendall(part)         # at once`,
    typescript: `const server = createServer((socket) => {
  socket.on("data", (data) => socket.write(data)); // at once, not in "end"
});`,
  },
  inClient: {
    wrong: {
      python: `reply = b""
# until the server closes, if it ever does
while data := s.recv(65535):
    reply += data`,
      typescript: `socket.on("data", (data) => pieces.push(data));
// when the server closes, if it ever does
socket.on("end", () => console.log(Buffer.concat(pieces).toString()));`,
    },
    repair: {
      python: `reply = b""
while len(reply) < len(message):      # a client knows how much comes back
    data = s.recv(65535)
    if not data:
        break
    reply += data
s.close()`,
      typescript: `// a client knows how much comes back: message is a Buffer
let missing = message.length;
socket.on("data", (data) => {
  pieces.push(data);
  missing -= data.length;
  if (missing <= 0) socket.end();
});`,
    },
  },
  fault: either(waitsToReceive, receives),
  diagnose(symptoms) {
    if (roleOf(symptoms.program) === "client") {
      const explains = showing(symptoms, both(not(waitsForKeyboard), endsAtOurFin, not(staysAfterShowing)), [
        "ends-on-its-own",
      ]);
      if (explains.length > 0) {
        return suspect(0.93, [...explains, ...showing(symptoms, endsAtOurFin, ["waits-for-a-late-server"])]);
      }
      return suspect(0.93, showing(symptoms, tiresOfWaiting));
    }
    const late = both(
      anyExchange(
        ({ turns: [first], afterOurFin, received }) =>
          first !== undefined && afterOurFin.equals(received) && holdsWordsOf(first.sent, received),
      ),
      not(isPerhapsSlow),
    );
    const unanswered = both(anyExchange(isUnanswered), not(waitsForKeyboard), not(exited));
    const explains = [
      ...(alwaysFails(symptoms, "echoes-a-message", late) ? [`${symptoms.program}/echoes-a-message`] : []),
      ...showing(symptoms, unanswered, ["echoes-without-newline", "keeps-the-connection"]),
    ];
    const knows = explains.length > 0 && anywhere(symptoms, late);
    // A server that has printed the message has it in its hands already.
    return suspect(knows ? 0.96 : anywhere(symptoms, printsAtOnce) ? 0.3 : 0.7, explains);
  },
};

/** A client that had all of its reply, and says that its time is up. */
const tiresOfWaiting: Sign = both(
  crashed,
  saysTimeIsUp,
  not(sendsOnlyAPart),
  anyExchange(({ sentBytes, receivedBytes, unread }) => sentBytes > 0 && sentBytes >= receivedBytes && unread === 0),
);
