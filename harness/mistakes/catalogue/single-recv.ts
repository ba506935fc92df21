import { roleOf } from "../../assignment/assignment.ts";
import { lostItsReply } from "../../checks/client-reading.ts";
import type { Exchange } from "../exchange.ts";
import { receives } from "../fault.ts";
import type { Diagnosis, Mistake, Symptoms } from "../mistake.ts";
import { isCut, isUnanswered } from "../reply.ts";
import { leavesTheRest, readsLongReplies, showsLastPiece, showsOnlyNotation, tookItsReply } from "../signs/client.ts";
import { crashed, exited, runsInNode } from "../signs/process.ts";
import { anyExchange, anyOf, both, not, type Sign } from "../signs/sign.ts";
import { EVENT_LOOP, waitsIn } from "../signs/waits.ts";
import { complains } from "../signs/words.ts";
import { anywhere, fails, passes, showing, suspect } from "../symptoms.ts";

/** It has answered a first part; the rest was lost or lies unread. */
function firstPartOnly(exchange: Exchange): boolean {
  const { hungUp, unread, halfClosed, end, receivedBytes } = exchange;
  const lost = hungUp || unread > 0 || (halfClosed && end !== undefined);
  return isCut(exchange) && lost && (receivedBytes > 0 || end === "rst");
}

/** The first message came back, those after it did not, and nothing ended: Node reads on where nobody listens any more. */
function firstAnswerOnly({ turns: [first, ...others], end, unread }: Exchange): boolean {
  return (
    first !== undefined &&
    first.sent.length > 0 &&
    first.received.equals(first.sent) &&
    others.length > 0 &&
    others.every(({ received }) => received.length === 0) &&
    end === undefined &&
    unread === 0
  );
}

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client"],
  title: { en: "Receives only once", id: "Hanya memanggil recv() satu kali" },
  explanation: {
    en: "The program calls recv() once on a connection and then closes it or stops listening to it. One recv() is not one message: TCP is a stream of bytes, and recv() gives whatever has arrived so far. Whatever the other side sends later, or in a second piece, is lost.",
    id: "Program memanggil recv() hanya satu kali untuk sebuah koneksi, lalu menutupnya atau tidak membacanya lagi. Satu recv() bukan satu pesan: TCP adalah aliran byte, dan recv() memberikan apa saja yang sudah tiba saat itu. Data yang dikirim belakangan, atau yang tiba dalam potongan kedua, hilang.",
  },
  lookUp: {
    en: "The lecture's slide with recv(buffer) and the \"socket klien di sisi server\"; Python's Socket Programming HOWTO on why recv() needs a loop; in Node the net.Socket 'data' event, which comes many times; RFC 862: \"This continues until the calling user terminates the connection.\"",
    id: 'Slide kuliah tentang recv(buffer) dan "socket klien di sisi server"; Socket Programming HOWTO dari Python tentang mengapa recv() perlu loop; di Node event \'data\' milik net.Socket, yang datang berkali-kali; RFC 862: "This continues until the calling user terminates the connection."',
  },
  wrong: {
    python: `client_sock, client_addr = s.accept()
data = client_sock.recv(65535)        # once
client_sock.sendall(data)
client_sock.close()`,
    typescript: `const server = createServer((socket) => {
  socket.once("data", (data) => socket.end(data)); // once
});`,
  },
  repair: {
    python: `client_sock, client_addr = s.accept()
with client_sock:
    while True:
        data = client_sock.recv(65535)
        if not data:          # b'': the client has finished
            break
        client_sock.sendall(data)`,
    typescript: `const server = createServer((socket) => {
  socket.on("data", (data) => socket.write(data)); // every time, not once()
  socket.on("error", (error) => console.error(error.message));
});`,
  },
  inClient: {
    explanation: {
      en: "The client calls recv() once for each message and takes what it gives for the whole reply. TCP is a stream of bytes: recv() gives whatever has arrived so far, and that may be the first part only. The rest stays unread, or comes out with the next reply.",
      id: "Klien memanggil recv() hanya satu kali untuk setiap pesan, dan menganggap hasilnya sebagai seluruh balasan. TCP adalah aliran byte: recv() memberikan apa saja yang sudah tiba, dan itu bisa saja baru bagian pertama. Sisanya tidak terbaca, atau muncul bersama balasan berikutnya.",
    },
    wrong: {
      python: `s.sendall(message)
reply = s.recv(65535)         # once
print(reply.decode())`,
      typescript: `socket.write(message);
socket.once("data", (data) => socket.end()); // once`,
    },
    repair: {
      python: `s.sendall(message)
reply = b""
while len(reply) < len(message):
    part = s.recv(65535)
    if not part:              # b'': the server has left
        break
    reply += part
print(reply.decode())`,
      typescript: `const parts: Buffer[] = [];
socket.write(message);
socket.on("data", (part) => { // every time, not once()
  parts.push(part);
  if (Buffer.concat(parts).length >= message.length) socket.end();
});`,
    },
  },
  fault: receives,
  diagnose: (symptoms) => (roleOf(symptoms.program) === "server" ? ofServer(symptoms) : ofClient(symptoms)),
};

