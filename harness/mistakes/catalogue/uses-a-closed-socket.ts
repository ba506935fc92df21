import { roleOf } from "../../assignment/assignment.ts";
import { closes } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { usesAClosedSocket } from "../signs/words.ts";
import { fails, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-client"],
  title: { en: "Uses a socket after its close()", id: "Memakai socket setelah close()" },
  explanation: {
    en: 'The program has closed the client\'s socket and still receives or sends on it: Python says "[Errno 9] Bad file descriptor". Look where close() stands: inside the loop that receives, so that it closes after the first message; behind Thread(...).start(), so that the main program closes what the thread still needs; or at the end of a with block that the thread outlives. Whoever works with a socket last closes it.',
    id: 'Program sudah menutup socket klien tetapi masih menerima atau mengirim lewat socket itu: Python berkata "[Errno 9] Bad file descriptor". Periksa letak close(): di dalam loop yang menerima, sehingga koneksi ditutup setelah pesan pertama; di belakang Thread(...).start(), sehingga program utama menutup socket yang masih dipakai thread; atau di akhir blok with yang lebih dulu selesai daripada thread. Yang terakhir memakai socket itulah yang menutupnya.',
  },
  lookUp: {
    en: "close() on the lecture's slides, and where it stands in the examples; Python socket docs, socket.close(), and the with statement; threading, Thread.start(), which returns at once.",
    id: "close() pada slide kuliah, dan letaknya di dalam contoh; dokumentasi socket Python, socket.close(), dan pernyataan with; threading, Thread.start(), yang langsung kembali.",
  },
  wrong: {
    python: `while True:
    data = client_sock.recv(65535)
    if not data:
        break
    client_sock.sendall(data)
    client_sock.close()       # and then recv() again`,
    typescript: `socket.on("data", (data) => {
  socket.write(data);
  socket.destroy(); // and then more data comes
});`,
  },
  repair: {
    python: `while True:
    data = client_sock.recv(65535)
    if not data:
        break
    client_sock.sendall(data)
client_sock.close()           # behind the loop`,
    typescript: `socket.on("data", (data) => socket.write(data));
socket.on("end", () => socket.end()); // when the client has finished`,
  },
  inClient: {
    explanation: {
      en: 'The client has closed its socket and then receives or sends on it: Python says "[Errno 9] Bad file descriptor". Look where close() stands, or where a with block ends: at its end Python closes the socket, so recv() belongs inside, as far to the right as sendall().',
      id: 'Klien sudah menutup socket-nya, lalu masih menerima atau mengirim lewat socket itu: Python berkata "[Errno 9] Bad file descriptor". Periksa letak close(), atau di mana blok with berakhir: di situ Python menutup socket, jadi recv() harus berada di dalamnya, menjorok sama seperti sendall().',
    },
    lookUp: {
      en: "The order connect, send, recv, close on the lecture's slides; Python socket docs, socket.close(), and the with statement; Node docs, the order of events.",
      id: "Urutan connect, send, recv, close pada slide kuliah; dokumentasi socket Python, socket.close(), dan pernyataan with; dokumentasi Node, urutan event.",
    },
    wrong: {
      python: `with socket.create_connection(("127.0.0.1", 5000)) as s:
    s.sendall(message)
reply = s.recv(65535)         # the with block is over`,
      typescript: `socket.write(message);
socket.destroy();
socket.on("data", show); // nothing comes any more`,
    },
    repair: {
      python: `with socket.create_connection(("127.0.0.1", 5000)) as s:
    s.sendall(message)
    reply = s.recv(65535)     # inside`,
      typescript: `socket.on("data", (data) => {
  show(data);
  socket.end(); // when the reply is there
});
socket.write(message);`,
    },
  },
  inUdpClient: {
    wrong: {
      python: `s.sendto(message, ("127.0.0.1", 5000))
s.close()
data, address = s.recvfrom(65535)`,
      typescript: `socket.send(message, 5000, "127.0.0.1", () => {
  socket.close();
  socket.send(message, 5000, "127.0.0.1"); // not running
});`,
    },
    repair: {
      python: `s.sendto(message, ("127.0.0.1", 5000))
data, address = s.recvfrom(65535)
s.close()`,
      typescript: `socket.on("message", (data) => {
  show(data);
  socket.close(); // when the reply is there
});
socket.send(message, 5000, "127.0.0.1");`,
    },
  },
  fault: closes,
  diagnose(symptoms) {
    // Later on the other side may have closed it first, and the program may be about to end.
    const early =
      roleOf(symptoms.program) === "server"
        ? ["echoes-a-message", "keeps-the-connection", "closes-after-its-echo", "accepts-the-next-client"]
        : ["sends-its-message", "reads-the-reply", "shows-the-reply", "closes-its-socket"];
    if (!early.some((name) => fails(symptoms, name, usesAClosedSocket))) return undefined;
    return suspect(0.96, showing(symptoms, usesAClosedSocket));
  },
};
