import { roleOf } from "../../assignment/assignment.ts";
import { neverRested } from "../../checks/cpu.ts";
import { receivesTheEnd } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { exited } from "../signs/process.ts";
import { both, not } from "../signs/sign.ts";
import { busySinceTheEnd } from "../signs/waits.ts";
import { fails, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client"],
  title: { en: "Runs in circles at the end of the data", id: "Berputar terus saat data sudah habis" },
  explanation: {
    en: "When the other side has finished, recv() returns b'' at once, every time it is called. The program does not look for that and calls recv() again and again, as fast as the processor can. Everything seems to work, but one processor is fully busy for nothing, and the connection is never closed.",
    id: "Ketika pihak lain sudah selesai, recv() langsung mengembalikan b'' setiap kali dipanggil. Program tidak memeriksanya dan memanggil recv() terus-menerus secepat prosesor bisa. Semua tampak berjalan, tetapi satu prosesor sibuk penuh tanpa hasil, dan koneksi tidak pernah ditutup.",
  },
  lookUp: {
    en: "recv(buffer) and close() on the lecture's slides; the man page recv(2): \"When a stream socket peer has performed an orderly shutdown, the return value will be 0\"; Python's Socket Programming HOWTO; Node net docs, the 'end' event.",
    id: "recv(buffer) dan close() pada slide kuliah; halaman manual recv(2): \"When a stream socket peer has performed an orderly shutdown, the return value will be 0\"; Socket Programming HOWTO dari Python; dokumentasi net Node, event 'end'.",
  },
  wrong: {
    python: `while True:
    data = client_sock.recv(65535)    # b'' at once, for ever
    if data:
        client_sock.sendall(data)`,
    typescript: `const read = (): void => {
  const data = socket.read(); // null at once, for ever
  if (data) socket.write(data);
  setImmediate(read);
};`,
  },
  repair: {
    python: `while True:
    data = client_sock.recv(65535)
    if not data:              # b'': nothing will come any more
        break
    client_sock.sendall(data)
client_sock.close()`,
    typescript: `socket.on("data", (data) => socket.write(data));
// no loop that asks read() again and again
socket.on("end", () => socket.end());`,
  },
  inClient: {
    wrong: {
      python: `while len(reply) < len(message):
    reply += s.recv(65535)    # b"" again and again`,
      typescript: `while (received < message.length) {
  const data = socket.read(); // null again and again
  if (data) received += data.length;
}`,
    },
    repair: {
      python: `while len(reply) < len(message):
    data = s.recv(65535)
    if not data:              # b'': nothing will come any more
        break
    reply += data
s.close()`,
      typescript: `socket.on("data", (data) => pieces.push(data));
// no loop that asks read() again and again
socket.on("end", () => socket.end());`,
    },
  },
  fault: receivesTheEnd,
  diagnose(symptoms) {
    if (roleOf(symptoms.program) === "client") {
      return suspect(0.9, showing(symptoms, both(neverRested, not(exited)), ["notices-an-early-close"]));
    }
    // One that never comes back from its first client is not seen at rest.
    const atItsOnlyClient = fails(symptoms, "accepts-the-next-client", both(neverRested, not(exited)));
    if (!atItsOnlyClient && !fails(symptoms, "rests-when-idle", busySinceTheEnd)) return undefined;
    const names = [
      ...(atItsOnlyClient ? ["accepts-the-next-client"] : []),
      "rests-when-idle",
      "flushes-before-closing",
      "survives-an-empty-connection",
      "releases-connections",
      "survives-a-slow-client",
    ];
    return suspect(0.95, showing(symptoms, not(exited), names));
  },
};
