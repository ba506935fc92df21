import { roleOf } from "../../assignment/assignment.ts";
import { all, isPerhapsSlow } from "../../checks/reading.ts";
import type { Mistake } from "../mistake.ts";
import { isWithoutBlankLines } from "../reply.ts";
import { anyExchange, both, not, type Sign } from "../signs/sign.ts";
import { RECEIVING, waitsIn } from "../signs/waits.ts";
import { complains } from "../signs/words.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client"],
  title: { en: "An empty message gets no answer", id: "Pesan kosong tidak mendapat jawaban" },
  explanation: {
    en: "A message of white space only (somebody just pressed Enter) is skipped by the server, taken for the end, or sent by the client as no bytes at all. Then one side waits for an answer that the other never sends. White space is bytes like any others, and a client must not wait for a reply to nothing.",
    id: "Pesan yang hanya berisi spasi atau akhir baris (pengguna hanya menekan Enter) diabaikan oleh server, dianggap tanda selesai, atau dikirim klien sebagai nol byte. Akibatnya satu pihak menunggu jawaban yang tidak pernah dikirim pihak lain. Spasi juga byte seperti yang lain, dan klien tidak boleh menunggu balasan untuk pesan kosong.",
  },
  lookUp: {
    en: "send and recv on the lecture's slides: sending b'' sends nothing at all; Python docs, bytes.strip(); RFC 862: any data received is sent back.",
    id: "send dan recv pada slide kuliah: mengirim b'' berarti tidak mengirim apa-apa; dokumentasi Python, bytes.strip(); RFC 862: semua data yang diterima dikirim kembali.",
  },
  wrong: {
    python: String.raw`while data := client_sock.recv(65535):
    if data.strip():          # no answer to "\n"
        client_sock.sendall(data)`,
    typescript: String.raw`socket.on("data", (data) => {
  if (data.toString().trim() === "") return; // no answer to "\n"
  socket.write(data);
});`,
  },
  repair: {
    python: `while data := client_sock.recv(65535):
    # white space too: no strip() in the test
    client_sock.sendall(data)`,
    typescript: `socket.on("data", (data) => {
  socket.write(data); // white space too: no trim() in a test
});`,
  },
  inClient: {
    wrong: {
      python: `s.sendall(line.strip().encode())      # Enter alone: b""
reply = s.recv(65535)                 # waits for ever`,
      typescript: `socket.write(line.trim()); // Enter alone: nothing is sent
socket.once("data", ask); // and this never comes`,
    },
    repair: {
      python: `if not line.strip():
    continue                          # nothing to say, no reply to wait for
s.sendall(line.encode())
reply = s.recv(65535)`,
      typescript: `if (line.trim() === "") ask(); // nothing to say, no reply to wait for
else socket.write(line);`,
    },
  },
  diagnose(symptoms) {
    const skipped = anyExchange(({ turns, end, accepted }) => {
      const lost = turns.findIndex(({ sent, received }) => isBlank(sent) && received.length === 0);
      return lost >= 0 && end === undefined && accepted !== false;
    });
    const dropped = anyExchange(
      ({ sent, received, end }) => isBlank(sent) && received.length === 0 && end === undefined,
    );
    if (roleOf(symptoms.program) === "server") {
      const byLine = showing(symptoms, both(anyExchange(isWithoutBlankLines), not(isPerhapsSlow)));
      const whole = showing(symptoms, (transcript) => skipped(transcript) || dropped(transcript));
      const left = showing(symptoms, both(takenForTheEnd, not(complains(/Error/))), ["echoes-a-quit-word"]);
      const lost = anyExchange(
        ({ hungUp, receivedBytes, sentBytes }) => !hungUp && receivedBytes > 0 && receivedBytes < sentBytes,
      );
      const large =
        byLine.length > 0 ? showing(symptoms, lost, ["echoes-a-large-body", "survives-a-stalled-reader"]) : [];
      return suspect(byLine.length > 0 ? 0.95 : 0.9, [...new Set([...byLine, ...large, ...whole, ...left])]);
    }
    const typedNothing: Sign = (transcript) => all(transcript, "typed").some(({ text }) => text.trim() === "");
    return suspect(0.8, showing(symptoms, both(typedNothing, waitsIn(RECEIVING))));
  },
};

const takenForTheEnd = anyExchange(({ turns: [first], hungUp }) => {
  return first !== undefined && isBlank(first.sent) && first.received.length === 0 && hungUp;
});

function isBlank(bytes: Buffer): boolean {
  return bytes.length > 0 && bytes.toString("latin1").trim() === "";
}
