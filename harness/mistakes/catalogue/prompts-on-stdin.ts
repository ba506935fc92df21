import { roleOf } from "../../assignment/assignment.ts";
import { printed } from "../../checks/reading.ts";
import type { Mistake } from "../mistake.ts";
import { exited } from "../signs/process.ts";
import { anyExchange, both, not, type Sign } from "../signs/sign.ts";
import { waitsForKeyboard } from "../signs/waits.ts";
import { arrivesBy, STARTS, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "Waits for somebody to type", id: "Menunggu seseorang mengetik" },
  explanation: {
    en: "The program stands still in input() (or in a question of readline) and waits for a line from the keyboard. Here nobody sits at the keyboard: the address, or the message, is settled by the assignment, and an echo server takes its answer from the client and not from a person.",
    id: "Program berhenti di input() (atau pertanyaan readline) dan menunggu satu baris dari keyboard. Di sini tidak ada yang duduk di depan keyboard: alamat atau pesan sudah ditentukan oleh tugas, dan server echo mengambil jawabannya dari klien, bukan dari orang.",
  },
  lookUp: {
    en: "The lecture's bind(('127.0.0.1', 5000)): address and port are agreed beforehand; Python docs, input() and sys.argv; Node docs, process.argv. Read the handout again for how the program gets its address and message.",
    id: "bind(('127.0.0.1', 5000)) pada kuliah: alamat dan port sudah disepakati sebelumnya; dokumentasi Python, input() dan sys.argv; dokumentasi Node, process.argv. Baca lagi lembar tugas: dari mana program mendapat alamat dan pesannya.",
  },
  wrong: {
    python: `PORT = int(input("Port: "))
s.bind(("127.0.0.1", PORT))`,
    typescript: `const port = Number(await readline.question("Port: "));
server.listen(port, "127.0.0.1");`,
  },
  repair: {
    python: `import socket
HOST, PORT = "127.0.0.1", 5000        # agreed, not asked for
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind((HOST, PORT))
s.listen(1)`,
    typescript: `const HOST = "127.0.0.1";
const PORT = 5000; // agreed, not asked for
server.listen(PORT, HOST);`,
  },
  inClient: {
    explanation: {
      en: `The program stands still in input() (or in a question of readline) and waits for a line from the keyboard. Here nobody sits at the keyboard: the assignment says where the client finds the address, and what it is to send.`,
      id: `Program berhenti di input() (atau pertanyaan readline) dan menunggu satu baris dari keyboard. Di sini tidak ada yang duduk di depan keyboard: tugas menyebutkan dari mana klien mendapat alamatnya, dan apa yang harus dikirim.`,
    },
    lookUp: {
      en: `"Koneksi ke server dengan alamat IP dan port yang sudah disepakati" on the lecture's slides; Python docs, input() and sys.argv; Node docs, process.argv. Read the handout again for how the program gets its address and message.`,
      id: `"Koneksi ke server dengan alamat IP dan port yang sudah disepakati" pada slide kuliah; dokumentasi Python, input() dan sys.argv; dokumentasi Node, process.argv. Baca lagi lembar tugas: dari mana program mendapat alamat dan pesannya.`,
    },
    wrong: {
      python: `message = input("Message: ")
s.connect(("127.0.0.1", 5000))
s.sendall(message.encode())`,
      typescript: `const message = await readline.question("Message: ");
connect(5000, "127.0.0.1").write(message);`,
    },
    repair: {
      python: `message = "Hello tcp ..."     # or sys.argv[1], as the handout says
s.connect(("127.0.0.1", 5000))
s.sendall(message.encode())`,
      typescript: `// or process.argv[2], as the handout says
const message = "Hello tcp ...";
connect(5000, "127.0.0.1").write(message);`,
    },
  },
  inUdp: {
    wrong: {
      python: `PORT = int(input("Port: "))
s.bind(("127.0.0.1", PORT))`,
      typescript: `const port = Number(await readline.question("Port: "));
server.bind(port, "127.0.0.1");`,
    },
    repair: {
      python: `import socket
HOST, PORT = "127.0.0.1", 5000        # agreed, not asked for
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((HOST, PORT))`,
      typescript: `const HOST = "127.0.0.1";
const PORT = 5000; // agreed, not asked for
server.bind(PORT, HOST);`,
    },
  },
  inUdpClient: {
    wrong: {
      python: `message = input("Message: ")
s.sendto(message.encode(), ("127.0.0.1", 5000))`,
      typescript: `const message = await readline.question("Message: ");
socket.send(message, 5000, "127.0.0.1");`,
    },
    repair: {
      python: `message = "Hello udp ..."     # or sys.argv[1], as the handout says
s.sendto(message.encode(), ("127.0.0.1", 5000))`,
      typescript: `// or process.argv[2], as the handout says
const message = "Hello udp ...";
socket.send(message, 5000, "127.0.0.1");`,
    },
  },
  diagnose(symptoms) {
    const asks: Sign = (transcript) => /[:?>]\s*$/.test(printed(transcript, "stdout")) && !exited(transcript);
    if (roleOf(symptoms.program) === "client") {
      const sentNothing = not(anyExchange(({ receivedBytes }) => receivedBytes > 0));
      const atKeyboard = showing(symptoms, both(waitsForKeyboard, sentNothing));
      if (atKeyboard.length > 0) return suspect(0.95, atKeyboard);
      return suspect(0.7, showing(symptoms, both(asks, sentNothing), [...arrivesBy(symptoms), "sends-its-message"]));
    }
    const atKeyboard = showing(symptoms, waitsForKeyboard);
    if (atKeyboard.length > 0) return suspect(0.96, atKeyboard);
    return suspect(0.8, showing(symptoms, asks, STARTS));
  },
};
