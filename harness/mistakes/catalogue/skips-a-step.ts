import { has } from "../../checks/reading.ts";
import { breaks, either, receives } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { both, type Sign } from "../signs/sign.ts";
import { RECEIVING, waitsIn } from "../signs/waits.ts";
import { complains, talksToNobody } from "../signs/words.ts";
import { arrivesBy, STARTS, showing, suspect } from "../symptoms.ts";

/** accept(2): EINVAL, the socket is not listening. */
const acceptsUnheard = both(complains(/\[Errno 22\]/), complains(/_accept\(\)/));
const talksUnconnected: Sign = (transcript) =>
  !has(transcript, "connected") && (talksToNobody(transcript) || complains(/ERR_SOCKET_CLOSED/)(transcript));
const addressesNobody = complains(/\[Errno 89\]/);
/** No socket of it has a port, and yet it waits to receive. */
const waitsUnbound: Sign = (transcript) => has(transcript, "not-listening") && waitsIn(RECEIVING)(transcript);

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "listen() is missing before accept()", id: "listen() belum dipanggil sebelum accept()" },
  explanation: {
    en: 'A server\'s socket goes through three steps: bind() gives it its address, listen() makes it a socket that waits for clients, and accept() takes the next client. Without listen() nobody can connect, and accept() fails at once with "Invalid argument".',
    id: 'Socket server melewati tiga langkah: bind() memberinya alamat, listen() menjadikannya socket yang menunggu klien, dan accept() mengambil klien berikutnya. Tanpa listen() tidak ada yang bisa terhubung, dan accept() langsung gagal dengan "Invalid argument".',
  },
  lookUp: {
    en: "The lecture's order for a server: socket(), bind, listen, accept, recv, send, close; Python socket docs, listen(); listen(2) and accept(2) (EINVAL).",
    id: "Urutan server pada kuliah: socket(), bind, listen, accept, recv, send, close; dokumentasi socket Python, listen(); listen(2) dan accept(2) (EINVAL).",
  },
  wrong: {
    python: `s.bind(("127.0.0.1", 5000))
client_sock, client_addr = s.accept()   # OSError: Invalid argument`,
    typescript: `const server = createServer((socket) => socket.pipe(socket));
// the last line of the program: nothing listens`,
  },
  repair: {
    python: `s.bind(("127.0.0.1", 5000))
s.listen(1)
client_sock, client_addr = s.accept()`,
    typescript: `const server = createServer((socket) => socket.pipe(socket));
server.listen(5000, "127.0.0.1");`,
  },
  inClient: {
    title: { en: "connect() is missing before send()", id: "connect() belum dipanggil sebelum send()" },
    explanation: {
      en: 'A TCP socket can send and receive only once it is connected to a server. Without connect() it has no other side: send() fails with "Broken pipe", recv() with "Transport endpoint is not connected".',
      id: 'Socket TCP baru bisa mengirim dan menerima setelah terhubung ke server. Tanpa connect() tidak ada pihak di seberang: send() gagal dengan "Broken pipe", recv() dengan "Transport endpoint is not connected".',
    },
    lookUp: {
      en: "The lecture's order for a client: socket(), connect, send, recv, close; Python socket docs, connect(); send(2) (ENOTCONN, EPIPE).",
      id: "Urutan klien pada kuliah: socket(), connect, send, recv, close; dokumentasi socket Python, connect(); send(2) (ENOTCONN, EPIPE).",
    },
    wrong: {
      python: `s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.sendall(b"Hello tcp ...")             # BrokenPipeError`,
      typescript: `const socket = new Socket();
socket.write("Hello tcp ...");          // ERR_SOCKET_CLOSED`,
    },
    repair: {
      python: `s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect(("127.0.0.1", 5000))
s.sendall(b"Hello tcp ...")`,
      typescript: `const socket = new Socket();
socket.connect(5000, "127.0.0.1", () => socket.write("Hello tcp ..."));`,
    },
  },
  inUdp: {
    title: { en: "bind() is missing before recvfrom()", id: "bind() belum dipanggil sebelum recvfrom()" },
    explanation: {
      en: "Without bind() the socket has no port, so that no datagram can reach it: recvfrom() waits for ever. A UDP server needs no listen() and no accept(), but it needs the address at which its clients look for it.",
      id: "Tanpa bind() socket tidak punya port, sehingga tidak ada datagram yang bisa sampai: recvfrom() menunggu selamanya. Server UDP tidak memerlukan listen() dan accept(), tetapi memerlukan alamat tempat kliennya mencarinya.",
    },
    lookUp: {
      en: "The order of a UDP server: socket(), bind(), recvfrom(), sendto(); Python socket docs, bind(); bind(2).",
      id: "Urutan server UDP: socket(), bind(), recvfrom(), sendto(); dokumentasi socket Python, bind(); bind(2).",
    },
    wrong: {
      python: `s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
data, address = s.recvfrom(65535)       # waits for ever`,
      typescript: `const server = createSocket("udp4");
// the last line of the program: nothing is bound`,
    },
    repair: {
      python: `s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 5000))
data, address = s.recvfrom(65535)`,
      typescript: `const server = createSocket("udp4");
server.bind(5000, "127.0.0.1");`,
    },
  },
  inUdpClient: {
    title: { en: "send() without an address", id: "send() tanpa alamat tujuan" },
    explanation: {
      en: 'A UDP socket knows no server by itself: each sendto() names the address. send() takes none, and fails with "Destination address required" unless connect() has said where everything goes.',
      id: 'Socket UDP tidak mengenal server dengan sendirinya: setiap sendto() menyebutkan alamatnya. send() tidak menerima alamat, dan gagal dengan "Destination address required" kecuali connect() sudah menentukan tujuannya.',
    },
    lookUp: {
      en: "The order of a UDP client: socket(), sendto(), recvfrom(), close(); Python socket docs, sendto(); send(2) (EDESTADDRREQ).",
      id: "Urutan klien UDP: socket(), sendto(), recvfrom(), close(); dokumentasi socket Python, sendto(); send(2) (EDESTADDRREQ).",
    },
    wrong: {
      python: `s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.send(b"Hello udp ...")                # OSError`,
      typescript: `const socket = createSocket("udp4");
socket.send("Hello udp ...");           // no port, no address`,
    },
    repair: {
      python: `s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(b"Hello udp ...", ("127.0.0.1", 5000))`,
      typescript: `const socket = createSocket("udp4");
socket.send("Hello udp ...", 5000, "127.0.0.1");`,
    },
  },
  fault: either(breaks, receives),
  diagnose(symptoms) {
    const skipped: Record<typeof symptoms.program, Sign> = {
      "tcp-server": acceptsUnheard,
      "tcp-client": talksUnconnected,
      "udp-server": waitsUnbound,
      "udp-client": addressesNobody,
    };
    return suspect(0.95, showing(symptoms, skipped[symptoms.program], [...STARTS, ...arrivesBy(symptoms)]));
  },
};
