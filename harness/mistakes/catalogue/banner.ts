import { sendsFirst } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { anyExchange } from "../signs/sign.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Greets before the client has spoken", id: "Menyapa sebelum klien mengirim sesuatu" },
  explanation: {
    en: "The server sends a welcome as soon as somebody connects. The first thing that a client receives is then the greeting, and it takes it for the echo of its first message. From there on every answer belongs to the message before.",
    id: "Server langsung mengirim sambutan begitu ada yang terhubung. Akibatnya yang pertama diterima klien adalah sambutan itu, dan klien mengiranya echo dari pesan pertamanya. Sejak itu setiap jawaban bergeser satu pesan.",
  },
  lookUp: {
    en: "The lecture's server: after accept comes recv, not send; RFC 862: the server sends back what it receives, and nothing of its own.",
    id: "Server pada kuliah: setelah accept langsung recv, bukan send; RFC 862: server mengirim kembali yang diterimanya, tidak mengirim data sendiri.",
  },
  wrong: {
    python: String.raw`client_sock, client_addr = s.accept()
client_sock.sendall(b"Welcome!\n")
data = client_sock.recv(65535)`,
    typescript: String.raw`const server = createServer((socket) => {
  socket.write("Welcome!\n");
  socket.on("data", (data) => socket.write(data));
});`,
  },
  repair: {
    python: `client_sock, client_addr = s.accept()
print("welcome", client_addr)         # on the server's screen
data = client_sock.recv(65535)        # the client speaks first
client_sock.sendall(data)`,
    typescript: `const server = createServer((socket) => {
  console.log("welcome", socket.remoteAddress); // on the server's screen
  socket.on("data", (data) => socket.write(data));
});`,
  },
  fault: sendsFirst,
  diagnose(symptoms) {
    const early = anyExchange(
      ({ turns }) => turns[0] !== undefined && turns[0].sent.length === 0 && turns[0].received.length > 0,
    );
    const explains = showing(symptoms, early, ["says-nothing-first"]);
    return suspect(0.98, explains.length > 0 ? showing(symptoms, early) : []);
  },
};
