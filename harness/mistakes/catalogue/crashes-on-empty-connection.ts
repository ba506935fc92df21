import { breaks } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { exited } from "../signs/process.ts";
import { both, not } from "../signs/sign.ts";
import { complains } from "../signs/words.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Ends when a client leaves without a word", id: "Berhenti ketika klien pergi tanpa mengirim apa pun" },
  explanation: {
    en: "A client connected and closed again without sending anything. recv() then returns b'' at once. The program took that for a message and ended with an error, so nobody else is served. Health checks and port scanners do exactly this.",
    id: "Sebuah klien terhubung lalu menutup lagi tanpa mengirim apa pun. Saat itu recv() langsung mengembalikan b''. Program menganggapnya sebagai pesan dan berhenti dengan error, sehingga klien lain tidak dilayani. Health check dan pemindai port melakukan hal persis seperti ini.",
  },
  lookUp: {
    en: "recv(buffer) and close() on the lecture's slides; the man page recv(2), return value 0; Python's Socket Programming HOWTO on a recv that returns 0 bytes; Node net docs, the 'end' event.",
    id: "recv(buffer) dan close() pada slide kuliah; halaman manual recv(2), nilai kembali 0; Socket Programming HOWTO dari Python tentang recv yang mengembalikan 0 byte; dokumentasi net Node, event 'end'.",
  },
  wrong: {
    python: `data = client_sock.recv(65535)
first = data[0]               # IndexError when nothing came
client_sock.sendall(data)`,
    typescript: `socket.on("end", () => {
  if (received.length === 0) throw new Error("no data");
});`,
  },
  repair: {
    python: `data = client_sock.recv(65535)
if data:                      # b'' means: the client has left
    client_sock.sendall(data)
client_sock.close()`,
    typescript: `const server = createServer((socket) => {
  // never called for a silent client
  socket.on("data", (data) => socket.write(data));
  socket.on("end", () => socket.end());
  socket.on("error", (error) => console.error(error.message));
});`,
  },
  fault: breaks,
  diagnose(symptoms) {
    const words = complains(/ConnectionResetError|BrokenPipeError|Unhandled 'error' event/);
    return suspect(0.9, showing(symptoms, both(exited, not(words)), ["survives-an-empty-connection"]));
  },
};
