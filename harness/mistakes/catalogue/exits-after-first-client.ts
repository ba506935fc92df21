import type { Mistake } from "../mistake.ts";
import { both, complains, crashed, exited, exitedWithZero, fails, not, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "udp-server"],
  title: { en: "Ends after the first clients", id: "Berhenti setelah melayani klien pertama" },
  explanation: {
    en: "The server serves a client (or a fixed number of them) and then the program is over. Whoever connects next is refused. A server runs until somebody stops it: accept() belongs in an endless loop, and only the client's own socket is closed after each conversation.",
    id: "Server melayani satu klien (atau sejumlah tertentu), lalu programnya selesai. Klien berikutnya ditolak. Server berjalan sampai ada yang menghentikannya: accept() harus berada di dalam loop tanpa akhir, dan setelah setiap percakapan hanya socket klien itu yang ditutup.",
  },
  lookUp: {
    en: "`while True:` around s.accept() in the lecture's full server example; the difference between the server's socket and the \"socket klien di sisi server\"; Python socket docs, accept(); Node net docs, server.close().",
    id: '`while True:` di sekitar s.accept() pada contoh lengkap server di kuliah; beda socket server dan "socket klien di sisi server"; dokumentasi socket Python, accept(); dokumentasi net Node, server.close().',
  },
  repair: {
    python: `while True:                   # for every client, not for one
    client_sock, client_addr = s.accept()
    with client_sock:
        while data := client_sock.recv(65535):
            client_sock.sendall(data)`,
    typescript: `const server = createServer((socket) => {
  socket.on("data", (data) => socket.write(data));
  socket.on("close", () => console.log("client left")); // no server.close() here
});`,
  },
  diagnose(symptoms) {
    const quiet = not(
      complains(
        /Bad file descriptor|Invalid argument|ERR_SERVER_NOT_RUNNING|Unicode|ConnectionReset|BrokenPipe|Unhandled 'error'/,
      ),
    );
    const isOver = both(exited, quiet);
    const next = showing(symptoms, isOver, [
      "accepts-the-next-client",
      "closes-after-its-echo",
      "serves-many-clients",
      "answers-the-right-client",
    ]);
    if (next.length === 0) return undefined;
    const calm = ["accepts-the-next-client", "answers-the-right-client"].some((name) =>
      fails(symptoms, name, both(exitedWithZero, quiet)),
    );
    return suspect(calm ? 0.95 : 0.75, [...new Set([...next, ...showing(symptoms, both(isOver, not(crashed)))])]);
  },
};
