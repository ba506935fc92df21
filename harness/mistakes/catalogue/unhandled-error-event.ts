import { accepts, connects, either } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { crashed } from "../signs/process.ts";
import { both, not } from "../signs/sign.ts";
import { complains } from "../signs/words.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client"],
  title: { en: "No 'error' listener on the socket", id: "Tidak ada listener 'error' pada socket" },
  explanation: {
    en: "In Node a socket reports trouble, a reset for example, with the event 'error'. When nobody listens to that event, Node turns it into an exception and ends the whole program: one client that breaks off takes the server away from everybody.",
    id: "Di Node, socket melaporkan masalah, misalnya reset, melalui event 'error'. Jika tidak ada yang mendengarkan event itu, Node mengubahnya menjadi exception dan menghentikan seluruh program: satu klien yang terputus membuat server hilang untuk semua.",
  },
  lookUp: {
    en: "Node docs, Events: error events; Node net docs, socket.on('error') and server.on('error'). In Python the same trouble is an exception, ConnectionError, to be caught with try/except around recv and send.",
    id: "Dokumentasi Node, Events: error events; dokumentasi net Node, socket.on('error') dan server.on('error'). Di Python masalah yang sama berupa exception ConnectionError, yang ditangkap dengan try/except di sekitar recv dan send.",
  },
  wrong: {
    python: `# ConnectionResetError ends the program
data = client_sock.recv(65535)
client_sock.sendall(data)`,
    typescript: `socket.on("data", (data) => socket.write(data)); // and no 'error' listener`,
  },
  repair: {
    python: `try:
    data = client_sock.recv(65535)
    client_sock.sendall(data)
except ConnectionError as error:
    print("connection lost:", error)
finally:
    client_sock.close()`,
    typescript: `socket.on("error", (error) => {
  console.error("connection lost:", error.message);
  socket.destroy();
});`,
  },
  inClient: {
    explanation: {
      en: `In Node a socket reports trouble, a refused connection or a reset for example, with the event 'error'. When nobody listens to that event, Node turns it into an exception and ends the whole program with a stack trace, which no user understands.`,
      id: `Di Node, socket melaporkan masalah, misalnya koneksi yang ditolak atau reset, melalui event 'error'. Jika tidak ada yang mendengarkan event itu, Node mengubahnya menjadi exception dan menghentikan seluruh program dengan stack trace yang tidak dimengerti pengguna.`,
    },
    wrong: {
      python: `data = s.recv(65535)          # a reset: the program ends with a traceback`,
      typescript: `const socket = connect(5000, "127.0.0.1");
// no socket.on("error", ...): a reset ends the program`,
    },
    repair: {
      python: `try:
    s.connect(("127.0.0.1", 5000))
    s.sendall(message)
    reply = s.recv(65535)
except OSError as error:
    sys.exit(f"no reply: {error}")`,
      typescript: `socket.on("error", (error) => {
  console.error("no reply:", error.message);
  process.exitCode = 1;
});`,
    },
  },
  fault: either(accepts, connects),
  diagnose(symptoms) {
    const unhandled = both(crashed, complains(/Unhandled 'error' event|uncaught.*(ECONNRESET|EPIPE)/i));
    // Files, child processes and emitters of one's own have such events, too, and Node says whose it was.
    const isOfAnother = complains(/Emitted 'error' event on (?!\w*(Socket|Server) instance)\w+ instance/);
    return suspect(
      0.97,
      showing(
        symptoms,
        both(
          unhandled,
          not(isOfAnother),
          not(complains(/EADDRINUSE|EADDRNOTAVAIL|EACCES|ENOTFOUND|ERR_STREAM_WRITE_AFTER_END|ERR_SOCKET_CLOSED/)),
        ),
      ),
    );
  },
};
