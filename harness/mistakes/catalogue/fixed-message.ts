import { sends } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { messageDifference, putsWordsBefore } from "../signs/client.ts";
import { allExchanges, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-client", "udp-client"],
  title: { en: "Sends words of its own, not the message", id: "Mengirim kata-katanya sendiri, bukan pesannya" },
  explanation: {
    en: 'The client sends the same words each time it runs, such as b"Hello, server", whatever message it was given. Each run is given another one, so that its reply cannot be mistaken for another. Take the message from where the assignment says: from the arguments or from the keyboard.',
    id: 'Klien mengirim kata-kata yang sama setiap kali dijalankan, misalnya b"Hello, server", apa pun pesan yang diberikan kepadanya. Setiap kali dijalankan pesannya lain, supaya balasannya tidak tertukar. Ambil pesan itu dari tempat yang disebutkan tugas: dari argumen atau dari keyboard.',
  },
  lookUp: {
    en: "The client's message in the assignment; Python docs, sys.argv: sys.argv[1] is the first word behind the file's name; Node docs, process.argv: there it is process.argv[2].",
    id: "Pesan klien pada lembar tugas; dokumentasi Python, sys.argv: sys.argv[1] adalah kata pertama di belakang nama berkas; dokumentasi Node, process.argv: di sana process.argv[2].",
  },
  wrong: {
    python: `s.sendall(b"Hello, server")   # whatever sys.argv says`,
    typescript: `socket.write("Hello, server"); // whatever process.argv says`,
  },
  repair: {
    python: `import sys
message = sys.argv[1]         # python3 client.py MESSAGE
s.sendall(message.encode())`,
    typescript: `const message = process.argv[2]; // node client.js MESSAGE
socket.write(message);`,
  },
  inUdpClient: {
    wrong: {
      python: `s.sendto(b"Hello, server", ("127.0.0.1", 5000))`,
      typescript: `socket.send("Hello, server", 5000, "127.0.0.1");`,
    },
    repair: {
      python: `import sys
message = sys.argv[1]         # python3 client.py MESSAGE
s.sendto(message.encode(), ("127.0.0.1", 5000))`,
      typescript: `const message = process.argv[2]; // node client.js MESSAGE
socket.send(message, 5000, "127.0.0.1");`,
    },
  },
  fault: sends,
  diagnose(symptoms) {
    const difference = messageDifference(symptoms);
    if (!difference || putsWordsBefore(symptoms)) return undefined;
    const said = allExchanges(symptoms).flatMap(({ turns }) => turns.find(({ received }) => received.length > 0) ?? []);
    // Two messages in a row may come as one.
    const [shortest, ...others] = said.map(({ received }) => received).sort((a, b) => a.length - b.length);
    if (!shortest || others.length === 0) return undefined;
    if (!others.every((one) => one.subarray(0, shortest.length).equals(shortest))) return undefined;
    return suspect(
      0.95,
      showing(symptoms, () => true, ["sends-its-message", "sends-every-letter"]),
    );
  },
};
