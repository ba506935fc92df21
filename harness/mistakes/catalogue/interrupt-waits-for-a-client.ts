import { either, waitsToAccept, waitsToReceive } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { exited, outlivesInterrupt } from "../signs/process.ts";
import { both } from "../signs/sign.ts";
import { showing, suspect } from "../symptoms.ts";

/** The same with TCP and with UDP. */
const NOTES_IT = `process.on("SIGINT", () => {
  running = false; // nobody looks at it yet
});`;
const ENDS = `process.on("SIGINT", () => {
  server.close();
  process.exit(0);
});`;

export const mistake: Mistake = {
  programs: ["tcp-server", "udp-server"],
  title: {
    en: "Notices Ctrl-C only when the next client comes",
    id: "Baru menyadari Ctrl-C saat klien berikutnya datang",
  },
  explanation: {
    en: "On Ctrl-C the program only takes a note, in a variable for example, and goes back to waiting in accept(): Python calls the handler and then goes on with the call that was interrupted. The variable is looked at once another client has come, which may be never. Let the handler end the program, or set none: then Ctrl-C raises KeyboardInterrupt right there in accept().",
    id: "Saat Ctrl-C program hanya mencatat, misalnya di sebuah variabel, lalu kembali menunggu di accept(): Python memanggil handler, kemudian melanjutkan pemanggilan yang tadi terputus. Variabel itu baru dilihat setelah ada klien lain yang datang, dan itu mungkin tidak pernah terjadi. Biarkan handler mengakhiri program, atau jangan memasang handler: dengan begitu Ctrl-C memunculkan KeyboardInterrupt langsung di accept().",
  },
  lookUp: {
    en: "`except KeyboardInterrupt` in the lecture's server example; PEP 475, \"Retry system calls failing with EINTR\"; Python docs, signal.signal; Node docs, process.on('SIGINT') and server.close().",
    id: "`except KeyboardInterrupt` pada contoh server di kuliah; PEP 475, \"Retry system calls failing with EINTR\"; dokumentasi Python, signal.signal; dokumentasi Node, process.on('SIGINT') dan server.close().",
  },
  wrong: {
    python: `def stop(number, frame):
    global running
    running = False           # nobody looks at it yet
signal.signal(signal.SIGINT, stop)
while running:
    client_sock, client_addr = s.accept()`,
    typescript: NOTES_IT,
  },
  repair: {
    python: `try:
    while True:
        client_sock, client_addr = s.accept()
        serve(client_sock)
except KeyboardInterrupt:     # without a handler of one's own
    s.close()
    sys.exit(0)`,
    typescript: ENDS,
  },
  inUdp: {
    explanation: {
      en: "On Ctrl-C the program only takes a note, in a variable for example, and goes back to waiting in recvfrom(): Python calls the handler and then goes on with the call that was interrupted. The variable is looked at once another datagram has come, which may be never. Let the handler end the program, or set none: then Ctrl-C raises KeyboardInterrupt right there in recvfrom().",
      id: "Saat Ctrl-C program hanya mencatat, misalnya di sebuah variabel, lalu kembali menunggu di recvfrom(): Python memanggil handler, kemudian melanjutkan pemanggilan yang tadi terputus. Variabel itu baru dilihat setelah ada datagram lain yang datang, dan itu mungkin tidak pernah terjadi. Biarkan handler mengakhiri program, atau jangan memasang handler: dengan begitu Ctrl-C memunculkan KeyboardInterrupt langsung di recvfrom().",
    },
    wrong: {
      python: `def stop(number, frame):
    global running
    running = False           # nobody looks at it yet
signal.signal(signal.SIGINT, stop)
while running:
    data, address = s.recvfrom(65535)`,
      typescript: NOTES_IT,
    },
    repair: {
      python: `try:
    while True:
        data, address = s.recvfrom(65535)
        s.sendto(data, address)
except KeyboardInterrupt:     # without a handler of one's own
    s.close()
    sys.exit(0)`,
      typescript: ENDS,
    },
  },
  fault: either(waitsToAccept, waitsToReceive),
  diagnose(symptoms) {
    const noticed = showing(symptoms, both(outlivesInterrupt, exited), ["stops-on-sigint"]);
    if (noticed.length === 0) return undefined;
    return suspect(0.94, [...noticed, ...showing(symptoms, outlivesInterrupt, ["stops-with-a-client-connected"])]);
  },
};
