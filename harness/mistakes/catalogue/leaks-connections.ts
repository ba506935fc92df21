import { measured } from "../../checks/reading.ts";
import { accepts } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { exited } from "../signs/process.ts";
import { both, not, type Sign } from "../signs/sign.ts";
import { fails, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Keeps sockets of clients that have left", id: "Menyimpan socket klien yang sudah pergi" },
  explanation: {
    en: 'The number of open sockets grows with every client that has come and gone. shutdown() ends the conversation but gives nothing back; only close() frees the socket, also when an exception was raised. A server that leaks stops with "Too many open files" some day.',
    id: 'Jumlah socket yang terbuka bertambah dengan setiap klien yang datang lalu pergi. shutdown() mengakhiri percakapan tetapi tidak mengembalikan apa pun; hanya close() yang membebaskan socket, juga saat terjadi exception. Server yang bocor suatu hari berhenti dengan "Too many open files".',
  },
  lookUp: {
    en: 'close() on the lecture\'s slides, for each "socket klien di sisi server"; Python socket docs, the difference between shutdown() and close(), and `with`; Node net docs, socket.destroy().',
    id: 'close() pada slide kuliah, untuk setiap "socket klien di sisi server"; dokumentasi socket Python, beda shutdown() dan close(), serta `with`; dokumentasi net Node, socket.destroy().',
  },
  wrong: {
    python: `def serve(client_sock):
    clients.append(client_sock)       # and nobody closes it
    while data := client_sock.recv(65535):
        client_sock.sendall(data)`,
    typescript: `const server = createServer({ allowHalfOpen: true }, (socket) => {
  clients.push(socket); // and nobody closes it
  socket.on("data", (data) => socket.write(data));
});`,
  },
  repair: {
    python: `def serve(client_sock):
    with client_sock:         # close() at the end, whatever happens
        while data := client_sock.recv(65535):
            client_sock.sendall(data)`,
    typescript: `const clients = new Set<Socket>();
const server = createServer((socket) => {
  clients.add(socket);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => clients.delete(socket));
  socket.pipe(socket);
});`,
  },
  fault: accepts,
  diagnose: (symptoms) =>
    suspect(
      fails(symptoms, "flushes-before-closing") ? 0.5 : 0.85,
      showing(symptoms, both(keepsSockets, not(exited)), ["releases-connections"]),
    ),
};

const keepsSockets: Sign = (transcript) =>
  (measured(transcript, "open-sockets-after") ?? 0) > (measured(transcript, "open-sockets-before") ?? 0);
