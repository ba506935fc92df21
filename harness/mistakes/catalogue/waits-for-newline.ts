import { isPerhapsSlow } from "../../checks/reading.ts";
import { either, receives, waitsToReceive } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { beginsWithWordsOf, isNothing } from "../reply.ts";
import { crashed, exitedEarly } from "../signs/process.ts";
import { anyExchange, both, not, type Sign } from "../signs/sign.ts";
import { fails, passes, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Waits for a line end", id: "Menunggu akhir baris" },
  explanation: {
    en: "The program waits for a line end (\\n or \\r\\n) that the message does not have: readline() and Node's readline give nothing before it comes. An echo knows no lines. What has arrived is sent back at once.",
    id: "Program menunggu akhir baris (\\n atau \\r\\n) yang tidak ada dalam pesan: readline() dan readline milik Node tidak memberikan apa pun sebelum akhir baris datang. Echo tidak mengenal baris. Yang sudah tiba langsung dikirim kembali.",
  },
  lookUp: {
    en: "recv(65535) in the lecture's example, which returns as soon as something is there; Python docs, socket.makefile() and readline(); Node docs, readline; RFC 862.",
    id: "recv(65535) pada contoh kuliah, yang kembali begitu ada data; dokumentasi Python, socket.makefile() dan readline(); dokumentasi Node, readline; RFC 862.",
  },
  wrong: {
    python: String.raw`lines = client_sock.makefile("rb")
client_sock.sendall(lines.readline())         # nothing before "\n" comes`,
    typescript: `const lines = createInterface({ input: socket });
// nothing before "\\n" comes
lines.on("line", (line) => socket.write(\`\${line}\\n\`));`,
  },
  repair: {
    python: `# returns as soon as something has come
while data := client_sock.recv(65535):
    client_sock.sendall(data)`,
    typescript: `// no readline on the socket
socket.on("data", (data) => socket.write(data));`,
  },
  fault: either(waitsToReceive, receives),
  diagnose(symptoms) {
    if (fails(symptoms, "echoes-a-message", both(answersCrLf, not(isPerhapsSlow))))
      return suspect(0.96, showing(symptoms, not(crashed)));
    const withoutEnd = anyExchange(
      (exchange) =>
        isNothing(exchange) && !exchange.sent.includes(0x0a) && exchange.accepted !== false && exchange.unread === 0,
    );
    if (!passes(symptoms, "echoes-a-message")) return undefined;
    if (!fails(symptoms, "echoes-without-newline", both(withoutEnd, not(exitedEarly)))) return undefined;
    return suspect(0.96, showing(symptoms, not(exitedEarly)));
  },
};

/** Nothing came for `\n`, and the message for `\r\n`. */
const answersCrLf: Sign = anyExchange(
  ({ sent, received, afterOurFin }) =>
    sent.includes("\n\r\n") && received.length > afterOurFin.length && beginsWithWordsOf(sent, received),
);
