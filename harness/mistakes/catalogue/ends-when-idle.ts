import { setsTimeout } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { exited } from "../signs/process.ts";
import { both, not } from "../signs/sign.ts";
import { slips } from "../signs/words.ts";
import { fails, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "udp-server"],
  title: { en: "Ends because nobody comes for a while", id: "Berhenti karena sementara tidak ada yang datang" },
  explanation: {
    en: "The listening socket has a time limit, and when no client comes in time, accept() raises an exception that ends the program, or the program ends by itself. A server does not know when somebody will come: whoever starts it and then looks for the second terminal finds nobody there. It waits until Ctrl-C. Where the limit is only meant to let Ctrl-C through, catch the exception inside the loop and go on.",
    id: "Socket yang listen diberi batas waktu, dan jika tidak ada klien yang datang tepat waktu, accept() melempar exception yang mengakhiri program, atau program berhenti sendiri. Server tidak tahu kapan klien akan datang: jika server dijalankan lalu terminal kedua baru dibuka, server sudah tidak ada. Server menunggu sampai Ctrl-C. Jika batas waktu itu hanya supaya Ctrl-C bisa lewat, tangkap exception-nya di dalam loop dan lanjutkan.",
  },
  lookUp: {
    en: "accept on the lecture's slides, which waits as long as it takes; Python socket docs, settimeout() and TimeoutError; Node net docs, 'listening' and server.close().",
    id: "accept pada slide kuliah, yang menunggu selama diperlukan; dokumentasi socket Python, settimeout() dan TimeoutError; dokumentasi net Node, 'listening' dan server.close().",
  },
  wrong: {
    python: `s.settimeout(5)
while True:
    client_sock, client_addr = s.accept()  # ends the program`,
    typescript: `server.listen(5000, "127.0.0.1");
setTimeout(() => process.exit(), 5000); // whether somebody came or not`,
  },
  repair: {
    python: `s.settimeout(1)
while True:
    try:
        client_sock, client_addr = s.accept()
    except TimeoutError:
        continue                      # nobody came yet`,
    typescript: `server.listen(5000, "127.0.0.1");
process.on("SIGINT", () => process.exit(0)); // until Ctrl-C`,
  },
  inUdp: {
    explanation: {
      en: "The socket has a time limit, and when no datagram comes in time, recvfrom() raises an exception that ends the program, or the program ends by itself. A server does not know when somebody will send: whoever starts it and then looks for the second terminal finds nobody there. It waits until Ctrl-C. Where the limit is only meant to let Ctrl-C through, catch the exception inside the loop and go on.",
      id: "Socket diberi batas waktu, dan jika tidak ada datagram yang datang tepat waktu, recvfrom() melempar exception yang mengakhiri program, atau program berhenti sendiri. Server tidak tahu kapan ada yang mengirim: jika server dijalankan lalu terminal kedua baru dibuka, server sudah tidak ada. Server menunggu sampai Ctrl-C. Jika batas waktu itu hanya supaya Ctrl-C bisa lewat, tangkap exception-nya di dalam loop dan lanjutkan.",
    },
    lookUp: {
      en: "recv on the lecture's slides, which waits as long as it takes; Python socket docs, settimeout() and TimeoutError; Node dgram docs, socket.close().",
      id: "recv pada slide kuliah, yang menunggu selama diperlukan; dokumentasi socket Python, settimeout() dan TimeoutError; dokumentasi dgram Node, socket.close().",
    },
    wrong: {
      python: `s.settimeout(5)
while True:
    data, address = s.recvfrom(65535)      # ends the program`,
      typescript: `server.bind(5000, "127.0.0.1");
setTimeout(() => process.exit(), 5000); // whether somebody came or not`,
    },
    repair: {
      python: `s.settimeout(1)
while True:
    try:
        data, address = s.recvfrom(65535)
    except TimeoutError:
        continue                      # nobody came yet`,
      typescript: `server.bind(5000, "127.0.0.1");
process.on("SIGINT", () => process.exit(0)); // until Ctrl-C`,
    },
  },
  fault: setsTimeout,
  diagnose(symptoms) {
    const ends = both(exited, not(slips));
    if (!fails(symptoms, "goes-on-waiting", ends)) return undefined;
    return suspect(0.95, showing(symptoms, ends, ["goes-on-waiting", "survives-a-slow-client"]));
  },
};
