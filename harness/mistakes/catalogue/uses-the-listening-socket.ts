import { breaks } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { talksToNobody } from "../signs/words.ts";
import { alwaysFails, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: {
    en: "Receives or sends on the listening socket",
    id: "Menerima atau mengirim lewat socket yang listen",
  },
  explanation: {
    en: 'accept() returns a new socket for this one client: recv() and send() belong there. The server\'s own socket only waits for the next client and is connected to nobody, so recv() on it fails with "Transport endpoint is not connected", send() with "Broken pipe".',
    id: 'accept() mengembalikan socket baru untuk satu klien ini: recv() dan send() dipanggil pada socket itu. Socket milik server sendiri hanya menunggu klien berikutnya dan tidak terhubung ke siapa pun, sehingga recv() padanya gagal dengan "Transport endpoint is not connected", dan send() dengan "Broken pipe".',
  },
  lookUp: {
    en: "\"Socket klien di sisi server\" on the lecture's slides; Python socket docs, accept(), which returns (conn, address); Node net docs, the socket that the 'connection' listener is given.",
    id: "\"Socket klien di sisi server\" pada slide kuliah; dokumentasi socket Python, accept(), yang mengembalikan (conn, address); dokumentasi net Node, socket yang diterima listener 'connection'.",
  },
  wrong: {
    python: `client_sock, client_addr = s.accept()
data = s.recv(65535)          # s: connected to nobody
client_sock.sendall(data)`,
    typescript: `const server = createServer();
server.on("data", (data) => console.log(data)); // nothing ever comes here`,
  },
  repair: {
    python: `client_sock, client_addr = s.accept()
data = client_sock.recv(65535)
client_sock.sendall(data)`,
    typescript: `const server = createServer((socket) => {
  socket.on("data", (data) => socket.write(data));
});`,
  },
  fault: breaks,
  // Who sends to a client that has left does so when there was one.
  diagnose: (symptoms) =>
    alwaysFails(symptoms, "echoes-a-message", talksToNobody)
      ? suspect(0.96, showing(symptoms, talksToNobody))
      : undefined,
};
