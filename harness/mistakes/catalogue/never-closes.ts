import { sends } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { exited } from "../signs/process.ts";
import { anyExchange, both, not } from "../signs/sign.ts";
import { ACCEPTING, RECEIVING, waitsIn } from "../signs/waits.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Never closes the client's socket", id: "Tidak pernah menutup socket klien" },
  explanation: {
    en: "After the conversation the server goes on to the next client without close() on the socket it got from accept(). The client never sees an end, and every forgotten socket stays open in the server until there are too many.",
    id: "Setelah selesai, server langsung melayani klien berikutnya tanpa close() pada socket yang didapat dari accept(). Klien tidak pernah melihat akhir koneksi, dan setiap socket yang terlupa tetap terbuka di server sampai jumlahnya terlalu banyak.",
  },
  lookUp: {
    en: '"Socket klien di sisi server" on the lecture\'s slides: one socket a connection, and close() for each of them; Python socket docs, `with` and socket.close(); Node net docs, socket.end().',
    id: '"Socket klien di sisi server" pada slide kuliah: satu socket per koneksi, dan close() untuk masing-masing; dokumentasi socket Python, `with` dan socket.close(); dokumentasi net Node, socket.end().',
  },
  wrong: {
    python: `client_sock, client_addr = s.accept()
data = client_sock.recv(65535)
client_sock.sendall(data)
clients.append(client_sock)           # no close()`,
    typescript: `const server = createServer({ allowHalfOpen: true }, (socket) => {
  socket.on("data", (data) => socket.write(data)); // no end()
});`,
  },
  repair: {
    python: `client_sock, client_addr = s.accept()
# closes it in any case, also after an exception
with client_sock:
    data = client_sock.recv(65535)
    client_sock.sendall(data)`,
    typescript: `const server = createServer({ allowHalfOpen: true }, (socket) => {
  socket.on("data", (data) => socket.write(data));
  // the client has finished: close this side too
  socket.on("end", () => socket.end());
  socket.on("error", () => socket.destroy());
});`,
  },
  fault: sends,
  diagnose(symptoms) {
    const gone = anyExchange(
      ({ sent, received, end }) => end === undefined && sent.length > 0 && received.equals(sent),
    );
    const elsewhere = both(gone, waitsIn(ACCEPTING), not(waitsIn(RECEIVING)), not(exited));
    const explains = showing(symptoms, elsewhere, ["closes-after-its-echo"]);
    if (explains.length === 0) return undefined;
    return suspect(0.92, [
      ...explains,
      ...showing(symptoms, not(exited), ["flushes-before-closing", "releases-connections"]),
    ]);
  },
};
