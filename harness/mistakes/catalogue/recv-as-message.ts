import { either, receives, sends } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { isCut, isReencoded, isStripped, isUnanswered, isUnrelated } from "../reply.ts";
import { exited } from "../signs/process.ts";
import { anyExchange, both, not, type Sign } from "../signs/sign.ts";
import { anywhere, fails, passes, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Takes one recv() for one message", id: "Menganggap satu recv() adalah satu pesan" },
  explanation: {
    en: "The program handles what one recv() gives as one whole message and throws away what does not fit that picture: a second message that came along, or everything after the first line. TCP has no messages. Two sends may arrive in one recv(), and one send in several.",
    id: "Program memperlakukan hasil satu recv() sebagai satu pesan utuh dan membuang yang tidak cocok: pesan kedua yang ikut tiba, atau semua setelah baris pertama. TCP tidak mengenal pesan. Dua send bisa tiba dalam satu recv(), dan satu send bisa tiba dalam beberapa recv().",
  },
  lookUp: {
    en: "\"TCP → SOCK_STREAM\" on the lecture's slides: a stream; Python's Socket Programming HOWTO, \"Using a Socket\"; Node net docs, the 'data' event; RFC 9293 section 2.",
    id: '"TCP → SOCK_STREAM" pada slide kuliah: aliran (stream); Socket Programming HOWTO dari Python, "Using a Socket"; dokumentasi net Node, event \'data\'; RFC 9293 bagian 2.',
  },
  wrong: {
    python: String.raw`data = client_sock.recv(65535)
line = data.split(b"\n")[0]           # and the messages behind it?
client_sock.sendall(line + b"\n")`,
    typescript: `socket.on("data", (data) => {
  const [line] = data.toString().split("\\n"); // and the messages behind it?
  socket.write(\`\${line}\\n\`);
});`,
  },
  repair: {
    python: `while data := client_sock.recv(65535):
    client_sock.sendall(data)         # whatever came, all of it`,
    typescript: `socket.on("data", (data) => {
  socket.write(data); // whatever came, all of it
});`,
  },
  fault: either(receives, sends),
  diagnose(symptoms) {
    if (fails(symptoms, "keeps-the-connection") || !passes(symptoms, "echoes-without-newline")) return undefined;
    const lost = anyExchange(
      (exchange) =>
        !exchange.hungUp &&
        exchange.receivedBytes > 0 &&
        exchange.receivedBytes < exchange.sentBytes &&
        !isReencoded(exchange) &&
        !isUnrelated(exchange) &&
        !isStripped(exchange),
    );
    const small = ["echoes-joined-messages", "echoes-a-split-message", "echoes-every-byte"];
    const likely = showing(symptoms, both(lost, not(exited)), small);
    // Who receives until the buffer is not full waits for more when it was full to the end.
    const waits: Sign = (transcript) => lost(transcript) || anyExchange(isUnanswered)(transcript);
    const sized = showing(symptoms, both(waits, not(exited)), ["echoes-around-the-buffer"]);
    if (likely.length + sized.length === 0) return undefined;
    // Whoever keeps every message whole, in pieces or joined, loses certain bytes, unless a line is a message.
    const others = ["echoes-joined-messages", "echoes-a-split-message", "echoes-around-the-buffer"];
    const byLines = anyExchange((exchange) => isCut(exchange) && exchange.received.toString("latin1").endsWith("\n"));
    if (others.every((name) => passes(symptoms, name)) && !anywhere(symptoms, byLines)) return undefined;
    const large = showing(symptoms, both(lost, not(exited)), LARGE);
    return suspect(likely.length > 0 ? 0.85 : 0.6, [...likely, ...sized, ...large]);
  },
};

const LARGE = ["flushes-before-closing", "echoes-a-large-body", "survives-a-stalled-reader"];
