import { exchanges, isFromAnother } from "../exchange.ts";
import { sends } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { goesAstray } from "../signs/server.ts";
import { anyExchange, anyOf, type Sign } from "../signs/sign.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "udp-server"],
  title: { en: "Clients share one variable", id: "Beberapa klien memakai satu variabel" },
  explanation: {
    en: "What each client needs for itself lies in one variable for all: the bytes that came, or the connection on which the answer goes out. The next client overwrites it, and then gets what belongs to another, who gets nothing. Each connection needs variables of its own: in the function that serves it, or in a dict with one entry a socket.",
    id: "Yang seharusnya dimiliki setiap klien sendiri-sendiri disimpan dalam satu variabel untuk semua: byte yang datang, atau koneksi tempat jawaban dikirim. Klien berikutnya menimpanya, lalu menerima milik klien lain, yang sendirinya tidak menerima apa-apa. Setiap koneksi memerlukan variabelnya sendiri: di dalam fungsi yang melayaninya, atau dalam dict dengan satu entri per socket.",
  },
  lookUp: {
    en: '"Satu socket per koneksi" on the lecture\'s slides: one socket, and one buffer, for each client; Python docs, threading.Thread and its args; selectors: the data argument of register(); Node: variables inside the connection listener.',
    id: '"Satu socket per koneksi" pada slide kuliah: satu socket, dan satu buffer, untuk setiap klien; dokumentasi Python, threading.Thread dan args-nya; selectors: argumen data pada register(); Node: variabel di dalam listener koneksi.',
  },
  wrong: {
    python: `def serve():
    data = conn.recv(4096)    # conn: whoever came last
    conn.sendall(data)

while True:
    conn, address = s.accept()
    threading.Thread(target=serve).start()`,
    typescript: `let client: Socket; // outside: one for all clients
const server = createServer((socket) => {
  client = socket;
  socket.on("data", (data) => client.write(data));
});`,
  },
  repair: {
    python: `def serve(conn):              # conn: this client's own
    data = conn.recv(4096)
    conn.sendall(data)

while True:
    conn, address = s.accept()
    threading.Thread(target=serve, args=(conn,)).start()`,
    typescript: `const server = createServer((socket) => {
  // inside: socket is this client's own
  socket.on("data", (data) => socket.write(data));
});`,
  },
  inUdp: {
    explanation: {
      en: "The sender's address, or the data, lies in one variable for all, and the answer goes out later. Meanwhile another datagram may have come, and its address or data is there instead: one client gets what belongs to another. The data and the address that came with it stay together until the answer is sent.",
      id: "Alamat pengirim, atau datanya, disimpan dalam satu variabel untuk semua, dan jawaban baru dikirim belakangan. Sementara itu datagram lain mungkin sudah datang, lalu alamat atau datanya menimpa yang lama: seorang klien menerima milik klien lain. Data dan alamat yang datang bersamanya harus tetap bersama sampai jawaban dikirim.",
    },
    lookUp: {
      en: "Klien 1, Klien 2, Klien 3 on the lecture's slides, each with a port of its own; Python socket docs, recvfrom(), which returns (data, address), and queue.Queue; Node docs, dgram, the event 'message' and its rinfo.",
      id: "Klien 1, Klien 2, Klien 3 pada slide kuliah, masing-masing dengan port sendiri; dokumentasi socket Python, recvfrom(), yang mengembalikan (data, address), dan queue.Queue; dokumentasi Node, dgram, event 'message' dan rinfo-nya.",
    },
    wrong: {
      python: `data, address = s.recvfrom(65535)
waiting.put(data)             # and who sent it?

# in another thread, later
s.sendto(waiting.get(), address)`,
      typescript: `let client: RemoteInfo; // outside: one for all clients
server.on("message", async (data, sender) => {
  client = sender;
  await log(data);
  server.send(data, client.port, client.address);
});`,
    },
    repair: {
      python: `data, address = s.recvfrom(65535)
waiting.put((data, address))  # they stay together

# in another thread, later
s.sendto(*waiting.get())`,
      typescript: `server.on("message", async (data, client) => {
  await log(data);
  // inside: client is this datagram's own sender
  server.send(data, client.port, client.address);
});`,
    },
  },
  fault: sends,
  diagnose: (symptoms) => suspect(0.96, showing(symptoms, anyOf(overtaken, swapped, goesAstray), NAMES)),
};

const NAMES = ["serves-many-clients", "answers-the-right-client"];

/** A client lacks something, and one that came after it got what another had said. */
const overtaken: Sign = (transcript) => {
  const clients = exchanges(transcript);
  const robbed = clients.findIndex(({ sent, received }) => received.length < sent.length);
  const gifted = clients.findLastIndex(({ peer, received }) => isFromAnother(transcript, peer, received));
  return robbed >= 0 && robbed < gifted;
};

/** Two took it out of each other's hands: one got what another had said, and as much. */
const swapped = anyExchange(
  ({ peer, sent, received }, transcript) =>
    received.length === sent.length && !received.equals(sent) && isFromAnother(transcript, peer, received),
);
