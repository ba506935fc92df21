import { has } from "../../checks/reading.ts";
import type { Mistake } from "../mistake.ts";
import { both, crashed, exited, fails, not, type Sign, showing, suspect, waitsForKeyboard } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-client", "udp-client"],
  title: { en: "Sends and leaves without the reply", id: "Mengirim lalu pergi tanpa membaca balasan" },
  explanation: {
    en: "The client sends its message and closes, and never calls recv(). It cannot know whether its message arrived, and the server's answer is refused with a reset. An echo client has two halves: send, then receive until the whole message is back.",
    id: "Klien mengirim pesan lalu menutup koneksi tanpa memanggil recv(). Klien tidak tahu apakah pesannya sampai, dan jawaban server ditolak dengan reset. Klien echo terdiri dari dua bagian: kirim, lalu terima sampai seluruh pesan kembali.",
  },
  lookUp: {
    en: "recv_data = socket_client.recv(buffer) after send(data) on the lecture's slides; Python socket docs, recv(); Node net docs, the 'data' event.",
    id: "recv_data = socket_client.recv(buffer) setelah send(data) pada slide kuliah; dokumentasi socket Python, recv(); dokumentasi net Node, event 'data'.",
  },
  repair: {
    python: `s.sendall(message)
reply = b""
while len(reply) < len(message) and (data := s.recv(65535)):
    reply += data
print(reply.decode())
s.close()`,
    typescript: `socket.write(message);
socket.once("data", (data) => {
  console.log(data.toString());
  socket.end(); // only now
});`,
  },
  diagnose(symptoms) {
    const left: Sign = (transcript) => has(transcript, "received") && !has(transcript, "sent") && exited(transcript);
    const names = ["reads-the-reply", "shows-the-reply"];
    const early = showing(symptoms, both(left, not(crashed)), names);
    if (early.length > 0) return suspect(0.95, early);
    const ignored: Sign = (transcript) => fails(symptoms, "reads-the-reply") && has(transcript, "received");
    return suspect(0.75, showing(symptoms, both(ignored, not(crashed), not(waitsForKeyboard)), names));
  },
};
