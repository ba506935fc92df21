import { isFromAnother } from "../exchange.ts";
import { sends } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { anyExchange, both, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Clients share one buffer", id: "Beberapa klien memakai satu buffer" },
  explanation: {
    en: "The bytes of several clients end up in one variable, and whoever is served last gets them all, while others get nothing; or one thread takes what another has just put there, and a client gets the words of another. Each connection needs its own data: a local variable in the function that serves it, or a dict with one entry a socket.",
    id: "Byte dari beberapa klien masuk ke satu variabel, lalu klien yang dilayani terakhir menerima semuanya, sedangkan yang lain tidak menerima apa-apa; atau satu thread mengambil yang baru saja ditaruh thread lain, dan klien menerima pesan klien lain. Setiap koneksi memerlukan datanya sendiri: variabel lokal dalam fungsi yang melayaninya, atau dict dengan satu entri per socket.",
  },
  lookUp: {
    en: '"Satu socket per koneksi" on the lecture\'s slides: one socket, and one buffer, for each client; Python docs, selectors: the data argument of register(); Node: variables inside the connection listener.',
    id: '"Satu socket per koneksi" pada slide kuliah: satu socket, dan satu buffer, untuk setiap klien; dokumentasi Python, selectors: argumen data pada register(); Node: variabel di dalam listener koneksi.',
  },
  wrong: {
    python: `buffer = bytearray()          # one for all clients
for sock in ready:
    buffer += sock.recv(4096)
    sock.sendall(buffer)`,
    typescript: `let shared = Buffer.alloc(0); // outside: one for all clients
const server = createServer((socket) => {
  socket.on("data", (data) => {
    shared = Buffer.concat([shared, data]);
    socket.write(shared);
  });
});`,
  },
  repair: {
    python: `for sock in ready:
    # this client's bytes, in a variable of their own
    data = sock.recv(4096)
    if data:
        sock.sendall(data)    # back to the same client`,
    typescript: `const server = createServer((socket) => {
  let own = Buffer.alloc(0); // inside: one for each client
  socket.on("data", (data) => {
    own = data;
    socket.write(own);
  });
});`,
  },
  fault: sends,
  diagnose(symptoms) {
    const robbed = anyExchange(({ sent, received }) => received.length < sent.length);
    const gifted = anyExchange(({ peer, received }, transcript) => isFromAnother(transcript, peer, received));
    const swapped = anyExchange(
      ({ peer, sent, received }, transcript) =>
        received.length === sent.length && !received.equals(sent) && isFromAnother(transcript, peer, received),
    );
    return suspect(0.96, [...showing(symptoms, swapped), ...showing(symptoms, both(robbed, gifted))]);
  },
};
