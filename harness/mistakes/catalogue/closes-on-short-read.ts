import { roleOf } from "../../assignment/assignment.ts";
import { lostItsReply } from "../../checks/client-reading.ts";
import { receives } from "../fault.ts";
import type { Diagnosis, Mistake, Symptoms } from "../mistake.ts";
import { isCut, isUnanswered } from "../reply.ts";
import { leavesTheRest, readsLongReplies, showsOnlyNotation } from "../signs/client.ts";
import { crashed, exited } from "../signs/process.ts";
import { anyExchange, both, not } from "../signs/sign.ts";
import { EVENT_LOOP, waitsIn } from "../signs/waits.ts";
import { anywhere, fails, passes, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client"],
  title: { en: "Takes a short recv() for the end", id: "Menganggap recv() yang pendek sebagai akhir" },
  explanation: {
    en: "The program leaves its loop when recv() gave fewer bytes than it asked for. That only means that no more had arrived at that moment; the client may go on a second later. The end is told by recv() returning b'', and by nothing else.",
    id: "Program keluar dari loop ketika recv() memberi lebih sedikit byte daripada yang diminta. Itu hanya berarti belum ada lagi yang tiba saat itu; klien bisa melanjutkan sesaat kemudian. Akhir data hanya ditandai oleh recv() yang mengembalikan b''.",
  },
  lookUp: {
    en: "recv(buffer) on the lecture's slides: at most that many bytes; the man page recv(2): it returns what is available, and 0 at the end; Python's Socket Programming HOWTO.",
    id: "recv(buffer) pada slide kuliah: paling banyak sekian byte; halaman manual recv(2): mengembalikan yang tersedia, dan 0 di akhir; Socket Programming HOWTO dari Python.",
  },
  wrong: {
    python: `while True:
    data = client_sock.recv(4096)
    client_sock.sendall(data)
    if len(data) < 4096:
        break`,
    typescript: `socket.on("data", (data) => {
  socket.write(data);
  if (data.length < 4096) socket.end();
});`,
  },
  repair: {
    python: `while True:
    data = client_sock.recv(4096)
    if not data:              # not: len(data) < 4096
        break
    client_sock.sendall(data)`,
    typescript: `socket.on("data", (data) => socket.write(data)); // whatever its length
socket.on("end", () => socket.end());            // only this is the end`,
  },
  inClient: {
    explanation: {
      en: "The client leaves its loop when recv() gave fewer bytes than it asked for. That only means that no more had arrived at that moment; the rest of the reply may come a moment later. An echo is over when as many bytes have come back as were sent, or when recv() returns b''.",
      id: "Klien keluar dari loop ketika recv() memberi lebih sedikit byte daripada yang diminta. Itu hanya berarti belum ada lagi yang tiba saat itu; sisa balasan bisa datang sesaat kemudian. Echo selesai ketika jumlah byte yang kembali sama dengan yang dikirim, atau ketika recv() mengembalikan b''.",
    },
    wrong: {
      python: `while True:
    part = s.recv(4096)
    reply += part
    if len(part) < 4096:
        break`,
      typescript: `socket.on("data", (part) => {
  parts.push(part);
  if (part.length < 4096) socket.end();
});`,
    },
    repair: {
      python: `while len(reply) < len(message):
    part = s.recv(4096)
    if not part:              # b'': the server has left
        break
    reply += part`,
      typescript: `let missing = message.length;
socket.on("data", (part) => {
  parts.push(part);
  missing -= part.length;
  if (missing <= 0) socket.end(); // whatever the length of a part
});`,
    },
  },
  fault: receives,
  diagnose: (symptoms) => (roleOf(symptoms.program) === "server" ? ofServer(symptoms) : ofClient(symptoms)),
};

function ofServer(symptoms: Symptoms): Diagnosis | undefined {
  const stops = anyExchange(
    (exchange) => isCut(exchange) && exchange.receivedBytes > 0 && (exchange.hungUp || exchange.unread > 0),
  );
  if (!fails(symptoms, "keeps-the-connection", both(stops, not(crashed)))) return undefined;
  // A loop that collects goes on waiting after a message that fills its buffer; one receive never does.
  const around = "echoes-around-the-buffer";
  const collects = fails(symptoms, around, anyExchange(isUnanswered));
  if (!collects && !passes(symptoms, around)) return undefined;
  // Whoever hears of data by an event has no such loop.
  if (anywhere(symptoms, waitsIn(EVENT_LOOP))) return undefined;
  const explains = new Set([...showing(symptoms, stops), ...showing(symptoms, anyExchange(isUnanswered), [around])]);
  return suspect(collects ? 0.96 : 0.85, [...explains]);
}

function ofClient(symptoms: Symptoms): Diagnosis | undefined {
  // What is not printed as text tells nothing of what was read.
  if (fails(symptoms, "shows-the-reply", showsOnlyNotation)) return undefined;
  // One receive is not enough for a long reply, and whoever reads by the clock does not wait for a late one.
  if (!readsLongReplies(symptoms) || !passes(symptoms, "waits-for-a-late-server")) return undefined;
  const cut = showing(symptoms, both(leavesTheRest, not(lostItsReply)), ["reads-a-fragmented-reply"]);
  if (cut.length === 0) return undefined;
  return suspect(0.95, [...cut, ...showing(symptoms, exited, ["notices-an-early-close", "reads-a-split-character"])]);
}