function ofServer(symptoms: Symptoms): Diagnosis | undefined {
  const keeps = "keeps-the-connection";
  // What the program does not receive has been taken from the kernel all the same.
  const byEvents = anywhere(symptoms, anyOf(runsInNode, waitsIn(EVENT_LOOP)));
  const first = anyExchange((exchange) => firstPartOnly(exchange) || (byEvents && firstAnswerOnly(exchange)));
  const leaves = anyExchange(({ hungUp, receivedBytes }) => hungUp && receivedBytes > 0);
  // What comes after the first piece finds the program's side finished.
  const afterItsEnd = complains(/ERR_STREAM_WRITE_AFTER_END/);
  const stopped: Sign = (transcript) =>
    (first(transcript) || leaves(transcript)) && (!crashed(transcript) || afterItsEnd(transcript));
  if (!fails(symptoms, keeps, stopped)) return undefined;
  // Who has read a message and waits for more of it receives more than once.
  if (fails(symptoms, "echoes-around-the-buffer", anyExchange(isUnanswered))) return undefined;
  const readsOn = passes(symptoms, "echoes-around-the-buffer");
  return suspect(readsOn ? 0.75 : 0.95, [
    ...new Set([
      ...showing(symptoms, first),
      ...showing(symptoms, leaves, [keeps]),
      // A message of many pieces is its first one, too.
      ...(byEvents ? showing(symptoms, anyExchange(isCut), ["echoes-around-the-buffer"]) : []),
    ]),
  ]);
}

function ofClient(symptoms: Symptoms): Diagnosis | undefined {
  const printsRepr = fails(symptoms, "shows-the-reply", showsOnlyNotation);
  if (fails(symptoms, "reads-the-reply") || (fails(symptoms, "shows-the-reply") && !printsRepr)) return undefined;
  if (fails(symptoms, "reads-a-fragmented-reply", showsLastPiece)) return undefined;
  // What is not printed as text tells nothing of what was read.
  const stopped = printsRepr ? leavesTheRest : not(lostItsReply);
  const fragmented = showing(symptoms, stopped, ["reads-a-fragmented-reply"]);
  // Whoever reads on to the end and does not show it all cuts what is shown.
  const lost: Sign = fragmented.length > 0 ? not(lostItsReply) : both(not(lostItsReply), not(tookItsReply));
  const cutReply = [...fragmented, ...showing(symptoms, lost, ["reads-a-long-reply"])];
  if (cutReply.length === 0) return undefined;
  // A receive would have waited for a late reply, and would not have been enough for a long one.
  const otherwise = fails(symptoms, "waits-for-a-late-server") || readsLongReplies(symptoms);
  const confidence = otherwise ? 0.6 : 0.93;
  return suspect(confidence, [
    ...cutReply,
    ...showing(symptoms, exited, ["notices-an-early-close", "reads-a-split-character"]),
  ]);
}
