import { has } from "../../checks/reading.ts";
import type { Mistake } from "../mistake.ts";
import { endsAtOurFin, type Sign, showing, staysAfterShowing, suspect, waitsForKeyboard } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-client", "udp-client"],
  title: { en: "The client never ends", id: "Klien tidak pernah berhenti" },
  explanation: {
    en: "The client has its reply and stays: it waits for a key, asks for the next message again and again, or sleeps in a loop without a way out. A client of this assignment closes its socket after the reply and ends by itself; one that asks for more must end when its input ends.",
    id: "Klien sudah menerima balasan tetapi tidak berhenti: menunggu tombol ditekan, meminta pesan berikutnya terus-menerus, atau berputar dalam loop tanpa jalan keluar. Klien pada tugas ini menutup socket-nya setelah balasan dan berhenti sendiri; klien yang meminta pesan lagi harus berhenti ketika masukannya habis.",
  },
  lookUp: {
    en: "The lecture's client: connect, send, recv, close, and the program is over; Python docs, input() and EOFError; Node docs, readline 'close' event and socket.end().",
    id: "Klien pada kuliah: connect, send, recv, close, lalu program selesai; dokumentasi Python, input() dan EOFError; dokumentasi Node, event 'close' pada readline dan socket.end().",
  },
  repair: {
    python: `s.sendall(message)
data = s.recv(65535)
print(data.decode())
s.close()                     # and the program ends here`,
    typescript: `socket.once("data", (data) => {
  console.log(data.toString());
  socket.end(); // nothing is left to do, so Node ends the program
});`,
  },
  diagnose(symptoms) {
    const stays: Sign = (transcript) =>
      waitsForKeyboard(transcript) ||
      (has(transcript, "sent") && (!endsAtOurFin(transcript) || staysAfterShowing(transcript)));
    return suspect(0.93, showing(symptoms, stays, ["ends-on-its-own"]));
  },
};
