import { all } from "../../checks/reading.ts";
import type { Exchange } from "../exchange.ts";
import { receivesInVain } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { exited } from "../signs/process.ts";
import { anyExchange, both, not, type Sign } from "../signs/sign.ts";
import { passes, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Throws away what a recv() gave", id: "Membuang hasil salah satu recv()" },
  explanation: {
    en: "Each recv() takes bytes from the connection, and they come only once. The program calls it more often than it answers: in the condition of a loop, in a print, or once before the loop. What such a call gave is gone, and the client waits for it. Call recv() in one place, keep what it gives in a variable, and send that.",
    id: "Setiap recv() mengambil byte dari koneksi, dan byte itu tidak datang lagi. Program memanggilnya lebih sering daripada menjawab: di kondisi loop, di dalam print, atau sekali sebelum loop. Hasil pemanggilan itu hilang, padahal klien menunggunya. Panggil recv() di satu tempat, simpan hasilnya dalam variabel, lalu kirim isi variabel itu.",
  },
  lookUp: {
    en: "recv on the lecture's slides; the man page recv(2): what was received is removed from the queue; Python docs, assignment expressions (:=); Node docs, events, once() and on().",
    id: "recv pada slide kuliah; halaman manual recv(2): yang sudah diterima dikeluarkan dari antrean; dokumentasi Python, assignment expressions (:=); dokumentasi Node, events, once() dan on().",
  },
  wrong: {
    python: `while client_sock.recv(65535):        # these bytes are gone
    data = client_sock.recv(65535)
    client_sock.sendall(data)`,
    typescript: `socket.once("data", () => { // these bytes are gone
  socket.on("data", (data) => socket.write(data));
});`,
  },
  repair: {
    python: `while data := client_sock.recv(65535):
    client_sock.sendall(data)         # what this one recv() gave`,
    typescript: `// what every event brings, from the first on
socket.on("data", (data) => socket.write(data));`,
  },
  fault: receivesInVain,
  diagnose(symptoms) {
    const first = showing(symptoms, both(answersTheNext, not(exited)), ["echoes-a-message"]);
    if (first.length > 0) return suspect(0.95, first);
    if (!passes(symptoms, "echoes-a-message")) return undefined;
    const later = showing(symptoms, both(anyExchange(isWithHoles), not(exited)), ["echoes-a-split-message"]);
    const lost = anyExchange(({ receivedBytes, sentBytes }) => 0 < receivedBytes && receivedBytes < sentBytes);
    return later.length > 0 ? suspect(0.93, showing(symptoms, lost)) : undefined;
  },
};

/** The first message was read and not answered; the second came back, and nothing else. */
const answersTheNext: Sign = (transcript) => {
  const [first, second, ...others] = transcript.filter(({ type }) => type === "sent" || type === "received");
  return (
    first?.type === "sent" &&
    second?.type === "sent" &&
    others.length > 0 &&
    Buffer.from(second.bytes).equals(Buffer.concat(all(transcript, "received").map(({ bytes }) => bytes)))
  );
};

/** Of the pieces that were read one by one some came back and some did not, and one that did came after one that did not. */
function isWithHoles({ sent, received }: Exchange): boolean {
  let at = 0;
  for (const byte of sent) if (byte === received[at]) at++;
  const isPart = received.length > 0 && received.length < sent.length && at === received.length;
  return isPart && !sent.subarray(0, received.length).equals(received);
}
