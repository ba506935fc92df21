import type { Exchange } from "../exchange.ts";
import { sends } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { isCut, isStripped, isWithoutBlankLines, isWithoutReturns, losesAByte } from "../reply.ts";
import { anyExchange, anyOf } from "../signs/sign.ts";
import { anywhere, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "udp-server"],
  title: { en: "Removes white space from the message", id: "Membuang spasi atau akhir baris dari pesan" },
  explanation: {
    en: "The program calls strip() (or trim()) and sends the result. Spaces, tabs and line ends belong to the message: they were sent, so they have to come back. Tidy the text for print() if you like, but send what was received.",
    id: "Program memanggil strip() (atau trim()) lalu mengirim hasilnya. Spasi, tab, dan akhir baris adalah bagian dari pesan: sudah dikirim, jadi harus kembali. Boleh merapikan teks untuk print(), tetapi kirimlah data yang diterima apa adanya.",
  },
  lookUp: {
    en: "recv and send in the lecture's example; Python docs, bytes.strip(): it takes away spaces, tabs, \\r and \\n at both ends; RFC 862.",
    id: "recv dan send pada contoh kuliah; dokumentasi Python, bytes.strip(): membuang spasi, tab, \\r, dan \\n di kedua ujung; RFC 862.",
  },
  wrong: {
    python: `data = client_sock.recv(65535)
client_sock.sendall(data.strip())`,
    typescript: `socket.on("data", (data) => socket.write(data.toString().trim()));`,
  },
  repair: {
    python: `data = client_sock.recv(65535)
print(data.strip())           # tidy on the screen
client_sock.sendall(data)     # untouched on the wire`,
    typescript: `socket.on("data", (data) => {
  console.log(data.toString().trim()); // tidy on the screen
  socket.write(data);                  // untouched on the wire
});`,
  },
  inUdp: {
    lookUp: {
      en: `recvfrom() and sendto() in the Python socket docs, and "UDP → SOCK_DGRAM" on the lecture's slides; Node docs, dgram, socket.send and the event 'message'; RFC 862: "the data from it is sent back in an answering datagram".`,
      id: `recvfrom() dan sendto() pada dokumentasi socket Python, dan "UDP → SOCK_DGRAM" pada slide kuliah; dokumentasi dgram Node, socket.send dan event 'message'; RFC 862: "the data from it is sent back in an answering datagram".`,
    },
    wrong: {
      python: `data, address = s.recvfrom(65535)
s.sendto(data.strip(), address)`,
      typescript: `server.on("message", (data, client) => {
  server.send(data.toString().trim(), client.port, client.address);
});`,
    },
    repair: {
      python: `data, address = s.recvfrom(65535)
print(data.strip())           # tidy on the screen
s.sendto(data, address)       # untouched on the wire`,
      typescript: `server.on("message", (data, client) => {
  console.log(data.toString().trim()); // tidy on the screen
  // untouched on the wire
  server.send(data, client.port, client.address);
});`,
    },
  },
  fault: sends,
  diagnose(symptoms) {
    const stripped = anyExchange(
      (exchange) => isStripped(exchange) && !isWithoutReturns(exchange) && !isWithoutBlankLines(exchange),
    );
    const explains = showing(symptoms, stripped);
    if (explains.length === 0 || anywhere(symptoms, anyOf(anyExchange(losesAByte), anyExchange(losesItsEnd))))
      return undefined;
    const lost = anyExchange(
      ({ hungUp, receivedBytes, sentBytes }) => !hungUp && receivedBytes > 0 && receivedBytes < sentBytes,
    );
    return suspect(0.92, [
      ...new Set([...explains, ...showing(symptoms, lost, ["echoes-a-large-body", "survives-a-stalled-reader"])]),
    ]);
  },
};

/** More than white space is missing at the end of its only message, a short one, on a connection that is open. */
function losesItsEnd(exchange: Exchange): boolean {
  const { hungUp, received, sent, sentBytes, turns } = exchange;
  if (hungUp || turns.length > 1 || sentBytes > SHORT || received.length === 0 || !isCut(exchange)) return false;
  return /\S/.test(sent.subarray(received.length).toString("latin1"));
}

/** Bytes of a message that fits into any buffer. */
const SHORT = 16;
